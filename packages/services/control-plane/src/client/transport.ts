/** Sends one request. `globalThis.fetch`, or an application's own in tests. */
export type Fetch = (request: Request) => Promise<Response>;

const ATTEMPTS = 5;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Sends a request again while the answer is 429 or 503 with `Retry-After`, at most five times in all. Safe for mutations
 * too: they carry an `Idempotency-Key`, which stays the same. What is not JSON, such as a proxy's own page, becomes a problem.
 */
export function resilient(fetch: Fetch): Fetch {
  return async (request) => {
    for (let attempt = 1; ; attempt += 1) {
      const response = await fetch(request.clone());
      const pauseMs = retryAfterMs(response);
      if (pauseMs === undefined || pauseMs > LONGEST_PAUSE_MS || attempt === ATTEMPTS) return asProblem(response);
      await response.body?.cancel();
      await pause(pauseMs, request.signal);
    }
  };
}

function retryAfterMs(response: Response): number | undefined {
  if (response.status !== 429 && response.status !== 503) return undefined;
  const seconds = response.headers.get('retry-after');
  return seconds !== null && /^\d+$/.test(seconds) ? Number(seconds) * 1_000 : undefined;
}

/** An error whose body is not a problem document was not made by the control plane. */
async function asProblem(response: Response): Promise<Response> {
  const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
  if (response.ok || isJson || response.status === 304) return response;
  await response.body?.cancel();
  const problem = {
    type: 'about:blank',
    title: response.statusText || 'The request failed',
    status: response.status,
    detail: `The answer, status ${response.status}, does not come from Envplane; check the URL and what stands in between.`,
    code: 'not_envplane',
    requestId: response.headers.get('x-request-id') ?? '-',
  };
  return Response.json(problem, { status: response.status, headers: { 'content-type': 'application/problem+json' } });
}

/** Resolves after the pause. @throws what the signal is aborted with */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const abort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    }, ms);
    signal.addEventListener('abort', abort, { once: true });
  });
}
