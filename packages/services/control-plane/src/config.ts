import { hash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { RootDomainSchema, type SigningAlgorithm, SigningAlgorithmSchema } from '@envplane/spec';
import { z } from 'zod';
import { type EncryptorConfig, encryptorFault, encryptorOf, encryptorVariables } from './encryptor-config.ts';
import { EXIT, refusal } from './exit.ts';
import { audienceFault, issuerFault, type OidcIssuer } from './identity/issuer.ts';
import { isLoopback } from './loopback.ts';
import { missingVariable, type PlacementConfig, placementsOf, placementVariables } from './placement-config.ts';

/** What the service is told by its environment. Nothing else in this package reads `process.env`. */
export interface Config extends EncryptorConfig {
  host: string;
  /** 0 picks a free one. */
  port: number;
  /** Absolute. */
  dataDirectory: string;
  /** `file:<absolute path>` or `postgres://…`. */
  storeUrl: string;
  /** SHA-256 of the platform administrator's token when a variable sets it; otherwise the data directory holds the token. */
  adminToken: { hash: string; isShort: boolean } | undefined;
  defaultDriver: string;
  /** Where databases can be put, beside what is added while the service runs. */
  placements: PlacementConfig[];
  /** The permissions of the application; none but those of the control plane when undefined. */
  permissionsFile: string | undefined;
  /** New environments that an organization may begin a second, in this process. */
  environmentsPerSecond: number;
  /** Where clients reach the service, and the issuer of its tokens; the listener's own address when undefined. */
  publicUrl: string | undefined;
  tokenAlgorithm: SigningAlgorithm;
  /** Where this process runs, for who reads a trace; undefined when nobody said. */
  region: string | undefined;
  /** Below which environments get a DNS name that are given none; they have none when undefined. */
  rootDomain: string | undefined;
  /** The issuer that users sign in with; undefined when there is none. */
  oidc: OidcIssuer | undefined;
  logLevel: (typeof LOG_LEVELS)[number];
  logFormat: 'json' | 'pretty';
  otlpEndpoint: string | undefined;
  failpoints: string | undefined;
}

/** A setting as `doctor` shows it: a secret is never in `value`. */
export interface Setting {
  name: string;
  source: 'environment' | 'default';
  value: string;
}

/** The message names the variable and what would be right. */
const refused = (message: string) => refusal(EXIT.usage, message);

const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;

/** Below this a token can be guessed from a network; on loopback it is only warned about. */
const TOKEN_MIN_LENGTH = 32;

const EnvironmentSchema = z.object({
  ENVPLANE_HOST: z.string().default('127.0.0.1'),
  ENVPLANE_PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'must be a port number from 0 to 65535')
    .transform(Number)
    .refine((port) => port <= 65_535, 'must be a port number from 0 to 65535')
    .default(4600),
  ENVPLANE_DATA_DIR: z.string().default('./.envplane'),
  ENVPLANE_STORE_URL: z
    .string()
    .regex(/^(file:.|postgres(ql)?:\/\/.)/, 'must be file:<path> or postgres://…')
    .optional(),
  ENVPLANE_ADMIN_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'must be visible ASCII characters without spaces')
    .optional(),
  ...encryptorVariables,
  ENVPLANE_DEFAULT_DRIVER: z.string().default('sqlite'),
  ...placementVariables,
  ENVPLANE_PERMISSIONS_FILE: z.string().optional(),
  ENVPLANE_ENVIRONMENTS_PER_SECOND: z
    .string()
    .regex(/^[1-9]\d{0,5}$/, 'must be a whole number from 1 to 999999')
    .transform(Number)
    .default(10),
  ENVPLANE_PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
    .refine((url) => !/[?#@]/.test(url), 'must have no user, query or fragment')
    // As an issuer it is compared character by character (RFC 9068 §4).
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  ENVPLANE_TOKEN_ALG: z
    .enum(SigningAlgorithmSchema.options, `must be one of ${SigningAlgorithmSchema.options.join(', ')}`)
    .default('RS256'),
  ENVPLANE_REGION: z
    .string()
    .regex(/^[\w.-]{1,100}$/, 'must be at most 100 letters, digits, dots, hyphens and underscores')
    .optional(),
  ENVPLANE_ROOT_DOMAIN: RootDomainSchema.optional(),
  ENVPLANE_OIDC_ISSUER: z.string().superRefine(refuseFault(issuerFault)).optional(),
  ENVPLANE_OIDC_AUDIENCE: z.string().superRefine(refuseFault(audienceFault)).optional(),
  ENVPLANE_LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).default('info'),
  ENVPLANE_LOG_FORMAT: z.enum(['json', 'pretty'], 'must be json or pretty').optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).optional(),
  ENVPLANE_FAILPOINTS: z.string().optional(),
});

