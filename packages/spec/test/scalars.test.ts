import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DisplayNameSchema, HostnameSchema, MetadataSchema, SlugSchema } from '../src/index.ts';

const accepts = (schema: { safeParse(value: unknown): { success: boolean } }, value: unknown) =>
  schema.safeParse(value).success;

const UNSAFE = ['\u0000', '\uD800', '\uDC00'];
const anyText = fc.string({ unit: 'binary', maxLength: 40 }).filter((text) => !text.includes('\u0000'));

describe('text', () => {
  it('takes well-formed text of any script and keeps it as it is', () => {
    fc.assert(
      fc.property(
        anyText.filter((text) => text !== ''),
        (text) => {
          expect(DisplayNameSchema.parse(text)).toBe(text);
        },
      ),
    );
  });

  it('refuses U+0000 and a lone surrogate wherever they stand', () => {
    // A letter on both sides, so that no surrogate of the neighbours completes the pair.
    fc.assert(
      fc.property(anyText, fc.constantFrom(...UNSAFE), anyText, (before, bad, after) => {
        expect(accepts(DisplayNameSchema, `${before}a${bad}a${after}`)).toBe(false);
      }),
    );
  });

  it('counts characters, not UTF-16 units', () => {
    expect(accepts(DisplayNameSchema, '\u{1F600}'.repeat(255))).toBe(true);
    expect(accepts(DisplayNameSchema, '\u{1F600}'.repeat(256))).toBe(false);
  });
});

describe('slug', () => {
  it('is 1 to 63 characters of a-z, 0-9 and hyphen, the first no hyphen', () => {
    const unit = fc.constantFrom(...'ab09-_A. é');
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 70 }), (text) => {
        const expected =
          text.length >= 1 && text.length <= 63 && !text.startsWith('-') && [...text].every((c) => 'ab09-'.includes(c));
        expect(accepts(SlugSchema, text)).toBe(expected);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('hostname', () => {
  it.each([
    ['App.Acme.TEST', 'app.acme.test'],
    ['app.acme.test.', 'app.acme.test'],
    [`${'a'.repeat(63)}.test`, `${'a'.repeat(63)}.test`],
  ])('%s becomes %s', (host, normal) => {
    expect(HostnameSchema.parse(host)).toBe(normal);
    expect(HostnameSchema.parse(normal)).toBe(normal);
  });

  it.each([
    'localhost',
    'app.acme.test:443',
    'app..test',
    '.app.test',
    'app.test..',
    '-app.test',
    'app-.test',
    'a_b.test',
    'app.test/x',
    'app.test\n',
    'user@app.test',
    `${'a'.repeat(64)}.test`,
    `${'a.'.repeat(126)}aa`,
    '',
  ])('refuses %j', (host) => {
    expect(accepts(HostnameSchema, host)).toBe(false);
  });
});

describe('metadata', () => {
  // What JSON.parse can give, without the two things that are refused on purpose.
  const json = fc
    .object({
      key: anyText.filter((key) => key !== '__proto__'),
      values: [anyText, fc.maxSafeInteger(), fc.boolean(), fc.constant(null), fc.constant(0.5)],
      maxDepth: 4,
    })
    .map((value): unknown => JSON.parse(JSON.stringify(value)));

  it('takes every JSON object and keeps it as it is', () => {
    fc.assert(
      fc.property(json, (value) => {
        const copy = structuredClone(value);
        expect(MetadataSchema.parse(value)).toEqual(copy);
      }),
    );
  });

  it.each([
    ['U+0000 in a string', '{"a":[{"b":"x\\u0000"}]}'],
    ['U+0000 in a key', '{"a":[{"x\\u0000":1}]}'],
    ['a lone surrogate in a string', '{"a":"\\ud800"}'],
    ['a lone surrogate in a key', '{"\\udc00":1}'],
    ['__proto__ as a key', '{"__proto__":{"admin":true}}'],
    ['__proto__ as a key further down', '{"a":[{"__proto__":1}]}'],
    ['an infinite number', '{"a":1e400}'],
    ['an integer that was rounded', '{"a":9007199254740993}'],
    ['an array', '[]'],
    ['a string', '"x"'],
    ['null', 'null'],
  ])('refuses %s', (_name, text) => {
    expect(accepts(MetadataSchema, JSON.parse(text))).toBe(false);
  });

  it.each([
    ['undefined', undefined],
    ['a function', () => 1],
    ['a date', new Date(0)],
    ['a map', new Map()],
    ['a bigint', 1n],
    ['NaN', Number.NaN],
  ])('refuses %s, which is not JSON', (_name, value) => {
    expect(accepts(MetadataSchema, { value })).toBe(false);
  });

  it('is at most 32 levels deep', () => {
    const nested = (levels: number): unknown => (levels === 1 ? {} : { a: nested(levels - 1) });
    expect(accepts(MetadataSchema, nested(32))).toBe(true);
    expect(accepts(MetadataSchema, nested(33))).toBe(false);
    expect(accepts(MetadataSchema, JSON.parse(`{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`))).toBe(false);
  });

  it('refuses a value that contains itself', () => {
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    expect(accepts(MetadataSchema, cycle)).toBe(false);
  });
});
