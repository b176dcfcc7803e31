import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { refuseProduction } from '../development-only.ts';
import type { EncryptionContext } from './keys.ts';
import { KMS_OPERATIONS, type KmsCaller, type KmsState } from './operations.ts';
import { KmsRefusal } from './refusal.ts';
import { type Signer, verifySignature } from './signature.ts';

const WHAT = 'The KMS of the test kit keeps its keys in memory';
refuseProduction(WHAT);

const REGION = 'eu-central-1';
const ACCOUNT = '111122223333';

/** One request, as it was understood. Neither plaintext nor ciphertext is kept. */
export interface KmsCall {
  operation: string;
  /** As the request named it; of a ReEncrypt the destination. */
  keyId: string | undefined;
  context: EncryptionContext | undefined;
  accessKeyId: string | undefined;
  /** `ok`, or the type of the refusal. */
  outcome: string;
}

/** What one request, or the next few, meet instead of, before or after the ordinary answer. */
export interface KmsFault {
  /** Which operation it is for; any when left out. */
  operation?: string;
  /** How many requests meet it; 1 when left out. */
  times?: number;
  /** Waits this long first, in ms. */
  delayMs?: number;
  /** Answers this error, and the request is not carried out. */
  refuse?: { type: string; message?: string; status?: number };
  /** Carries the request out and cuts the connection before the answer. */
  loseReply?: boolean;
}

export interface KmsCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

export interface KmsEmulator {
  readonly endpoint: string;
  readonly region: string;
  /** ARN of a symmetric key that is there from the start. */
  readonly keyArn: string;
  /** What a process or an SDK is told by its environment to get here: region, credentials, no search for others. */
  readonly variables: Readonly<Record<string, string>>;
  /** Every request, oldest first. */
  readonly calls: readonly KmsCall[];
  /** How far the clock of the service is ahead of ours, in ms. */
  clockOffsetMs: number;
  /**
   * New credentials; of an account of its own they may do everything, unless this says otherwise.
   * @param options `actions` such as `kms:Decrypt`; `context`: pairs that a cryptographic operation must carry
   */
  issueCredentials(options?: {
    account?: string;
    actions?: readonly string[];
    context?: EncryptionContext;
    session?: boolean;
  }): KmsCredentials;
  /** From now on these are refused as expired. */
  expire(credentials: KmsCredentials): void;
  inject(fault: KmsFault): void;
  /** Refuses connections, until `up`. */
  down(): Promise<void>;
  up(): Promise<void>;
  close(): Promise<void>;
}

/**
 * AWS KMS on loopback: AWS JSON 1.1, signatures recomputed, AES-256-GCM with the encryption context as additional data, states
 * and rotation of keys, and the errors as the service words them. Meant to be reached through the AWS SDK.
 * What the real service adds (its latency, limits and eventual consistency) is not here: see the faults.
 * @throws Error with `NODE_ENV=production`
 */
