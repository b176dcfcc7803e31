/** A parsed filter as the verbs type it: Zod leaves out what was not given, but says that it may be undefined. */
export function given<Filter extends object>(
  filter: Filter,
): { [Field in keyof Filter]: Exclude<Filter[Field], undefined> } {
  return filter as never;
}
