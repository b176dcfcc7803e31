/** One request as it reached the emulator. Tokens are not kept. */
export interface TursoRequest {
  host: string;
  method: string;
  /** Path and query. */
  path: string;
  /** The body's text, for requests to the API host only. */
  body: string;
}

/** What one request, or the next few, meet instead of, before or after the ordinary answer. */
export interface TursoFault {
  /** Which requests it is for; all to the API host when left out. */
  match?: (request: TursoRequest) => boolean;
  /** How many requests meet it; 1 when left out. */
  times?: number;
  /** Waits this long first, in ms. */
  delayMs?: number;
  /** Answers this, and the request is not applied. A body that is no text is sent as JSON. */
  answer?: { status: number; headers?: Record<string, string>; body?: unknown };
  /** Applies the request and cuts the connection before the answer. */
  loseReply?: boolean;
}

/** How the emulated cloud behaves until it is told otherwise. All may be changed at any time. */
export interface TursoSwitches {
  /** What creating an existing name is answered with; both have been seen on the real API. */
  duplicateStatus: 409 | 400;
  /** For how long after its creation a database's own host answers 404, in ms. */
  hostDelayMs: number;
  /** By how much reading a database or the list lags behind, in ms. */
  staleReadMs: number;
  /** What host names end in. Anything but `turso.io` is somebody else's host. */
  hostSuffix: string;
  /** Databases on one page of the list; null for a list without pages, as version 1 of the API answers. */
  pageSize: number | null;
  /** The organizations as a bare array, or under `organizations`. */
  organizationsAsArray: boolean;
  /** Tokens are minted without an expiry, whatever was asked for. */
  ignoreExpiration: boolean;
  /** What the cloud's clock shows against ours when it mints a token, in ms. NOTE: sqld forgives 60 s. */
  clockOffsetMs: number;
  /** The amounts of a usage answer stand under this name. */
  usageField: 'total' | 'usage';
}

export const DEFAULT_SWITCHES: TursoSwitches = {
  duplicateStatus: 409,
  hostDelayMs: 0,
  staleReadMs: 0,
  hostSuffix: 'turso.io',
  pageSize: null,
  organizationsAsArray: true,
  ignoreExpiration: false,
  clockOffsetMs: 0,
  usageField: 'total',
};

/** Takes the fault that the request meets, if any, and counts it. */
export function takeFault(faults: TursoFault[], request: TursoRequest, apiHost: string): TursoFault | undefined {
  const at = faults.findIndex(({ match }) => (match ? match(request) : request.host === apiHost));
  const fault = faults[at];
  if (fault === undefined) return undefined;
  const times = (fault.times ?? 1) - 1;
  if (times > 0) faults[at] = { ...fault, times };
  else faults.splice(at, 1);
  return fault;
}
