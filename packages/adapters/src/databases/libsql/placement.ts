import { randomUUID } from 'node:crypto';
import { type ClientRequest, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { AdapterError, type Placement, type PlacementFindings } from '@envplane/spec';
import { transportError } from '../../lib/adapter-errors.ts';
import { createNamespace, readConfig, statusWithoutCredential } from './admin-api.ts';
import { namespaceHeader } from './client.ts';
import { invalid } from './errors.ts';
import { block, keyOfNobody } from './key-ring.ts';
import { type Place, placeOf } from './place.ts';

/** Holds no rows, only the identity of the server, in a header of its key. Generated names have no hyphen. */
const IDENTITY_NAMESPACE = 'envplane-placement';
const IDENTITY = /^Envplane-Placement: ([0-9a-f-]{36})$/m;

/** Tokens are judged by the server's clock. */
const MAX_SKEW_MS = 30_000;
const ANSWER_TIMEOUT_MS = 15_000;

/**
 * The contract's `checkPlacement`. The identity is a random id in a namespace of its own, made on first use: it lies with the
 * namespaces, so a server with another data directory has another one.
 */
export async function checkPlacement(placement: Placement): Promise<PlacementFindings> {
  const place = placeOf(placement);
  const identity = await placementIdentity(place);
  if ((await statusWithoutCredential(place, IDENTITY_NAMESPACE)) !== 401) {
    throw invalid('The admin port answers without a credential; start the server with --admin-auth-key.');
  }
  const own = await ask(place, { 'x-namespace-bin': namespaceHeader(IDENTITY_NAMESPACE) });
  if (own.status !== 401) throw invalid('The addresses url and adminUrl do not belong to one libSQL server.');
  const clockSkewMs = own.dateMs - Date.now();
  if (Math.abs(clockSkewMs) > MAX_SKEW_MS) {
    throw invalid("The server's clock differs from this one by more than 30 s; tokens would not expire in time.");
  }
  const keyless = await ask(place, { 'x-namespace-bin': namespaceHeader('default') });
  if (isServed(keyless.status)) {
    throw invalid('The server has no JWT key of its own, so a namespace without one is open; set --auth-jwt-key-file.');
  }
  const nameless = await ask(place, { host: 'localhost' });
  if (isServed(nameless.status) || nameless.status === 401) {
    throw invalid('The server answers on its default namespace; start it with --disable-default-namespace.');
  }
  return { identity, ...(!Number.isNaN(clockSkewMs) && { clockSkewMs }) };
}

async function placementIdentity(place: Place): Promise<string> {
  const existing = await readConfig(place, IDENTITY_NAMESPACE);
  if (existing === null) {
    const jwt_key = block(`Envplane-Placement: ${randomUUID()}`, keyOfNobody(IDENTITY_NAMESPACE));
    await createNamespace(place, IDENTITY_NAMESPACE, {
      jwt_key,
      allow_attach: false,
      max_db_size: String(1024 * 1024),
    });
  }
  const config = existing ?? (await readConfig(place, IDENTITY_NAMESPACE));
  const identity = IDENTITY.exec(config?.jwt_key ?? '')?.[1];
  if (identity === undefined) throw invalid('The namespace with the identity of the server is damaged or not ours.');
  return identity;
}

function isServed(status: number): boolean {
  return status >= 200 && status < 300;
}

/** One statement without a token on the data port. `fetch` cannot set `host`. */
async function ask({ url }: Place, headers: Record<string, string>): Promise<{ status: number; dateMs: number }> {
  const body = JSON.stringify({ requests: [{ type: 'execute', stmt: { sql: 'SELECT 1' } }] });
  const send = url.startsWith('https:') ? httpsRequest : httpRequest;
  const options: RequestOptions = {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
  };
  try {
    const { statusCode = 0, headers: answer } = await answerTo(send(`${url}/v2/pipeline`, options), body);
    return { status: statusCode, dateMs: Date.parse(answer.date ?? '') };
  } catch (error) {
    throw error instanceof AdapterError ? error : transportError(new Error('request failed', { cause: error }));
  }
}

function answerTo(request: ClientRequest, body: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.on('error', reject);
    request.on('response', (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer)).on('error', reject);
    });
    request.end(body);
  });
}
