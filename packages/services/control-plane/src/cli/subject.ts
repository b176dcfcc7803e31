import type { EnvironmentView } from '@envplane/spec';
import { EXIT, refusal } from '../exit.ts';
import { dataOf, type Session } from './session.ts';

/** What a command is about, as people know it. */
export interface Subject {
  slug: string;
  /** `acme`, or `acme/prod (production, sqlite)`. */
  description: string;
  /** Losing it hurts: a production environment, an organization with all it holds, a placement. */
  isProduction: boolean;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The id of an environment given as an id or as `organization/environment`. @throws refusal when there is none */
export async function environmentId({ client }: Session, reference: string): Promise<string> {
  if (UUID.test(reference)) return reference;
  const [org, slug, ...rest] = reference.split('/');
  if (!org || !slug || rest.length > 0) {
    throw refusal(EXIT.usage, `An environment is named by its id or as organization/environment, not ${reference}.`);
  }
  let cursor: string | null = null;
  do {
    const page: { items: { id: string; slug: string }[]; nextCursor: string | null } = dataOf(
      await client.GET('/v1/organizations/{org}/environments', {
        params: { path: { org }, query: { limit: 200, ...(cursor && { cursor }) } },
      }),
    );
    const found = page.items.find((environment) => environment.slug === slug);
    if (found) return found.id;
    cursor = page.nextCursor;
  } while (cursor);
  throw refusal(EXIT.notFound, `The organization ${org} has no environment ${slug}; see envplane env list ${org}.`);
}

/** The id of an organization given as an id or a slug. */
export async function organizationId({ client }: Session, reference: string): Promise<string> {
  return dataOf(await client.GET('/v1/organizations/{org}', { params: { path: { org: reference } } })).id;
}

/**
 * What the project file names where the command line names nothing. Never a production environment: that one is always typed.
 * @throws refusal when there is no such default
 */
export async function defaultOf(session: Session, argument: string): Promise<string> {
  const { project } = session;
  const field = argument === 'env' ? 'environmentId' : 'organizationId';
  const named = project?.[field];
  if (!project || named === undefined) {
    throw refusal(
      EXIT.usage,
      `missing required argument '${argument}'; a .envplane.json with "${field}" would name one.`,
    );
  }
  const { client } = session;
  if (argument === 'org') {
    const organization = dataOf(await client.GET('/v1/organizations/{org}', { params: { path: { org: named } } }));
    session.notice(`${organization.slug}, as ${project.path} says`);
    return organization.id;
  }
  const path = { env: await environmentId(session, named) };
  const subject = await subjectOf(session, dataOf(await client.GET('/v1/environments/{env}', { params: { path } })));
  if (subject.isProduction) {
    throw refusal(EXIT.usage, `${project.path} names ${subject.description}; name a production environment yourself.`);
  }
  session.notice(`${subject.description}, as ${project.path} says`);
  return path.env;
}

/** What is known about the environment, organization or placement a request names; undefined when it names none, or one that is gone. */
export async function findSubject(session: Session, path: Record<string, string>): Promise<Subject | undefined> {
  const { client } = session;
  if (path['env'] !== undefined) {
    const { data: environment } = await client.GET('/v1/environments/{env}', {
      params: { path: { env: path['env'] } },
    });
    return environment && subjectOf(session, environment);
  }
  if (path['database'] !== undefined) {
    const { database, placement } = path;
    return { slug: database, description: `database ${database} at ${placement}`, isProduction: true };
  }
  if (path['placement'] !== undefined) {
    const { data: placement } = await client.GET('/v1/placements/{placement}', {
      params: { path: { placement: path['placement'] } },
    });
    if (!placement) return undefined;
    const { name, driver, region } = placement;
    return { slug: name, description: `placement ${name} (${driver}, ${region})`, isProduction: true };
  }
  if (path['kid'] !== undefined) {
    const { data: keys } = await client.GET('/v1/signing-keys');
    const key = keys?.items.find(({ kid }) => kid === path['kid']);
    return key && { slug: key.kid, description: `signing key ${key.kid} (${key.status})`, isProduction: true };
  }
  if (path['org'] === undefined) return undefined;
  const { data: organization } = await client.GET('/v1/organizations/{org}', {
    params: { path: { org: path['org'] } },
  });
  return organization && { slug: organization.slug, description: organization.slug, isProduction: true };
}

async function subjectOf({ client }: Session, environment: EnvironmentView): Promise<Subject> {
  const { organizationId: org, slug, envType, database } = environment;
  const { data: organization } = await client.GET('/v1/organizations/{org}', { params: { path: { org } } });
  return {
    slug,
    description: `${organization?.slug ?? org}/${slug} (${envType}, ${database.driver}, ${database.region})`,
    isProduction: envType === 'production',
  };
}
