import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { covers, definePermissions, isPattern, isPermission, missingOf, scopeOf } from '../../src/index.ts';

const segment = fc.stringMatching(/^[a-z][a-z0-9_-]{0,6}$/);
const service = fc.oneof(segment, fc.constantFrom('env', 'org', 'platform'));
const permission = fc.tuple(service, segment, segment).map(([a, b, c]) => `${a}:${b}.${c}`);
const pattern = fc.oneof(
  permission,
  fc.tuple(service, segment).map(([a, b]) => `${a}:${b}.*`),
  service.map((a) => `${a}:*`),
  fc.constant('*'),
);

/** The rule again, by splitting instead of comparing strings. */
function matches(each: string, wanted: string): boolean {
  const [wantedService, rest = ''] = wanted.split(':');
  const [wantedResource] = rest.split('.');
  if (each === '*') return wantedService !== 'platform' && wantedService !== 'org';
  const [itsService, itsRest = ''] = each.split(':');
  if (itsService !== wantedService) return false;
  if (itsRest === '*') return true;
  const [itsResource, itsAction] = itsRest.split('.');
  return itsResource === wantedResource && (itsAction === '*' || itsRest === rest);
}

describe('cap R4 wildcards', () => {
  it('cover by whole segment, never by prefix, and never across scopes', () => {
    fc.assert(
      fc.property(fc.array(pattern, { maxLength: 5 }), permission, (patterns, wanted) => {
        expect(covers(patterns, wanted)).toBe(patterns.some((each) => matches(each, wanted)));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['blog:post.*', 'blog:posts.read'],
    ['blog:posts.*', 'blogs:posts.read'],
    ['blog:*', 'blog2:posts.read'],
    ['*', 'org:members.read'],
    ['*', 'platform:audit.read'],
    ['env:*', 'org:members.read'],
    ['org:*', 'env:data.read'],
  ])('%s does not cover %s', (each, wanted) => {
    expect(covers([each], wanted)).toBe(false);
  });

  it.each(['*', 'blog:*', 'blog:posts.*', '', 'blog', 'blog:posts', 'BLOG:posts.read', 'blog:posts.read '])(
    'what is checked must be concrete: %j is covered by nothing',
    (wanted) => {
      expect(covers(['*', 'blog:*', 'blog:posts.*', 'org:*', 'platform:*', wanted], wanted)).toBe(false);
    },
  );

  it.each(['**', '*:*', '*:posts.read', 'blog:*.read', 'blog:po*', 'blog:posts.re*', 'blog:posts', '', 'blog:'])(
    '%j is no pattern',
    (text) => {
      expect(isPattern(text)).toBe(false);
      expect(covers([text], 'blog:posts.read')).toBe(false);
    },
  );
});

describe('cap R5 deny by default', () => {
  it('nothing covers nothing', () => {
    fc.assert(fc.property(permission, (wanted) => !covers([], wanted)));
  });

  it('patterns add up: more of them never cover less', () => {
    fc.assert(
      fc.property(fc.array(pattern), fc.array(pattern), permission, (some, more, wanted) => {
        if (covers(some, wanted)) expect(covers([...some, ...more], wanted)).toBe(true);
        expect(covers([...some, ...more], wanted)).toBe(covers(some, wanted) || covers(more, wanted));
      }),
    );
  });

  it('a blog editor who reads the chatbot cannot write its slots', () => {
    const held = ['blog:posts.read', 'blog:posts.update', 'chatbot:slots.read'];
    expect(covers(held, 'blog:posts.update')).toBe(true);
    expect(covers(held, 'chatbot:slots.write')).toBe(false);
  });
});

describe('cap R9 what is missing', () => {
  const catalogue = definePermissions({ blog: { 'posts.read': { description: 'Read.' } } });

  it('is nothing exactly when everything wanted, now and later, is held', () => {
    const few = fc.constantFrom(
      '*',
      'env:*',
      'env:data.*',
      'env:data.read',
      'env:data.write',
      'blog:posts.read',
      'blog:*',
      'org:*',
      'org:members.read',
    );
    fc.assert(
      fc.property(fc.array(few), fc.array(few), (held, wanted) => {
        const missing = missingOf(held, wanted, catalogue);
        for (const each of missing) expect(covers(held, each), each).toBe(false);
        if (missing.length > 0) return;
        for (const { permission: each } of catalogue.definitions) {
          if (covers(wanted, each)) expect(covers(held, each), each).toBe(true);
        }
        // Also of services that nobody has thought of yet.
        if (covers(wanted, 'later:things.read')) expect(covers(held, 'later:things.read')).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('names the permissions behind a wildcard that are not held', () => {
    expect(missingOf(['env:data.read', 'env:data.write'], ['env:data.*'], catalogue)).toEqual(['env:data.schema']);
  });

  it('a wildcard is not held by holding each of its permissions of today', () => {
    const today = catalogue.definitions.map((each) => each.permission).filter((each) => scopeOf(each) === 'env');
    expect(today.every(isPermission)).toBe(true);
    expect(missingOf(today, ['*'], catalogue)).toEqual(['*']);
    expect(missingOf(today, today, catalogue)).toEqual([]);
  });
});
