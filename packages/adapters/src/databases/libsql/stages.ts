import type { DatabaseTarget } from '@envplane/spec';
import { namespaceOf } from './place.ts';

/** Where a copy with its rows, or one of the schema alone, is made ready before it takes its name. */
export function stageOf(target: DatabaseTarget, { schemaOnly }: { schemaOnly: boolean }): string {
  return `${namespaceOf(target)}-${schemaOnly ? 'schema' : 'full'}`;
}

export function stagesOf(target: DatabaseTarget): string[] {
  return [true, false].map((schemaOnly) => stageOf(target, { schemaOnly }));
}
