import { onTestFinished } from 'vitest';
import { createGateway, epochsAt, type Gateway, type GatewayOptions, keySetAt, type Verdict } from '../src/index.ts';
import { type Alg, signingKey, TestControlPlane } from './control-plane.ts';

/** A control plane and a gateway that share a clock which stands still until it is set. */
export interface World {
  clock: { ms: number };
  plane: TestControlPlane;
  gateway: Gateway;
  logged: string[];
  /** Lets time pass. Nothing is loaded by that alone. */
  pass(seconds: number): void;
  check(token: string | undefined, request?: RequestInit & { path?: string }): Promise<Verdict>;
}

export const routes: GatewayOptions['routes'] = [
  { path: '/blog/posts', methods: ['POST'], permission: 'blog:posts.write' },
  { path: '/blog/posts', permission: 'blog:posts.read' },
  { path: '/blog/posts/*', permission: 'blog:posts.read' },
  { path: '/shop/orders', permission: 'shop:orders.read' },
  { path: '/e/:env/posts', permission: 'blog:posts.read' },
];

/** Two published keys, of which the first signs. What is opened is closed with the test. */
export async function openWorld(
  options: Partial<GatewayOptions> & { alg?: Alg; isCold?: boolean } = {},
): Promise<World> {
  const { alg = 'ES256', isCold, ...rest } = options;
  const clock = { ms: Date.UTC(2026, 0, 1) };
  const plane = new TestControlPlane(clock);
  plane.published = [await signingKey('key-1', alg), await signingKey('key-2', alg)];
  await plane.up();
  onTestFinished(() => plane.down());
  const logged: string[] = [];
  const log = (fields: object) => logged.push((fields as { event: string }).event);
  const gateway = createGateway({
    issuer: plane.issuer,
    jwks: keySetAt(`${plane.url}/.well-known/jwks.json`),
    epochs: epochsAt(`${plane.url}/v1/token-epochs`, plane.token),
    routes,
    now: () => clock.ms,
    logger: { debug: log, info: log, warn: log, error: log },
    ...rest,
  });
  onTestFinished(() => gateway.stop());
  if (!isCold) await gateway.refresh();
  return {
    clock,
    plane,
    gateway,
    logged,
    pass: (seconds) => {
      clock.ms += seconds * 1_000;
    },
    check: (token, { path = '/blog/posts', ...init } = {}) => {
      const headers = new Headers(init.headers);
      if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
      return gateway.check(new Request(`https://app.test${path}`, { ...init, headers }));
    },
  };
}

/** What a refusal matches. */
export const refused = (status: number, code: string) => ({ allowed: false, status, code });
export const allowed = { allowed: true };
