import { DatabaseDriverSchema, IdempotencyKeySchema, IdSchema, safeText } from '@envplane/spec';
import { z } from 'zod';

/** Parameters and headers that many routes share. Header names are lower case, as they are looked up. */

export const organizationPath = z.object({ org: safeText(1, 255).describe('Id or slug of the organization.') });
export const environmentPath = z.object({ env: IdSchema.describe('Id of the environment.') });
export const placementPath = z.object({ placement: safeText(1, 100).describe('Id or name of the placement.') });
export const operationPath = z.object({ id: IdSchema.describe('Id of the operation.') });

export const page = {
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('How many entries a page has at most.'),
  cursor: z.string().optional().describe('`nextCursor` of the page before, with the same filters.'),
};
export const pageQuery = z.strictObject(page);

export const driverFilter = DatabaseDriverSchema.optional().describe('Only those of this driver.');

const idempotencyKey = IdempotencyKeySchema.optional().describe(
  'Makes a repetition safe for 24 hours: the same key and request gives the same operation and result.',
);
const ifMatch = z.string().optional().describe('`"v<version>"` that was read; refused with 412 when it has changed.');
const prefer = z
  .string()
  .optional()
  .describe('`wait=<seconds>` (default 10, at most 60) waits for the operation; `respond-async` does not.');

/** Headers of a mutation that ends with its answer. */
export const changeHeaders = z.object({ 'idempotency-key': idempotencyKey, 'if-match': ifMatch });
/** Headers of a mutation that starts an operation. */
export const longChangeHeaders = z.object({ 'idempotency-key': idempotencyKey, 'if-match': ifMatch, prefer });
/** Headers of what is made at once and anew, and so has no version to compare. */
export const additionHeaders = z.object({ 'idempotency-key': idempotencyKey });
/** Headers of what an operation makes anew. */
export const creationHeaders = z.object({ 'idempotency-key': idempotencyKey, prefer });
export const conditionalHeaders = z.object({
  'if-none-match': z.string().optional().describe('`ETag` that the caller has; 304 when it is still the current one.'),
});

const text = (description: string) => ({ description, schema: { type: 'string' as const } });
export const etag = { ETag: text('`"v<version>"`, for `If-Match` and `If-None-Match`.') };
export const operationId = { 'Operation-Id': text('The operation that did it; absent when nothing had to be done.') };
export const location = { Location: text('Where what was made, or the operation that is still running, is found.') };
