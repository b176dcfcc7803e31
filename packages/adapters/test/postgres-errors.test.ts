import { createServer, type Socket } from 'node:net';
import { inspect } from 'node:util';
import { type AdapterError, type AdapterErrorCode, Secret } from '@envplane/spec';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toAdapterError } from '../src/databases/postgres/errors.ts';
import { postgresAdapter } from '../src/databases/postgres/index.ts';

const UNREACHABLE = 'The server cannot be reached.';
const UNTRUSTED = 'The certificate of the server is not accepted.';
const UNTOLD = 'The connection or the server reported an error.';

/** What the text of a server could tell, and must not. */
const CANARY = 'canary of the server';
const PASSWORD = 'canary of the administrator';

/** A server that answers every login with one refusal. */
let answer = '';
const sockets = new Set<Socket>();
const listener = createServer((socket) => {
  sockets.add(socket);
  socket.on('error', () => undefined);
  socket.once('data', () => {
    const fields = [`SFATAL`, `C${answer}`, `M${CANARY}`, `D${CANARY}`, `d${CANARY}`, ''];
    const body = Buffer.from(fields.map((field) => `${field}\0`).join(''));
    const head = Buffer.from('E    ');
    head.writeInt32BE(body.length + 4, 1);
    socket.end(Buffer.concat([head, body]));
  });
});
let url = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  url = `postgres://administrator@127.0.0.1:${(listener.address() as { port: number }).port}/postgres`;
});
afterAll(() => {
  for (const socket of sockets) socket.destroy();
  listener.close();
});

function shown(error: AdapterError): string {
  const printed = inspect(error, { depth: null, showHidden: true });
  return [error.message, error.stack, JSON.stringify(error), printed].join('\n');
}

describe('what the server answers', () => {
  it.each<[string, AdapterErrorCode, boolean, string]>([
    ['28P01', 'unauthorized', true, 'The server refuses the login.'],
    ['28000', 'unauthorized', true, 'The server refuses the login.'],
    ['42501', 'unauthorized', true, 'The administrator lacks a right; check the placement.'],
    ['42602', 'invalid_request', true, 'The server refuses a name.'],
    ['42939', 'invalid_request', true, 'The server refuses a name.'],
    ['55P03', 'unavailable', false, 'Another call works on the database.'],
    ['55006', 'unavailable', false, 'The database is in use.'],
    ['53300', 'unavailable', false, 'The server has no connection left.'],
    ['57P01', 'unavailable', false, 'The server ended the connection.'],
    ['57P03', 'unavailable', false, 'The server is starting or stopping.'],
    ['3D000', 'unavailable', false, 'The database is not where it should be.'],
    // Anything else may have happened: disk full, a cancelled statement, a server that crashed, a code of no list.
    ['53100', 'outcome_unknown', false, UNTOLD],
    ['57014', 'outcome_unknown', false, UNTOLD],
    ['57P02', 'outcome_unknown', false, UNTOLD],
    ['42P04', 'outcome_unknown', false, UNTOLD],
    ['XX000', 'outcome_unknown', false, UNTOLD],
    ['ZZZZZ', 'outcome_unknown', false, UNTOLD],
  ])('I4 sec S27 %s is %s (definitive: %s), and its text stays behind', async (code, expected, definitive, message) => {
    answer = code;
    const placement = { id: 'pl', name: 'cluster', driver: 'postgres', region: 'local', settings: { url } };
    const administrator = new Secret(PASSWORD);
    const checking = postgresAdapter().checkPlacement({ ...placement, administrator });
    const error: AdapterError = await checking.then(
      () => expect.unreachable(),
      (reason) => reason,
    );
    expect(error).toMatchObject({ name: 'AdapterError', code: expected, definitive, message });
    expect(error.cause).toBeUndefined();
    expect(shown(error)).not.toMatch(/canary/);
  });
});

describe('what the system and the library report', () => {
  it.each<[string, AdapterErrorCode, string]>([
    ['ECONNREFUSED', 'unavailable', UNREACHABLE],
    ['ENOTFOUND', 'unavailable', UNREACHABLE],
    ['EAI_AGAIN', 'unavailable', UNREACHABLE],
    ['EHOSTUNREACH', 'unavailable', UNREACHABLE],
    ['CONNECT_TIMEOUT', 'unavailable', UNREACHABLE],
    ['HUNG_UP', 'unavailable', 'The server hangs up before the login.'],
    ['CERT_HAS_EXPIRED', 'unavailable', UNTRUSTED],
    ['CERT_NOT_YET_VALID', 'unavailable', UNTRUSTED],
    ['CERT_SIGNATURE_FAILURE', 'unavailable', UNTRUSTED],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'unavailable', UNTRUSTED],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'unavailable', UNTRUSTED],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'unavailable', UNTRUSTED],
    ['UNABLE_TO_GET_ISSUER_CERT', 'unavailable', UNTRUSTED],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'unavailable', UNTRUSTED],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'unavailable', UNTRUSTED],
    // The request may have arrived.
    ['ECONNRESET', 'outcome_unknown', UNTOLD],
    ['EPIPE', 'outcome_unknown', UNTOLD],
    ['ETIMEDOUT', 'outcome_unknown', UNTOLD],
    ['CONNECTION_CLOSED', 'outcome_unknown', UNTOLD],
    ['CONNECTION_DESTROYED', 'outcome_unknown', UNTOLD],
  ])('I4 sec S27 %s is %s', (code, expected, message) => {
    const error = toAdapterError(Object.assign(new Error(CANARY), { code, query: CANARY, cause: CANARY }));
    expect(error).toMatchObject({ name: 'AdapterError', code: expected, definitive: false, message });
    expect(shown(error)).not.toMatch(/canary of/);
  });

  it('I4 an error without a code, and what is no error, settle nothing', () => {
    for (const reason of [new Error(CANARY), CANARY, undefined, null, { code: '28P01' }]) {
      expect(toAdapterError(reason)).toMatchObject({ code: 'outcome_unknown', definitive: false, message: UNTOLD });
    }
  });
});
