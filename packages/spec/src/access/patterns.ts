import { isPermission, scopeOf } from './permissions.ts';

/**
 * What a grant holds: a permission, or a wildcard for whole segments: `service:resource.*`, `service:*`, and `*`, which is
 * everything of an environment. None crosses scopes: the platform is `platform:*`, an organization `org:*`.
 */
export type Pattern = string;

const WILDCARD = /^(?:\*|[a-z][a-z0-9_-]*:(?:\*|[a-z][a-z0-9_-]*\.\*))$/;

/** Whether a string has the form of a pattern. */
export const isPattern = (text: string): boolean => isPermission(text) || WILDCARD.test(text);

/**
 * Whether one of the patterns covers a permission. Matching is by whole segment: `blog:post.*` does not cover
 * `blog:posts.read`. What is not a concrete permission is covered by nothing.
 */
export function covers(patterns: Iterable<Pattern>, permission: string): boolean {
  if (!isPermission(permission)) return false;
  const service = permission.slice(0, permission.indexOf(':'));
  const resource = permission.slice(0, permission.indexOf('.'));
  for (const pattern of patterns) {
    if (pattern === permission || pattern === `${service}:*` || pattern === `${resource}.*`) return true;
    if (pattern === '*' && scopeOf(permission) === 'env') return true;
  }
  return false;
}

/** Whether one of the patterns covers everything that another pattern covers now or ever will. */
function coversPattern(patterns: ReadonlySet<Pattern>, wanted: Pattern): boolean {
  if (patterns.has(wanted)) return true;
  if (isPermission(wanted)) return covers(patterns, wanted);
  const service = wanted.slice(0, wanted.indexOf(':'));
  if (patterns.has(`${service}:*`)) return true;
  return patterns.has('*') && scopeOf(wanted) === 'env';
}

/** What is covered by both. Two patterns have in common the narrower one, or nothing. */
export function common(some: Iterable<Pattern>, others: Iterable<Pattern>): Pattern[] {
  const [left, right] = [new Set(some), new Set(others)];
  const inBoth = (from: ReadonlySet<Pattern>, by: ReadonlySet<Pattern>) =>
    [...from].filter((pattern) => coversPattern(by, pattern));
  return [...new Set([...inBoth(left, right), ...inBoth(right, left)])];
}

/**
 * What is wanted and not held, for the rule that nobody hands on more than they have. A wildcard is held only by one that is
 * as wide; where that is missing, the permissions of the catalogue it stands for are named, or itself when each is held.
 */
export function missingOf(
  held: Iterable<Pattern>,
  wanted: Iterable<Pattern>,
  catalogue: { definitions: readonly { permission: string }[] },
): Pattern[] {
  const patterns = new Set(held);
  return [...wanted].flatMap((pattern) => {
    if (coversPattern(patterns, pattern)) return [];
    if (isPermission(pattern)) return [pattern];
    const concrete = catalogue.definitions
      .map(({ permission }) => permission)
      .filter((permission) => covers([pattern], permission) && !covers(patterns, permission));
    return concrete.length > 0 ? concrete : [pattern];
  });
}
