let edits = {};

export function initialize(given) {
  edits = given;
}

/** Reads a module as it was built, without the guard. */
export async function load(url, context, next) {
  const loaded = await next(url, context);
  const module = Object.keys(edits).find((end) => url.endsWith(end));
  if (module === undefined) return loaded;
  let source = String(loaded.source);
  for (const [text, by] of edits[module]) {
    if (!source.includes(text)) throw new Error(`${module} has no ${text}`);
    // By a function: what is put there may hold a dollar sign.
    source = source.replace(text, () => by);
  }
  return { ...loaded, source };
}
