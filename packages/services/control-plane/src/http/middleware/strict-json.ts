import { ControlPlaneError } from '@envplane/spec';

const MAX_DEPTH = 32;

/** Strings as a whole, and the characters that structure what is around them. */
const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],]/g;

/**
 * Parses JSON that means one thing to everybody: no key twice, no `__proto__` (S5), at most 32 levels (S30).
 *
 * @throws ControlPlaneError `malformed_request`, `validation_failed` when it is nested too deeply
 */
export function parseStrictJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ControlPlaneError('malformed_request', 'The body is not valid JSON.');
  }
  checkStructure(text);
  return value;
}

/** The text is valid JSON here, so that a few tokens tell where each object's keys are. */
function checkStructure(text: string): void {
  // One entry a level: the keys of an object so far, or null in an array.
  const levels: (Set<string> | null)[] = [];
  let expectsKey = false;
  for (const [token] of text.matchAll(TOKENS)) {
    if (token === '{' || token === '[') {
      levels.push(token === '{' ? new Set() : null);
      if (levels.length > MAX_DEPTH) {
        const detail = `must not be nested deeper than ${MAX_DEPTH} levels`;
        throw new ControlPlaneError('validation_failed', `The body ${detail}.`, {
          errors: [{ in: 'body', pointer: '', detail }],
        });
      }
      expectsKey = token === '{';
    } else if (token === '}' || token === ']') {
      levels.pop();
      expectsKey = false;
    } else if (token === ',') {
      expectsKey = levels.at(-1) !== null;
    } else if (expectsKey) {
      checkKey(JSON.parse(token) as string, levels.at(-1));
      expectsKey = false;
    }
  }
}

function checkKey(key: string, keys: Set<string> | null | undefined): void {
  if (key === '__proto__') throw new ControlPlaneError('malformed_request', 'The body has a key __proto__; remove it.');
  if (keys?.has(key))
    throw new ControlPlaneError('malformed_request', 'The body has an object with the same key twice.');
  keys?.add(key);
}
