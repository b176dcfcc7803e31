import { createGateway } from '@envplane/gateway';
import { type CryptoKey, exportJWK, generateKeyPair, jwtVerify, SignJWT } from 'jose';
import { type Figure, median, percentile, us } from './harness.ts';

const ISSUER = 'https://plane.bench';
const TOKENS = 1_000;
/** The first half warms up: V8 compiles what it has seen often. */
const PASSES = 20;
const KNOWN = 100_000;
const PERMISSIONS = Array.from({ length: 40 }, (_, n) => `blog:resource-${n}.read`);
const ROUTES = PERMISSIONS.slice(0, 12).map((permission, n) => ({
  path: `/blog/:env/resource-${n}/:id`,
  methods: ['GET'],
  permission,
}));

/** What the gateway adds to the verification of a signature, and what a request costs whose token it knows. */
export async function gateway(): Promise<Figure[]> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: 'key-1', alg: 'RS256', use: 'sig' };
  const tokens: string[] = [];
  while (tokens.length < TOKENS) tokens.push(await mint(privateKey, tokens.length));

  // A new gateway has seen no token yet.
  const open = async () => {
    const opened = createGateway({
      issuer: ISSUER,
      jwks: async () => ({ keys: [jwk] }),
      epochs: async () => ({ items: [], nextCursor: '0', reset: true, more: false }),
      routes: ROUTES,
    });
    await opened.refresh();
    return opened;
  };
  let checking = await open();
  const check = async (n: number) => {
    const request = requestOf(tokens, n);
    const began = performance.now();
    const verdict = await checking.check(request);
    const spent = microseconds(began);
    if (!verdict.allowed) throw new Error(verdict.detail);
    return spent;
  };
  const verifyAlone = async (n: number) => {
    const began = performance.now();
    await verify(tokens[n] ?? '', publicKey);
    return microseconds(began);
  };

  const bare: number[] = [];
  const fresh: number[] = [];
  /** By the number of tokens that come in turn. */
  const remembered = new Map<number, number[]>([
    [100, []],
    [TOKENS, []],
  ]);
  for (let pass = 0; pass < PASSES; pass++) {
    const isCounted = pass >= PASSES / 2;
    checking = await open();
    for (let n = 0; n < TOKENS; n++) {
      // They take turns in going first, and never have the same token one after the other.
      const own = (n + TOKENS / 2) % TOKENS;
      const first = n % 2 === 0 ? await verifyAlone(n) : await check(own);
      const second = n % 2 === 0 ? await check(own) : await verifyAlone(n);
      if (!isCounted) continue;
      bare.push(n % 2 === 0 ? first : second);
      fresh.push(n % 2 === 0 ? second : first);
    }
  }
  for (const [distinct, spent] of remembered) {
    for (let n = 0; n < KNOWN; n++) {
      const each = await check(n % distinct);
      if (n >= KNOWN / 2) spent.push(each);
    }
  }

  const [verified, checked, p99] = [median(bare), median(fresh), percentile(fresh, 0.99)];
  const [few, many] = [...remembered.values()].map(median);
  return [
    { name: 'jose jwtVerify, RS256', value: us(verified / 1_000) },
    { name: 'the same, 99th percentile', value: us(percentile(bare, 0.99) / 1_000) },
    { name: 'gateway, token not seen before', value: us(checked / 1_000), ratio: checked / verified, bound: '<=1.3' },
    { name: 'that, 99th percentile', value: us(p99 / 1_000), ratio: p99, bound: '<=2000' },
    { name: 'gateway, 100 tokens seen before', value: us((few ?? 0) / 1_000), ratio: few ?? 0, bound: '<=3' },
    { name: 'gateway, 1,000 tokens seen before', value: us((many ?? 0) / 1_000) },
  ];
}

/** As it comes from a socket: every header is a new string, which nothing has hashed yet. */
function requestOf(tokens: readonly string[], n: number): Request {
  const authorization = Buffer.from(`Bearer ${tokens[n]}`).toString('latin1');
  return new Request(`https://app.bench/blog/env-a/resource-${n % ROUTES.length}/${n}?page=2`, {
    headers: { authorization, accept: 'application/json', 'user-agent': 'bench' },
  });
}

function mint(key: CryptoKey, n: number): Promise<string> {
  const now = Math.floor(Date.now() / 1_000);
  return new SignJWT({
    sub: 'ada',
    sub_type: 'user',
    client_id: 'host',
    org: 'org-a',
    env: 'env-a',
    permissions: PERMISSIONS,
    services: { blog: { enabled: true } },
    role: 'owner',
    ep: [1, 1],
    nbf: now,
    jti: `token-${n}`,
  })
    .setProtectedHeader({ alg: 'RS256', kid: 'key-1', typ: 'at+jwt' })
    .setIssuer(ISSUER)
    .setAudience('env:env-a')
    .setIssuedAt(now)
    .setExpirationTime(now + 3_600)
    .sign(key);
}

const verify = (token: string, key: CryptoKey) =>
  jwtVerify(token, key, {
    issuer: ISSUER,
    audience: 'env:env-a',
    typ: 'at+jwt',
    algorithms: ['RS256'],
    requiredClaims: ['iat', 'nbf', 'exp'],
    clockTolerance: 5,
  });

const microseconds = (since: number): number => (performance.now() - since) * 1_000;