/** Passes the complaint of a check on. */
function refuseFault(faultOf: (value: string) => string | undefined) {
  return (value: string, context: z.RefinementCtx) => {
    const message = faultOf(value);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  };
}

type Name = keyof typeof EnvironmentSchema.shape;

/** Read by the commands that call a service; the service itself only tolerates them. */
const CLIENT_NAMES = ['ENVPLANE_URL', 'ENVPLANE_TOKEN'];

/** Administrator secrets of placements that were created with the name of a variable. */
const PLACEMENT_VARIABLE = /^ENVPLANE_PLACEMENT_[A-Z0-9_]+$/;

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads and checks every setting of the service. An empty variable counts as unset.
 * @throws refusal naming the variable: unknown, malformed, or not allowed here
 */
export function readConfig(environment: Environment = process.env): Config {
  refuseUnknown(environment);
  const parsed = EnvironmentSchema.safeParse(withoutEmpty(environment));
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0] ?? { path: [], message: '' };
    throw refused(`${String(path[0])} ${message}.`);
  }
  const values = parsed.data;
  if (values.ENVPLANE_FAILPOINTS !== undefined && environment['NODE_ENV'] === 'production') {
    throw refused('ENVPLANE_FAILPOINTS is for tests and is refused with NODE_ENV=production; remove it.');
  }
  const incomplete = missingVariable(values);
  if (incomplete) throw refused(`${incomplete.missing} is needed beside ${incomplete.beside}.`);
  const fault = encryptorFault(values);
  if (fault) throw refused(fault);
  const token = values.ENVPLANE_ADMIN_TOKEN;
  const isShort = token !== undefined && token.length < TOKEN_MIN_LENGTH;
  if (isShort && !isLoopback(values.ENVPLANE_HOST)) {
    throw refused(
      `ENVPLANE_ADMIN_TOKEN must have at least ${TOKEN_MIN_LENGTH} characters when ENVPLANE_HOST is not a loopback address.`,
    );
  }
  const dataDirectory = resolve(values.ENVPLANE_DATA_DIR);
  return {
    host: values.ENVPLANE_HOST,
    port: values.ENVPLANE_PORT,
    dataDirectory,
    storeUrl: storeUrl(values.ENVPLANE_STORE_URL, dataDirectory),
    adminToken: token === undefined ? undefined : { hash: hashToken(token), isShort },
    ...encryptorOf(values),
    defaultDriver: values.ENVPLANE_DEFAULT_DRIVER,
    placements: placementsOf(values),
    permissionsFile: values.ENVPLANE_PERMISSIONS_FILE,
    environmentsPerSecond: values.ENVPLANE_ENVIRONMENTS_PER_SECOND,
    publicUrl: values.ENVPLANE_PUBLIC_URL,
    tokenAlgorithm: values.ENVPLANE_TOKEN_ALG,
    region: values.ENVPLANE_REGION,
    rootDomain: values.ENVPLANE_ROOT_DOMAIN,
    oidc: primaryIssuer(values.ENVPLANE_OIDC_ISSUER, values.ENVPLANE_OIDC_AUDIENCE),
    logLevel: values.ENVPLANE_LOG_LEVEL,
    logFormat: values.ENVPLANE_LOG_FORMAT ?? (process.stderr.isTTY ? 'pretty' : 'json'),
    otlpEndpoint: values.OTEL_EXPORTER_OTLP_ENDPOINT,
    failpoints: values.ENVPLANE_FAILPOINTS,
  };
}

