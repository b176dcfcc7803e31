import { z } from 'zod';
import { DurationMsSchema, IdSchema, InstantSchema, RequestIdSchema } from './scalars.zod.ts';

export const StorePlaneSchema = z.enum(['directory', 'environment']).meta({
  id: 'StorePlane',
  description: 'directory: the store of the control plane; environment: the database of one environment.',
});
export type StorePlane = z.infer<typeof StorePlaneSchema>;

export const StoreMethodSchema = z.enum(['query', 'one', 'exec', 'tx', 'migrate']).meta({
  id: 'StoreMethod',
  description:
    'query: rows; one: the first row; exec: a change; tx: a whole transaction, its statements beside it; migrate: a step of the schema.',
});
export type StoreMethod = z.infer<typeof StoreMethodSchema>;

export const StoreCallViewSchema = z
  .object({
    seq: z.int().min(1).describe('Rises with every call that this process records; tells what is new.'),
    occurredAt: InstantSchema.describe('When it began.'),
    plane: StorePlaneSchema,
    environmentId: IdSchema.nullable().describe('Whose database; null for the directory.'),
    method: StoreMethodSchema,
    statement: z
      .string()
      .describe('The statement, every literal in it replaced by `?`, 2 KB at most; how it ended for a transaction.'),
    parameterCount: z.int().min(0).describe('How many values were bound.'),
    rowCount: z
      .int()
      .min(0)
      .nullable()
      .describe('How many rows it returned or changed; null for a transaction and for what failed.'),
    durationMs: DurationMsSchema,
    requestId: RequestIdSchema.nullable().describe('The request it was made for; null for work in the background.'),
  })
  .meta({
    id: 'StoreCall',
    description: 'One call of a store: what was asked and how long it took, never a value, a row or an error.',
  });
export type StoreCallView = z.infer<typeof StoreCallViewSchema>;
