import { format, inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Secret } from '../src/index.ts';

const CANARY = 'canary-4f1d0c';
const secret = new Secret(CANARY);

/** Every way a value reaches a log, an answer or a message by accident. */
const renderings: [string, (value: unknown) => string][] = [
  ['String()', (value) => String(value)],
  ['a template literal', (value) => `value: ${value}`],
  ['concatenation', (value) => `value: ${[value].join()}`],
  ['JSON.stringify', (value) => JSON.stringify({ deep: [{ value }] })],
  ['inspect', (value) => inspect(value)],
  [
    'inspect with every option',
    (value) => inspect({ deep: { value } }, { depth: null, showHidden: true, showProxy: true }),
  ],
  ['inspect without custom inspection', (value) => inspect(value, { customInspect: false, showHidden: true })],
  ['format %s', (value) => format('%s', value)],
  ['format %o', (value) => format('%o', value)],
  ['format %j', (value) => format('%j', value)],
  ['its own keys and values', (value) => JSON.stringify(Object.entries(Object.getOwnPropertyDescriptors(value)))],
  ['a structured clone', (value) => inspect(structuredClone(value), { showHidden: true })],
];

describe('Secret', () => {
  it('is compared without being revealed', () => {
    expect([secret.equals(new Secret(CANARY)), secret.equals(new Secret('another'))]).toEqual([true, false]);
  });

  it.each(renderings)('never prints: %s', (_name, render) => {
    expect(render(secret)).not.toContain(CANARY);
  });

  it('never prints from inside an error', () => {
    const error = new Error('login refused', {
      cause: new AggregateError([Object.assign(new Error('x'), { secret })]),
    });
    expect(inspect(error, { depth: null, showHidden: true })).not.toContain(CANARY);
    expect(inspect(error, { depth: null })).toContain('[redacted]');
  });

  it('gives the text to reveal() alone', () => {
    expect(secret.reveal()).toBe(CANARY);
    expect([String(secret), JSON.stringify(secret), inspect(secret)]).toEqual([
      '[redacted]',
      '"[redacted]"',
      '[redacted]',
    ]);
  });
});