/** Every setting with where it comes from, safe to show. @throws refusal as `readConfig` */
export function describeSettings(environment: Environment = process.env): Setting[] {
  const config = readConfig(environment);
  const address = (name: Name) => (environment[name] ? withoutSecrets(environment[name]) : '');
  const secret = (name: Name) => (environment[name] ? '[redacted]' : '');
  const shown: Record<Name, string> = {
    ENVPLANE_HOST: config.host,
    ENVPLANE_PORT: String(config.port),
    ENVPLANE_DATA_DIR: config.dataDirectory,
    ENVPLANE_STORE_URL: withoutSecrets(config.storeUrl),
    ENVPLANE_ADMIN_TOKEN: config.adminToken ? '[redacted]' : adminTokenFile(config),
    ENVPLANE_ENCRYPTOR: config.encryptor,
    ENVPLANE_KMS_KEY_ID: config.kms?.keyId ?? '',
    ENVPLANE_KMS_ENDPOINT: config.kms?.endpoint ?? '',
    ENVPLANE_DEFAULT_DRIVER: config.defaultDriver,
    ENVPLANE_POSTGRES_ADMIN_URL: address('ENVPLANE_POSTGRES_ADMIN_URL'),
    ENVPLANE_LIBSQL_URL: address('ENVPLANE_LIBSQL_URL'),
    ENVPLANE_LIBSQL_ADMIN_URL: address('ENVPLANE_LIBSQL_ADMIN_URL'),
    ENVPLANE_LIBSQL_ADMIN_KEY: secret('ENVPLANE_LIBSQL_ADMIN_KEY'),
    TURSO_ORG_NAME: environment['TURSO_ORG_NAME'] ?? '',
    TURSO_API_TOKEN: secret('TURSO_API_TOKEN'),
    TURSO_API_URL: address('TURSO_API_URL'),
    TURSO_GROUP: environment['TURSO_GROUP'] ?? '',
    ENVPLANE_PERMISSIONS_FILE: config.permissionsFile ?? '',
    ENVPLANE_ENVIRONMENTS_PER_SECOND: String(config.environmentsPerSecond),
    ENVPLANE_PUBLIC_URL: config.publicUrl ?? '',
    ENVPLANE_TOKEN_ALG: config.tokenAlgorithm,
    ENVPLANE_REGION: config.region ?? '',
    ENVPLANE_ROOT_DOMAIN: config.rootDomain ?? '',
    ENVPLANE_OIDC_ISSUER: config.oidc?.issuer ?? '',
    ENVPLANE_OIDC_AUDIENCE: config.oidc?.audience ?? '',
    ENVPLANE_LOG_LEVEL: config.logLevel,
    ENVPLANE_LOG_FORMAT: config.logFormat,
    OTEL_EXPORTER_OTLP_ENDPOINT: config.otlpEndpoint ? withoutSecrets(config.otlpEndpoint) : '',
    ENVPLANE_FAILPOINTS: config.failpoints ?? '',
  };
  return Object.entries(shown).map(([name, value]) => ({
    name,
    source: environment[name] ? 'environment' : 'default',
    value,
  }));
}

/** What a command that calls a service is told by its environment. */
export interface ClientEnvironment {
  url: string | undefined;
  token: string | undefined;
  dataDirectory: string;
  /** Never ask: `CI` is set. */
  isCi: boolean;
  home: string | undefined;
}

export function readClientEnvironment(environment: Environment = process.env): ClientEnvironment {
  return {
    url: environment['ENVPLANE_URL'] || undefined,
    token: environment['ENVPLANE_TOKEN'] || environment['ENVPLANE_ADMIN_TOKEN'] || undefined,
    dataDirectory: resolve(environment['ENVPLANE_DATA_DIR'] || './.envplane'),
    isCi: !['', '0', 'false'].includes(environment['CI'] ?? ''),
    home: environment['HOME'],
  };
}

/** Everything, for a command that is run as from this shell. */
export const wholeEnvironment = (environment: Environment = process.env): Environment => environment;

/** A variable that holds a secret and is named elsewhere; an empty one counts as unset. */
export const readVariable = (name: string, environment: Environment = process.env): string | undefined =>
  environment[name] || undefined;

export const adminTokenFile = (config: Pick<Config, 'dataDirectory'>): string =>
  join(config.dataDirectory, 'admin-token');
export const localKeyFile = (config: Pick<Config, 'dataDirectory'>): string =>
  join(config.dataDirectory, 'local-key.json');
export const environmentsDirectory = (config: Pick<Config, 'dataDirectory'>): string =>
  join(config.dataDirectory, 'environments');

export const hashToken = (token: string): string => hash('sha256', token);

function refuseUnknown(environment: Environment): void {
  const known = new Set([...Object.keys(EnvironmentSchema.shape), ...CLIENT_NAMES]);
  const isOurs = (name: string) => name.startsWith('ENVPLANE_') && !PLACEMENT_VARIABLE.test(name);
  const unknown = Object.keys(environment).find((name) => isOurs(name) && !known.has(name));
  if (unknown === undefined) return;
  const settings = [...known].filter((name) => name.startsWith('ENVPLANE_')).sort();
  throw refused(`${unknown} is not a setting of this release; there are ${settings.join(', ')}.`);
}

function withoutEmpty(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
}

function primaryIssuer(issuer: string | undefined, audience: string | undefined): OidcIssuer | undefined {
  if (issuer === undefined && audience === undefined) return undefined;
  if (issuer === undefined) throw refused('ENVPLANE_OIDC_ISSUER is needed beside ENVPLANE_OIDC_AUDIENCE.');
  if (audience === undefined) throw refused('ENVPLANE_OIDC_AUDIENCE is needed beside ENVPLANE_OIDC_ISSUER.');
  return { issuer, audience, primary: true };
}

/** A path is taken from the working directory; a file of the data directory when absent. */
export function storeUrl(url: string | undefined, dataDirectory: string): string {
  if (url === undefined) return `file:${join(dataDirectory, 'control-plane.db')}`;
  return url.startsWith('file:') ? `file:${resolve(url.slice('file:'.length))}` : url;
}

/** User, password and query of a URL can hold secrets; host and path cannot. */
function withoutSecrets(url: string): string {
  if (url.startsWith('file:')) return url;
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}
