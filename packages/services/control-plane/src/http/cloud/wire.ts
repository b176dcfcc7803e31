import { PROBLEMS, type ProblemCode, ProblemFieldErrorSchema } from '@envplane/spec';
import { z } from 'zod';
import { type Definition, json, type Route, route, type Wire } from '../contract/route.ts';
import type { ProblemForm } from '../problem.ts';

/** Where the official client of the hosts expects the control plane. Nothing of ours is below it. */
export const CLOUD = '/api/v1/cloud';

export const isCloud = (path: string): boolean => path.startsWith(`${CLOUD}/`);

/** The client knows errors by a code in capital letters. */
const codeOf = (code: ProblemCode): string => code.toUpperCase();

const RETRYABLE: ReadonlySet<number> = new Set([423, 429, 503]);
/** What was accepted goes on by itself: sent again it would be done again. */
const isRetryable = (code: ProblemCode): boolean => RETRYABLE.has(PROBLEMS[code][0]) && code !== 'operation_pending';

const CloudErrorSchema = z
  .object({
    success: z.literal(false).describe('Always false.'),
    error: z
      .object({
        code: z.string().describe('Stable code in capital letters.'),
        message: z.string().describe('One sentence: what could not be done, to what, and the next act.'),
        httpStatus: z.int().describe('HTTP status.'),
        retryable: z.boolean().describe('Whether the same request may succeed later.'),
        details: z
          .looseObject({
            requestId: z.string().describe('Id of the request.'),
            operationId: z.string().optional().describe('The operation to look at.'),
            errors: z.array(ProblemFieldErrorSchema).optional().describe('Every wrong field.'),
          })
          .describe('What else is known.'),
      })
      .describe('What went wrong.'),
  })
  .meta({ id: 'CloudError', description: 'Why a request of the official client was not carried out.' });

const WIRE: Wire = { mediaType: 'application/json', schema: CloudErrorSchema, codeOf };

/** A problem as the client reads it. */
export const cloudForm: ProblemForm = {
  mediaType: 'application/json',
  write: ({ type: _type, title: _title, status, detail, code, ...details }) => ({
    success: false,
    error: {
      code: codeOf(code),
      message: detail,
      httpStatus: status,
      retryable: isRetryable(code),
      details,
    },
  }),
};

/** A route of the official client: its path below `CLOUD`, problems in its form. */
export function cloudRoute<Path extends string, R extends Omit<Definition<string>, 'path'>>(
  path: Path,
  definition: R,
): R & { path: `${typeof CLOUD}${Path}` } & Pick<Route, 'x-envplane'> {
  return route({ ...definition, path: `${CLOUD}${path}`, wire: WIRE }) as never;
}

/** An answer in the envelope that the client takes off. */
export const data = <Schema extends z.ZodType>(schema: Schema, description: string) =>
  json(
    z.object({ success: z.literal(true).describe('Always true.'), data: schema.describe('What was asked for.') }),
    description,
  );

export const done = <Body>(body: Body) => ({ success: true as const, data: body });
