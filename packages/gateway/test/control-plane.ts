import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { listen, type RunningServer } from './server.ts';

export type Alg = 'RS256' | 'ES256' | 'EdDSA';

export interface SigningKey {
  kid: string;
  alg: Alg;
  privateKey: CryptoKey;
  jwk: JWK;
}

export async function signingKey(kid: string, alg: Alg): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

type Entry = { environmentId: string; subject: string; epoch: number } | { kid: string };

const PAGE = 2;

/** The three routes of the control plane that a gateway has to do with, over real HTTP: it mints, publishes and withdraws. */
export class TestControlPlane {
  readonly issuer = 'https://plane.test';
  readonly token = 'the-token-of-this-gateway';
  readonly calls = { keys: 0, epochs: 0 };
  clock: { ms: number };
  published: SigningKey[] = [];
  /** What the feed tells, by position; a position is taken before its entry can be seen. */
  entries: { seq: number; atMs: number; entry: Entry }[] = [];
  /** Cursors below are too old. */
  oldest = 0;
  /** What is answered instead. */
  instead: ((path: string) => Response | Promise<Response>) | undefined;
  #server: RunningServer | undefined;
  #port = 0;
  #ids = 0;

  constructor(clock: { ms: number }) {
    this.clock = clock;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Signs first. */
  get active(): SigningKey {
    const [key] = this.published;
    if (!key) throw new Error('no key is published');
    return key;
  }

  async up(): Promise<void> {
    this.#server = await listen((request) => this.#answer(request), this.#port);
    this.#port = this.#server.port;
  }

  async down(): Promise<void> {
    await this.#server?.close();
    this.#server = undefined;
  }

  async #answer(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === '/.well-known/jwks.json') this.calls.keys += 1;
    else this.calls.epochs += 1;
    if (this.instead) return this.instead(pathname);
    if (pathname === '/.well-known/jwks.json') return Response.json({ keys: this.published.map(({ jwk }) => jwk) });
    if (request.headers.get('authorization') !== `Bearer ${this.token}`) return new Response(null, { status: 401 });
    const cursor = searchParams.get('cursor');
    const reset = cursor === null || Number(cursor) < this.oldest;
    const after = reset ? -1 : Number(cursor);
    const later = this.entries.filter(({ seq }) => seq > after).sort((a, b) => a.seq - b.seq);
    const items = later.slice(0, PAGE);
    const more = later.length > PAGE;
    const lastSeq = Math.max(0, ...this.entries.map(({ seq }) => seq));
    // What is younger than half a minute is told again.
    const young = this.entries.filter(({ atMs }) => atMs > this.clock.ms - 30_000).map(({ seq }) => seq - 1);
    const nextCursor = String(more ? items.at(-1)?.seq : Math.min(lastSeq, ...young));
    const serverTime = new Date(this.clock.ms).toISOString();
    return Response.json({
      items: items.map(({ entry }) => entry),
      nextCursor,
      reset,
      more,
      serverTime,
    });
  }

  withdraw(...entries: Entry[]): void {
    for (const entry of entries) {
      const seq = Math.max(0, ...this.entries.map((each) => each.seq)) + 1;
      this.entries.push({ seq, atMs: this.clock.ms, entry });
    }
  }

  /** The claims of a token as it is minted for an owner. A claim that is set to undefined is left out. */
  claims(changes: Record<string, unknown> = {}): Record<string, unknown> {
    const now = Math.floor(this.clock.ms / 1_000);
    return {
      iss: this.issuer,
      aud: 'env:env-a',
      sub: 'ada',
      sub_type: 'user',
      client_id: 'host',
      org: 'org-a',
      env: 'env-a',
      permissions: ['blog:posts.read', 'blog:posts.write'],
      services: { blog: { enabled: true } },
      role: 'owner',
      ep: [1, 1],
      iat: now,
      nbf: now,
      exp: now + 300,
      jti: `token-${++this.#ids}`,
      ...changes,
    };
  }

  mint(
    changes: Record<string, unknown> = {},
    header: Record<string, unknown> = {},
    key: Pick<SigningKey, 'kid' | 'alg' | 'privateKey'> = this.active,
  ): Promise<string> {
    return new SignJWT(this.claims(changes))
      .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'at+jwt', ...header })
      .sign(key.privateKey);
  }
}
