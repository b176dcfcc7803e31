import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import { Secret } from '@envplane/spec';
import { Agent, buildConnector, fetch as undiciFetch } from 'undici';
import type { SqldServer } from '../servers/sqld.ts';
import { makeCertificates } from './certificate.ts';
import { newCloud } from './cloud.ts';
import { DEFAULT_SWITCHES, type TursoFault, type TursoRequest, type TursoSwitches, takeFault } from './faults.ts';
import { namespacesOf } from './namespaces.ts';
import { type ApiAnswer, routeOf, type TursoScope } from './routes.ts';
import { newSigningKey } from './tokens.ts';

const API_HOST = 'api.turso.tech';
const DATA_HOST = /^[a-z0-9-]+(\.aws-[a-z0-9-]+)?\.turso\.io$/;

/** A database as the emulated cloud holds it. */
export interface TursoObject {
  name: string;
  id: string;
  group: string;
  hostname: string;
  deleteProtection: boolean;
  blockReads: boolean;
  blockWrites: boolean;
  sizeLimit: string | null;
  parentId: string | null;
}

export interface TursoEmulator {
  readonly organization: string;
  /** The group that is there from the start. */
  readonly group: string;
  /**
   * Reaches the emulator under the cloud's own names: every connection is dialled to loopback, with the asked name as the TLS
   * server name, checked against the run's own authority. A host that is not the cloud's is refused and shows in `dialled`.
   */
  readonly fetch: typeof globalThis.fetch;
  readonly switches: TursoSwitches;
  /** Every request that arrived, oldest first. */
  readonly requests: readonly TursoRequest[];
  /** Every host that `fetch` was asked to connect to. */
  readonly dialled: ReadonlySet<string>;
  /** What the cloud holds now, seen without its API. */
  objects(): TursoObject[];
  /** A new platform token with these scopes. */
  issueToken(scopes: readonly TursoScope[]): Secret;
  /** The next matching requests meet this fault. */
  inject(fault: TursoFault): void;
  close(): Promise<void>;
}

/**
 * Starts the Turso Platform API and the hosts of its databases on one TLS listener on loopback. Databases are namespaces of
 * `sqld`, each with a key of its own, so that tokens, read-only access, rotation, limits and seeds are enforced, not imitated.
 * What the real cloud adds to that (its latency, limits, lag, plan errors) is not here: see the faults and switches.
 */
