import type { Logger } from '@envplane/spec';
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { fetchJson, IssuerUnavailable } from './bounded-fetch.ts';
import { isSafeUrl } from './issuer.ts';

/** Older than this, the set is read again before it is used: a key that the issuer withdrew is refused from then on. */
const FRESH_MS = 10 * 60_000;
/** How long the last set that was read serves while the issuer is down. */
const MAX_STALE_MS = 24 * 60 * 60_000;
/** Unknown key ids cost nothing to send: they cause one reload in this time, and so does an issuer that is down. */
const COOLDOWN_MS = 30_000;
/** Without any set nobody can sign in, so the next try comes sooner. */
const FIRST_LOAD_COOLDOWN_MS = 1_000;

/**
 * The keys of one issuer: found by discovery (OpenID Connect Discovery 1.0 §4), kept in memory, read again when they are old
 * or when a token names one that is not there.
 *
 * The library's remote key set is not used: it counts its pause from the last reload that succeeded, so that an issuer that is
 * down is asked for every token, and it refuses all tokens once its cache is old and the issuer does not answer.
 *
 * @param nowMs milliseconds since the Unix epoch
 * @returns throws IssuerUnavailable when there is no usable set
 */
export function issuerKeys(issuer: string, logger: Logger, nowMs: () => number): JWTVerifyGetKey {
  let keys: { find: JWTVerifyGetKey; loadedMs: number } | undefined;
  let triedMs = Number.NEGATIVE_INFINITY;
  let loading: Promise<void> | undefined;

  /** Reads the set, unless that was tried just now. Callers share one load; a failure leaves the old set. */
  async function load(): Promise<void> {
    if (loading !== undefined) return loading;
    if (nowMs() - triedMs < (keys ? COOLDOWN_MS : FIRST_LOAD_COOLDOWN_MS)) return;
    triedMs = nowMs();
    loading = readKeySet(issuer)
      .then((set) => {
        keys = { find: createLocalJWKSet(set), loadedMs: nowMs() };
      })
      .catch((error) => {
        logger.warn({ event: 'oidc.keys_unavailable', err: error }, 'the key set of an OIDC issuer cannot be read');
      })
      .finally(() => {
        loading = undefined;
      });
    return loading;
  }

  return async (header, token) => {
    const ageMs = keys ? nowMs() - keys.loadedMs : Number.POSITIVE_INFINITY;
    // Whoever comes while an old set is being replaced is served from it at once.
    if (ageMs > MAX_STALE_MS || (ageMs > FRESH_MS && loading === undefined)) await load();
    const { find } = usable();
    try {
      return await find(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
    }
    await load();
    return usable().find(header, token);
  };

  function usable() {
    if (keys && nowMs() - keys.loadedMs <= MAX_STALE_MS) return keys;
    throw new IssuerUnavailable('no key set was read in the last 24 hours');
  }
}

/** Reads the issuer's own description of itself, and the keys it points to. @throws IssuerUnavailable */
async function readKeySet(issuer: string): Promise<JSONWebKeySet> {
  const configuration = await fetchJson(new URL(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`));
  return (await fetchJson(keySetAddress(issuer, configuration))) as JSONWebKeySet;
}

/** Where a configuration document says the keys are. @throws IssuerUnavailable when that cannot be believed */
export function keySetAddress(issuer: string, configuration: unknown): URL {
  const { issuer: named, jwks_uri: address } = Object(configuration) as { issuer: unknown; jwks_uri: unknown };
  if (named !== issuer) throw new IssuerUnavailable('its configuration names another issuer');
  if (typeof address !== 'string' || !URL.canParse(address)) {
    throw new IssuerUnavailable('its configuration names no key set');
  }
  const url = new URL(address);
  // An issuer elsewhere has no business on this host.
  const isForeign = url.protocol === 'http:' && new URL(issuer).protocol === 'https:';
  if (isForeign || !isSafeUrl(url)) throw new IssuerUnavailable('its key set is neither on https nor on this host');
  return url;
}
