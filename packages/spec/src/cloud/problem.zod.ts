import { z } from 'zod';
import { RequestIdSchema } from './scalars.zod.ts';

const code = z
  .string()
  .regex(/^[a-z][a-z0-9_]*$/)
  .describe('Stable snake_case code; programs decide by it.');
const type = z.string().describe('`urn:envplane:problem:` and the code.');
const title = z.string().describe('What the code means, the same for every occurrence.');
const detail = z.string().describe('One sentence: what could not be done, to what, and the next act.');

export const ProblemFieldErrorSchema = z
  .object({
    in: z.enum(['body', 'query', 'path', 'header']).describe('The part of the request that is wrong.'),
    pointer: z.string().describe('JSON Pointer (RFC 6901) into that part.'),
    detail: z.string().describe('Why it is refused.'),
  })
  .meta({ id: 'ProblemFieldError', description: 'One thing that is wrong with the input.' });
export type ProblemFieldError = z.infer<typeof ProblemFieldErrorSchema>;

/** The members below `requestId` are extensions (RFC 9457 §3.2), present only with the codes that need them. */
export const ProblemSchema = z
  .object({
    type,
    title,
    status: z.int().min(400).max(599).describe('HTTP status.'),
    detail,
    code,
    requestId: RequestIdSchema,
    errors: z.array(ProblemFieldErrorSchema).optional().describe('With validation_failed: every wrong field.'),
    missing: z.array(z.string()).optional().describe('Permissions that would have been needed.'),
    state: z.string().optional().describe('The state the resource is in.'),
    allowed: z.array(z.string()).optional().describe('The states in which the request is possible.'),
    operationId: z.uuid().optional().describe('The operation to look at or to wait for.'),
  })
  .meta({ id: 'Problem', description: 'Why a request was not carried out (RFC 9457).' });
export type Problem = z.infer<typeof ProblemSchema>;

export const OperationErrorSchema = z.object({ type, title, detail, code }).meta({
  id: 'OperationError',
  description: 'Why an operation failed: a problem (RFC 9457) without status, since it answers no request.',
});
export type OperationError = z.infer<typeof OperationErrorSchema>;

/** The code alone: the sentence that belongs to it stands once, in the error of the operation. */
export const OperationStepErrorSchema = z
  .object({ code })
  .meta({ id: 'OperationStepError', description: 'Why an attempt at a step did not succeed.' });
export type OperationStepError = z.infer<typeof OperationStepErrorSchema>;
