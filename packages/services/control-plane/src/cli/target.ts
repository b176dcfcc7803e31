import { existsSync } from 'node:fs';
import { readTokenFile } from '../admin-token.ts';
import { adminTokenFile, type ClientEnvironment } from '../config.ts';
import { findHolder } from '../data-directory.ts';
import { EXIT, refusal } from '../exit.ts';
import { isLoopback } from '../loopback.ts';
import { findProjectFile, type ProjectFile } from './project-file.ts';

const DEFAULT_URL = 'http://127.0.0.1:4600';

/** Which service a command talks to, and with what. */
export interface Target {
  url: string;
  /** Whether it was said which service is meant, and not only assumed. */
  isNamed: boolean;
  token: string | undefined;
  /** The project file, where it is what names the service: its ids mean nothing to another one. */
  project: ProjectFile | undefined;
}

/**
 * The service: `--url`, then ENVPLANE_URL, then the nearest `.envplane.json`, then what runs on the data directory, then the
 * default address. The token: ENVPLANE_TOKEN, then ENVPLANE_ADMIN_TOKEN, then the data directory's.
 */
export function findTarget(flag: string | undefined, environment: ClientEnvironment): Target {
  const chosen = flag ?? environment.url;
  const project = chosen === undefined ? findProjectFile(process.cwd(), environment.home) : undefined;
  const named = chosen ?? project?.url;
  const local = findHolder(environment.dataDirectory)?.url;
  const url = normalized(named ?? local ?? DEFAULT_URL);
  // HAZARD: the token of this machine's service must not go to another one, whatever a project file on the way names.
  const isOurs = url === local || isLoopback(new URL(url).hostname.replace(/^\[|\]$/g, ''));
  const token = environment.token ?? (isOurs ? localToken(environment.dataDirectory) : undefined);
  return { url, isNamed: named !== undefined, token, project };
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
