import { AdapterError, Secret } from '@envplane/spec';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLog, failureText } from '../../src/log.ts';

const CANARY = 'c4n4ry0secret0value';

async function collectingLog() {
  const lines: string[] = [];
  const { logger } = await createLog({ level: 'debug', format: 'json', stream: { write: (line) => lines.push(line) } });
  return { lines, logger };
}

/** The ways in which a secret can stand in a text. */
const leaks = fc.constantFrom(
  `postgres://owner:${CANARY}@db.internal/x`,
  `https://${CANARY}@host/path`,
  `GET /v1/x?token=${CANARY}&limit=1`,
  `?a=1&api_key=${CANARY}`,
  `Authorization: Bearer ${CANARY}`,
  `authorization=Basic ${CANARY}`,
  `eyJhbGciOiJSUzI1NiJ9.${CANARY}.c2lnbmF0dXJl`,
  `envp_admin_${CANARY}`,
  `-----BEGIN PRIVATE KEY-----\n${CANARY}\n-----END PRIVATE KEY-----`,
  `ALTER ROLE x PASSWORD '${CANARY}'`,
  `{"password":"${CANARY}"}`,
  `{\\"password\\":\\"${CANARY}\\"}`,
  `password=${CANARY} host=db`,
  `secret: ${CANARY}`,
);
const secretKeys = fc.constantFrom(
  'password',
  'secret',
  'token',
  'accessToken',
  'apiKey',
  'authorization',
  'cookie',
  'dek',
  'plaintext',
);

/** A value with the canary somewhere inside, always in a way that gives it away as a secret. */
const { value: poisoned } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaks,
    fc.constant(new Secret(CANARY)),
    fc.tuple(fc.string(), leaks, fc.string()).map((parts) => parts.join(' ')),
    secretKeys.map((key) => ({ [key]: CANARY })),
    secretKeys.map((key) => ({ [key]: [CANARY, { deeper: CANARY }] })),
    fc.tuple(fc.string(), tie('value')).map(([key, value]) => ({ [key]: value })),
    fc.tuple(tie('value'), fc.string()).map((items) => items),
    leaks.map((text) => new Error(text)),
    tie('value').map((cause) => new Error('outer', { cause })),
    tie('value').map((part) => new AggregateError([part, new Error('other')], 'several')),
    tie('value').map((query) =>
      Object.assign(new Error('driver'), { query, parameters: [CANARY], client: { password: CANARY } }),
    ),
  ),
}));

describe('redaction', () => {
  it('sec S26 no secret gets into a line, wherever it stands', async () => {
    const { lines, logger } = await collectingLog();
    fc.assert(
      fc.property(
        poisoned,
        fc.constantFrom('err', 'code', 'route', 'requestId', 'event', 'unlisted'),
        (value, field) => {
          lines.length = 0;
          logger.info({ [field]: value }, 'text');
          expect(lines).toHaveLength(1);
          expect(lines[0]).not.toContain(CANARY);
          expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'info', msg: expect.any(String) });
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('sec S26 no secret gets into a line by its text, and there are no child loggers to carry one', async () => {
    const { lines, logger } = await collectingLog();
    fc.assert(
      fc.property(poisoned, leaks, (value, text) => {
        lines.length = 0;
        logger.error({ err: value }, text);
        expect(lines.join('')).not.toContain(CANARY);
      }),
      { numRuns: 500 },
    );
    expect(Object.keys(logger).sort()).toEqual(['debug', 'error', 'info', 'isLevelEnabled', 'warn']);
  });

  it('an error shows type, message, code and causes, and nothing else of what it carries', async () => {
    const { lines, logger } = await collectingLog();
    const cause = Object.assign(new AdapterError('unavailable', 'No answer.'), { query: 'select 1', parameters: [1] });
    logger.error({ err: new Error('outer', { cause }) }, 'failed');
    const { err } = JSON.parse(lines[0] ?? '');
    expect(err).toMatchObject({
      type: 'Error',
      message: 'outer',
      cause: { type: 'AdapterError', code: 'unavailable' },
    });
    expect(Object.keys(err.cause).sort()).toEqual(['code', 'message', 'stack', 'type']);
  });

  it('causes end at depth five', async () => {
    const { lines, logger } = await collectingLog();
    const nested = Array.from({ length: 9 }).reduce<Error>((cause) => new Error('level', { cause }), new Error('root'));
    logger.error({ err: nested }, 'failed');
    let depth = 0;
    for (let err = JSON.parse(lines[0] ?? '').err; err; err = err.cause) depth += 1;
    expect(depth).toBe(5);
  });

  it('what goes to the terminal of whoever started the process is searched as well', () => {
    expect(failureText(new Error(`connect postgres://owner:${CANARY}@db failed`))).toBe(
      'connect postgres://[redacted]@db failed',
    );
    expect(failureText(CANARY)).not.toContain(CANARY);
  });
});

describe('fields', () => {
  it('sec S28 a field that is not listed is named but not shown', async () => {
    const { lines, logger } = await collectingLog();
    logger.info({ event: 'x.y', databaseUrl: 'file:/srv/x.db' }, 'text');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ event: 'x.y', databaseUrl: '[not listed]' });
  });

  it('sec S28 an ordinary request line passes as it is, and one with anything else in it is searched', async () => {
    const { lines, logger } = await collectingLog();
    const line = {
      event: 'http.request',
      requestId: '0198c1d0-0000-7000-8000-000000000000',
      method: 'GET',
      route: '/v1/environments/{env}',
      status: 200,
      durationMs: 0.51,
      principalId: 'platform',
    };
    logger.info(line, 'request');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ ...line, level: 'info', msg: 'request' });
    logger.info({ ...line, requestId: `envp_admin_${CANARY}` }, 'request');
    logger.info({ ...line, route: `/v1/environments/envp_${CANARY}` }, 'request');
    logger.info(line, `request Bearer ${CANARY}`);
    expect(lines.join('')).not.toContain(CANARY);
    expect(lines).toHaveLength(4);
  });

  it('sec S28 a line break or a control character in a value does not begin a line', async () => {
    const { lines, logger } = await collectingLog();
    logger.warn({ code: 'a\n{"level":"error"}\r\u001b[31m\u2028' }, 'text');
    expect(lines).toHaveLength(1);
    expect(lines[0]?.match(/\n/g)).toHaveLength(1);
    expect(lines[0]).not.toContain('\u001b');
  });
});
