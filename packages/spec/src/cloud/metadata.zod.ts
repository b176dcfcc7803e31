import { z } from 'zod';
import { isSafeText } from './scalars.zod.ts';

const MAX_DEPTH = 32;

/** What keeps a value from being stored and read back unchanged, or null. Bounded by depth, so a cycle ends too. */
function unstorable(value: unknown, depth: number): string | null {
  if (typeof value === 'string') return isSafeText(value) ? null : 'a string contains U+0000 or a lone surrogate';
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return 'a number is not finite';
    return Number.isInteger(value) && !Number.isSafeInteger(value) ? 'an integer is beyond 2^53 - 1' : null;
  }
  if (typeof value === 'boolean' || value === null) return null;
  if (typeof value !== 'object') return 'a value is not JSON';
  if (depth === MAX_DEPTH) return `it is nested deeper than ${MAX_DEPTH} levels`;
  if (Array.isArray(value)) return firstProblem(value, depth);
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return 'a value is not JSON';
  for (const key of Object.keys(value)) {
    if (key === '__proto__') return 'a key is __proto__';
    if (!isSafeText(key)) return 'a key contains U+0000 or a lone surrogate';
  }
  return firstProblem(Object.values(value), depth);
}

function firstProblem(values: unknown[], depth: number): string | null {
  for (const value of values) {
    const problem = unstorable(value, depth + 1);
    if (problem !== null) return problem;
  }
  return null;
}

/** A JSON object that both stores keep as it is. */
export type Metadata = Record<string, unknown>;

/**
 * Metadata in a request, with the object itself as level 0. It is not a `z.record`, because that drops an own `__proto__` key
 * without a word, and a request is refused rather than altered.
 */
export const MetadataSchema = (z.unknown() as z.ZodType<Metadata>)
  .superRefine((value, context) => {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    const problem = isObject ? unstorable(value, 0) : 'it is not an object';
    if (problem !== null) context.addIssue({ code: 'custom', message: `must be a JSON object: ${problem}` });
  })
  .meta({
    type: 'object',
    additionalProperties: true,
    description:
      'Labels and notes of the caller: a JSON object, at most 32 levels deep. Stored as it is and never interpreted.',
  });

/** A JSON object that was checked when it was accepted. */
export const JsonRecordSchema = z.record(z.string(), z.unknown()).describe('JSON object.');
