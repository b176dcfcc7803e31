import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { readTokenFile } from '../admin-token.ts';
import { adminTokenFile, type ClientEnvironment } from '../config.ts';
import { findHolder } from '../data-directory.ts';
import { EXIT, refusal } from '../exit.ts';
import { isLoopback } from '../loopback.ts';

const PROJECT_FILE = '.envplane.json';
const DEFAULT_URL = 'http://127.0.0.1:4600';

/** Which service a command talks to, and with what. */
export interface Target {
  url: string;
  /** Whether it was said which service is meant, and not only assumed. */
  isNamed: boolean;
  token: string | undefined;
}

/**
 * The service: `--url`, then ENVPLANE_URL, then the nearest `.envplane.json`, then what runs on the data directory, then the
 * default address. The token: ENVPLANE_TOKEN, then ENVPLANE_ADMIN_TOKEN, then the data directory's.
 */
export function findTarget(flag: string | undefined, environment: ClientEnvironment): Target {
  const named = flag ?? environment.url ?? projectUrl(process.cwd(), environment.home);
  const local = findHolder(environment.dataDirectory)?.url;
  const url = normalized(named ?? local ?? DEFAULT_URL);
  // HAZARD: the token of this machine's service must not go to another one, whatever a project file on the way names.
  const isOurs = url === local || isLoopback(new URL(url).hostname.replace(/^\[|\]$/g, ''));
  const token = environment.token ?? (isOurs ? localToken(environment.dataDirectory) : undefined);
  return { url, isNamed: named !== undefined, token };
}

function normalized(url: string): string {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    throw refusal(EXIT.usage, `${url} is not the http or https URL of a service.`);
  }
  const parsed = new URL(url);
  if (parsed.username !== '' || parsed.password !== '') {
    throw refusal(EXIT.usage, 'The URL of a service holds no user or password; the token comes from ENVPLANE_TOKEN.');
  }
  return url.replace(/\/+$/, '');
}

function localToken(dataDirectory: string): string | undefined {
  const path = adminTokenFile({ dataDirectory });
  return existsSync(path) ? readTokenFile(path) : undefined;
}

/** Looks upwards from `directory`, no further than the home directory. */
function projectUrl(directory: string, home: string | undefined): string | undefined {
  for (let here = resolve(directory); ; here = dirname(here)) {
    const url = urlIn(join(here, PROJECT_FILE));
    if (url !== undefined || here === home || here === dirname(here)) return url;
  }
}

function urlIn(path: string): string | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  const content = parsed(text);
  const keys = Object.keys(content ?? {});
  if (keys.some((key) => /token|secret|password/i.test(key))) {
    throw refusal(EXIT.usage, `${path} holds a secret; take it out and use ENVPLANE_TOKEN.`);
  }
  const url = content?.['url'];
  if (typeof url !== 'string')
    throw refusal(EXIT.usage, `${path} must hold an object with the URL of a service as "url".`);
  return url;
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const content: unknown = JSON.parse(text);
    return typeof content === 'object' && content !== null ? (content as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