export async function startKmsEmulator(): Promise<KmsEmulator> {
  refuseProduction(WHAT);
  const faults: KmsFault[] = [];
  const calls: KmsCall[] = [];
  const signers = new Map<string, Signer & { caller: KmsCaller }>();
  let clockOffsetMs = 0;
  const state: KmsState = {
    region: REGION,
    keys: new Map(),
    aliases: new Map(),
    nowMs: () => Date.now() + clockOffsetMs,
  };

  const issueCredentials: KmsEmulator['issueCredentials'] = (options = {}) => {
    const { account = ACCOUNT, actions, context = {}, session = false } = options;
    const accessKeyId = `AKIA${randomBytes(8).toString('hex').toUpperCase()}`;
    const secretAccessKey = randomBytes(30).toString('base64');
    const sessionToken = session ? randomBytes(60).toString('base64') : undefined;
    const caller: KmsCaller = {
      accessKeyId,
      account,
      allows: (action, given) =>
        (actions?.includes(action) ?? true) &&
        (given === null || Object.entries(context).every(([name, value]) => given[name] === value)),
    };
    signers.set(accessKeyId, { secretAccessKey, sessionToken, isExpired: false, caller });
    return { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) };
  };

  function answer(incoming: IncomingMessage, operation: string, body: Buffer, call: KmsCall): object {
    const headers = Object.fromEntries(
      Object.entries(incoming.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : value]),
    );
    const signed = { method: incoming.method ?? '', path: incoming.url ?? '', headers, body };
    const accessKeyId = verifySignature(signed, { region: REGION, nowMs: state.nowMs() }, signers);
    call.accessKeyId = accessKeyId;
    const caller = signers.get(accessKeyId)?.caller;
    const run = KMS_OPERATIONS[operation];
    if (!run || !caller) throw new KmsRefusal('UnknownOperationException', null);
    if (incoming.headers['content-type'] !== 'application/x-amz-json-1.1') {
      throw new KmsRefusal('UnknownOperationException', null);
    }
    return run(state, caller, parse(body, call));
  }

  function takeFault(operation: string): KmsFault | undefined {
    const at = faults.findIndex((fault) => (fault.operation ?? operation) === operation);
    const fault = faults[at];
    if (fault === undefined) return undefined;
    const times = (fault.times ?? 1) - 1;
    if (times > 0) faults[at] = { ...fault, times };
    else faults.splice(at, 1);
    return fault;
  }

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const operation = String(incoming.headers['x-amz-target'] ?? '').replace(/^TrentService\./, '');
    const call: KmsCall = { operation, keyId: undefined, context: undefined, accessKeyId: undefined, outcome: 'ok' };
    calls.push(call);
    const fault = takeFault(operation);
    if (fault?.delayMs !== undefined) await delay(fault.delayMs, undefined, { ref: false });
    try {
      const { type, message = null, status } = fault?.refuse ?? {};
      if (type !== undefined) throw new KmsRefusal(type, message, status);
      const body = answer(incoming, operation, Buffer.concat(chunks), call);
      if (fault?.loseReply) outgoing.socket?.destroy();
      else send(outgoing, 200, body);
    } catch (error) {
      const refusal = error instanceof KmsRefusal ? error : new KmsRefusal('KMSInternalException', String(error), 500);
      call.outcome = refusal.type;
      const message = refusal.detail === null ? {} : { message: refusal.detail };
      send(outgoing, refusal.status, { __type: refusal.type, ...message });
    }
  }

  function send(outgoing: ServerResponse, status: number, body: object): void {
    outgoing.writeHead(status, {
      'content-type': 'application/x-amz-json-1.1',
      'x-amzn-requestid': randomUUID(),
      date: new Date(state.nowMs()).toUTCString(),
    });
    outgoing.end(JSON.stringify(body));
  }

  // A client that leaves before its request is complete gets no answer.
  const listener = (incoming: IncomingMessage, outgoing: ServerResponse) =>
    void serve(incoming, outgoing).catch(() => outgoing.destroy());
  let server: Server | null = createServer(listener);
  const port = await listen(server, 0);
  const root = issueCredentials();
  const administrator = signers.get(root.accessKeyId)?.caller;
  if (!administrator) throw new Error('no credentials');
  const made = KMS_OPERATIONS['CreateKey']?.(state, administrator, {}) as { KeyMetadata: { Arn: string } };

  async function down(): Promise<void> {
    const closing = server;
    server = null;
    if (closing === null) return;
    closing.closeAllConnections();
    closing.close();
    await once(closing, 'close');
  }

  return {
    endpoint: `http://127.0.0.1:${port}`,
    region: REGION,
    keyArn: made.KeyMetadata.Arn,
    variables: {
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: root.accessKeyId,
      AWS_SECRET_ACCESS_KEY: root.secretAccessKey,
      AWS_EC2_METADATA_DISABLED: 'true',
    },
    calls,
    get clockOffsetMs() {
      return clockOffsetMs;
    },
    set clockOffsetMs(value) {
      clockOffsetMs = value;
    },
    issueCredentials,
    expire: ({ accessKeyId }) => {
      const signer = signers.get(accessKeyId);
      if (signer) signer.isExpired = true;
    },
    inject: (fault) => void faults.push(fault),
    down,
    up: async () => {
      if (server !== null) return;
      server = createServer(listener);
      await listen(server, port);
    },
    close: down,
  };
}

/** @throws KmsRefusal `SerializationException` */
function parse(body: Buffer, call: KmsCall): Record<string, unknown> {
  let input: Record<string, unknown>;
  try {
    input = JSON.parse(body.toString('utf8'));
  } catch {
    throw new KmsRefusal('SerializationException', null);
  }
  const keyId = input['DestinationKeyId'] ?? input['KeyId'];
  call.keyId = typeof keyId === 'string' ? keyId : undefined;
  call.context = (input['SourceEncryptionContext'] ?? input['EncryptionContext']) as EncryptionContext | undefined;
  return input;
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
