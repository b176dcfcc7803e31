import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { EXIT, refusal } from '../exit.ts';

const NAME = '.envplane.json';

/** What a project says about itself for commands that are run inside it. Ids and an address, never a secret: it is committed. */
export interface ProjectFile {
  path: string;
  /** The service its ids are of. */
  url: string;
  /** Id or slug of the organization that is meant where none is named. */
  organizationId?: string;
  /** Id of the environment that is meant where none is named, or `organization/environment`. */
  environmentId?: string;
}

/** Looks for the file upwards from `directory`, no further than the home directory. @throws refusal for one that cannot be used */
export function findProjectFile(directory: string, home: string | undefined): ProjectFile | undefined {
  for (let here = resolve(directory); ; here = dirname(here)) {
    const found = read(join(here, NAME));
    if (found !== undefined || here === home || here === dirname(here)) return found;
  }
}

function read(path: string): ProjectFile | undefined {
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
  const { url, organizationId, environmentId } = content ?? {};
  if (typeof url !== 'string')
    throw refusal(EXIT.usage, `${path} must hold an object with the URL of a service as "url".`);
  return {
    path,
    url,
    ...idOf(path, { organizationId }),
    ...idOf(path, { environmentId }),
  };
}

/** @throws refusal for what is there and is no text */
function idOf<Name extends string>(path: string, field: Record<Name, unknown>): { [name in Name]?: string } {
  const [name, value] = Object.entries(field)[0] as [Name, unknown];
  if (value === undefined) return {};
  if (typeof value === 'string' && value !== '') return { [name]: value } as { [name in Name]?: string };
  throw refusal(EXIT.usage, `${path} must hold an id as "${name}".`);
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const content: unknown = JSON.parse(text);
    return typeof content === 'object' && content !== null ? (content as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