export async function startTursoEmulator(sqld: SqldServer): Promise<TursoEmulator> {
  // A label of its own: emulators of one run may share an sqld.
  const organization = `org-${randomBytes(4).toString('hex')}`;
  const switches = { ...DEFAULT_SWITCHES };
  const faults: TursoFault[] = [];
  const requests: TursoRequest[] = [];
  const tokens = new Map<string, ReadonlySet<string>>();
  const namespaces = namespacesOf(sqld);
  const cloud = newCloud(organization, namespaces, switches);
  const group = 'default';
  cloud.groups.set(group, {
    name: group,
    uuid: randomUUID(),
    location: 'lhr',
    deleteProtection: false,
    key: newSigningKey(),
  });

  async function answerApi(sent: TursoRequest, authorization = ''): Promise<ApiAnswer> {
    const scopes = tokens.get(authorization.replace(/^Bearer /, ''));
    if (scopes === undefined) return { status: 401, body: { error: 'could not authenticate request' } };
    const url = new URL(sent.path, `https://${API_HOST}`);
    const route = routeOf(sent.method, url.pathname, organization);
    if (route === undefined) return { status: 404, body: { error: 'not found' } };
    if (!scopes.has(route.scope)) return { status: 403, body: { error: `token lacks scope ${route.scope}` } };
    let body: Record<string, unknown>;
    try {
      body = sent.body === '' ? {} : JSON.parse(sent.body);
    } catch {
      return { status: 400, body: { error: 'could not parse request body' } };
    }
    return route.answer({ cloud, namespaces, switches, names: route.names, query: url.searchParams, body });
  }

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await bytesOf(incoming);
    const host = incoming.headers.host?.split(':')[0] ?? '';
    const sent = {
      host,
      method: incoming.method ?? '',
      path: incoming.url ?? '',
      body: host === API_HOST ? body.toString('utf8') : '',
    };
    requests.push(sent);
    const fault = takeFault(faults, sent, API_HOST);
    if (fault?.delayMs !== undefined) await delay(fault.delayMs);
    if (fault?.answer) return send(outgoing, fault.answer);
    const lost = fault?.loseReply === true;
    if (host === API_HOST) {
      const answer = await answerApi(sent, incoming.headers.authorization);
      return lost ? cut(outgoing) : send(outgoing, answer);
    }
    const database = cloud.findByHost(host);
    if (database === undefined || database.createdAtMs + switches.hostDelayMs > Date.now()) {
      return send(outgoing, { status: 404, body: { error: 'database not found' } });
    }
    return forward(sqld.url, incoming, body, outgoing, lost);
  }

  const names = [API_HOST, '*.turso.io', '*.aws-us-east-1.turso.io', '*.aws-eu-west-1.turso.io'];
  const { authority, certificate, key } = await makeCertificates(names);
  const server = createServer({ cert: certificate, key, noDelay: true }, (incoming, outgoing) => {
    serve(incoming, outgoing).catch((error) => send(outgoing, { status: 500, body: { error: String(error) } }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');

  const dialled = new Set<string>();
  const connect = buildConnector({ ca: authority });
  const dispatcher = new Agent({
    connect(options, callback) {
      dialled.add(options.hostname);
      if (options.hostname !== API_HOST && !DATA_HOST.test(options.hostname)) {
        return callback(new Error('not a host of the emulated cloud'), null);
      }
      const servername = options.servername ?? options.hostname;
      return connect({ ...options, hostname: '127.0.0.1', port: String(address.port), servername }, callback);
    },
  });

  return {
    organization,
    group,
    switches,
    requests,
    dialled,
    async fetch(input, init) {
      // This fetch is not the runtime's: it takes no Request of the runtime's making.
      const asked = new Request(input, init);
      const answer = await undiciFetch(asked.url, {
        method: asked.method,
        headers: Object.fromEntries(asked.headers),
        body: asked.body === null ? null : await asked.arrayBuffer(),
        redirect: asked.redirect,
        signal: asked.signal,
        dispatcher,
      });
      return answer as unknown as Response;
    },
    objects: () =>
      cloud.list().map((database) => ({
        ...{ name: database.name, id: database.id, group: database.group.name, hostname: cloud.hostnameOf(database) },
        ...{ deleteProtection: database.deleteProtection, sizeLimit: database.sizeLimit },
        ...{
          blockReads: database.blockReads,
          blockWrites: database.blockWrites,
          parentId: database.parent?.id ?? null,
        },
      })),
    issueToken(scopes) {
      const token = `tp_${randomBytes(32).toString('base64url')}`;
      tokens.set(token, new Set(scopes));
      return new Secret(token);
    },
    inject: (fault) => void faults.push(fault),
    async close() {
      await dispatcher.destroy();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function bytesOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function send(outgoing: ServerResponse, { status, headers, body }: NonNullable<TursoFault['answer']>): void {
  const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body);
  outgoing.writeHead(status, {
    'content-type': typeof body === 'string' ? 'text/html' : 'application/json',
    ...headers,
  });
  outgoing.end(text);
}

function cut(outgoing: ServerResponse): void {
  outgoing.socket?.destroy();
}

/** Hands a request on to sqld, which finds the namespace in the first label of the host. */
function forward(
  url: string,
  incoming: IncomingMessage,
  body: Buffer,
  outgoing: ServerResponse,
  lost: boolean,
): Promise<void> {
  return new Promise((resolve, reject) => {
    // Over TLS `fetch` offers brotli too, and sqld takes 32 MB and some 10 ms to compress the smallest answer with it.
    const headers = { ...incoming.headers, 'accept-encoding': 'identity' };
    const onward = request(`${url}${incoming.url}`, { method: incoming.method, headers }, (answer) => {
      if (lost) {
        answer.resume();
        cut(outgoing);
      } else {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      }
      answer.on('end', resolve).on('error', reject);
    });
    onward.on('error', reject);
    onward.end(body);
  });
}
