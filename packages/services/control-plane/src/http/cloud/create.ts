import {
  type Accepted,
  type EnvironmentProvisioningService,
  generatedHostname,
  MOST_NAMES,
  numberedHostname,
  numberedLabel,
} from '@envplane/service-tenant';
import { ControlPlaneError, type EnvironmentView, invalidRequest } from '@envplane/spec';
import { ownMetadata } from './rows.ts';
import type { CreateCloudEnvironment } from './schemas.ts';

/** The client's own command sends it whenever nobody chose a plan. */
const UNCHOSEN_PLAN = 'free';

interface Names {
  slug: string;
  hostname: string | undefined;
}

/**
 * Accepts a new environment as the client asks for one: a slug that it leaves out is made of the name, and a number is added to
 * a slug that was made here and to a hostname where they are taken.
 * @throws ControlPlaneError as `provisionEnvironment` and `copyEnvironment`; `validation_failed` for what a copy cannot have
 */
export async function createEnvironment(
  service: EnvironmentProvisioningService,
  createdBy: string,
  body: CreateCloudEnvironment,
): Promise<Accepted> {
  const envType = body.env_type ?? body.project_type ?? 'development';
  const common = {
    ...{ displayName: body.display_name, envType },
    ...(body.driver !== undefined && { driver: body.driver }),
    ...(body.visibility !== undefined && { visibility: body.visibility }),
    ...(body.metadata !== undefined && { metadata: ownMetadata(body.metadata) }),
  };
  const { environments, organizations } = service;
  const sourceId = body.clone_from_environment_id;
  if (sourceId !== undefined) {
    await service.authorize('env:environment.copy', { environmentId: sourceId });
    await refuseUnlikeSource(service, body, await environments.get(sourceId));
    return withFreeNames(body, (names) => environments.copy(sourceId, { ...common, ...withoutUndefined(names) }));
  }
  await service.authorize('org:environments.create', { organizationId: body.organization_id });
  const { id: organizationId } = await organizations.get(body.organization_id);
  const plan = chosenPlan(body);
  return withFreeNames(body, (names) =>
    environments.provision({
      ...{ ...common, ...withoutUndefined(names), organizationId, createdBy },
      ...(plan !== undefined && { plan }),
      ...(body.region !== undefined && { region: body.region }),
      ...(body.is_default !== undefined && { isDefault: body.is_default }),
      ...(body.storage_limit_mb !== undefined && { storageLimitMb: body.storage_limit_mb }),
    }),
  );
}

const chosenPlan = ({ plan }: CreateCloudEnvironment) => (plan === UNCHOSEN_PLAN ? undefined : plan);

/** A copy is in the place of its source, and like it. @throws ControlPlaneError `validation_failed` */
async function refuseUnlikeSource(
  { organizations }: EnvironmentProvisioningService,
  body: CreateCloudEnvironment,
  source: EnvironmentView,
): Promise<void> {
  const { organization_id: asked } = body;
  const isSame = asked === source.organizationId || (await organizations.get(asked)).id === source.organizationId;
  const own: Partial<Record<keyof CreateCloudEnvironment, unknown>> = {
    organization_id: isSame ? asked : source.organizationId,
    plan: source.plan,
    region: source.region,
    storage_limit_mb: source.database.storageLimitMb,
    is_default: false,
  };
  const wished = { ...body, plan: chosenPlan(body) };
  const unlike = Object.entries(own).filter(([name, value]) => {
    const wish = wished[name as keyof CreateCloudEnvironment];
    return wish !== undefined && wish !== value;
  });
  if (unlike.length === 0) return;
  const detail = 'is that of the environment that is copied; leave it out';
  throw invalidRequest(unlike.map(([name]) => ({ in: 'body' as const, pointer: `/${name}`, detail })));
}

async function withFreeNames(
  { slug, display_name: displayName, hostname }: CreateCloudEnvironment,
  accept: (names: Names) => Promise<Accepted>,
): Promise<Accepted> {
  let [slugNumber, hostNumber] = [1, 1];
  for (let tried = 1; ; tried += 1) {
    const names = {
      slug: slug ?? numberedLabel(slugOf(displayName), slugNumber),
      hostname: hostname === undefined ? undefined : numberedHostname(hostname, hostNumber),
    };
    try {
      return await accept(names);
    } catch (error) {
      if (!(error instanceof ControlPlaneError) || tried === MOST_NAMES) throw error;
      if (error.code === 'slug_taken' && slug === undefined) slugNumber += 1;
      else if (error.code === 'hostname_taken') hostNumber += 1;
      else throw error;
    }
  }
}

/** A slug made of a name that people read; `environment` where nothing of it can be in one. */
export function slugOf(displayName: string): string {
  const plain = displayName
    .normalize('NFKD')
    .replaceAll(/\p{Mark}/gu, '')
    .toLowerCase();
  const slug = plain
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^-/, '')
    .slice(0, 63)
    .replace(/-$/, '');
  return slug === '' ? 'environment' : slug;
}

const withoutUndefined = ({ slug, hostname }: Names) => ({ slug, ...(hostname !== undefined && { hostname }) });

/**
 * The DNS name that was asked for, or would have been generated, where the environment has another one.
 * @param organizationSlug undefined for who may not read the organization: what would have been generated is not known then
 */
export function hostnameAssignment(
  { rootDomain }: EnvironmentProvisioningService,
  body: CreateCloudEnvironment,
  { slug, hostname }: EnvironmentView,
  organizationSlug: string | undefined,
): { requestedHostname: string; assignedHostname: string } | undefined {
  const generated = organizationSlug === undefined ? null : generatedHostname(rootDomain, slug, organizationSlug);
  const requestedHostname = body.hostname ?? generated;
  if (hostname === null || requestedHostname === null || requestedHostname === hostname) return undefined;
  return { requestedHostname, assignedHostname: hostname };
}

/** What else became otherwise than asked for, in sentences. */
export function differences(body: CreateCloudEnvironment, made: EnvironmentView): string[] {
  const derived = slugOf(body.display_name);
  return [
    ...(body.slug === undefined && made.slug !== derived ? [`The slug ${derived} is taken; it has ${made.slug}.`] : []),
    ...(body.plan !== undefined && made.plan !== body.plan
      ? [`Its plan is ${made.plan}, that of its organization.`]
      : []),
  ];
}
