import { existsSync } from 'node:fs';
import { type ControlPlane, openControlPlane } from '@envplane/service-tenant';
import type { Hono } from 'hono';
import { adminTokenHash } from './admin-token.ts';
import { readPermissions } from './application-permissions.ts';
import { adminTokenFile, type Config, readConfig } from './config.ts';
import { lockDataDirectory, openDataDirectory } from './data-directory.ts';
import { chooseDrivers, FAILPOINT_NAMES } from './drivers.ts';
import { chooseEncryptors } from './encryptors.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { failpointEffect } from './failpoints.ts';
import { createApp } from './http/app.ts';
import { identityProviders } from './identity/providers.ts';
import { createListener } from './listener.ts';
import { createLog, type Log } from './log.ts';
import { isLoopback } from './loopback.ts';
import { createTelemetry } from './telemetry.ts';
import { VERSION } from './version.ts';

/** A service that answers requests. */
export interface Service {
  url: string;
  controlPlane: ControlPlane;
  /** Stops accepting, lets requests and passes under way finish, and closes everything. */
  close(): Promise<void>;
}

/**
 * The command `serve`: runs the service until it is told to stop. One line on stdout says that it is ready.
 * @param prepare what is done before it says so
 */
export async function serve(prepare?: (service: Service, config: Config) => Promise<void>): Promise<ExitCode> {
  const config = readConfig();
  const log = await createLog({ level: config.logLevel, format: config.logFormat });
  reportDefects(log);
  const stopRequested = stopSignal();
  try {
    const service = await startService(config, log);
    try {
      await prepare?.(service, config);
      process.stdout.write(`envplane listening on ${service.url}\n`);
      await stopRequested;
      log.logger.info({ event: 'service.stopping' }, 'stopping');
    } finally {
      await service.close();
    }
    log.logger.info({ event: 'service.stopped' }, 'stopped');
    return EXIT.ok;
  } finally {
    log.flush();
  }
}

/**
 * Starts the service. What was opened before a failure is closed again.
 * @throws refusal for settings and files that cannot be used; ControlPlaneError `encryptor_unavailable`; Error of the store, of
 *   a placement or of the listener
 */
export async function startService(config: Config, log: Log): Promise<Service> {
  const { logger } = log;
  const opened: (() => unknown)[] = [];
  const close = async () => {
    for (let last = opened.pop(); last; last = opened.pop()) await last();
  };
  try {
    openDataDirectory(config.dataDirectory);
    // Processes may share a PostgreSQL store; a SQLite file has one owner.
    const lock = config.storeUrl.startsWith('file:') ? lockDataDirectory(config.dataDirectory) : undefined;
    if (lock) opened.push(lock.release);
    warnAboutToken(config, log);
    const adminToken = adminTokenHash(config);
    let listening: string | undefined;
    const telemetry = createTelemetry();
    const controlPlane = await openControlPlane({
      ...chooseDrivers(config),
      ...chooseEncryptors(config),
      permissions: readPermissions(config.permissionsFile),
      tokens: { issuer: () => config.publicUrl ?? listening ?? '', algorithm: config.tokenAlgorithm },
      isSoleProcess: lock !== undefined,
      environmentsPerSecond: config.environmentsPerSecond,
      logger,
      meter: telemetry.meter,
      ...(config.region !== undefined && { region: config.region }),
      ...(config.rootDomain !== undefined && { rootDomain: config.rootDomain }),
      ...(config.failpoints !== undefined && { effect: failpointEffect(config.failpoints, FAILPOINT_NAMES) }),
    });
    opened.push(controlPlane.close);

    const identity = identityProviders({
      adminTokenHash: adminToken,
      serviceAccounts: (token, trace) => controlPlane.service.within(trace).serviceAccounts.authenticate(token),
      ...(config.oidc && { oidc: { issuers: [config.oidc], logger } }),
    });
    let draining = false;
    const app = createApp({
      controlPlane,
      identity,
      logger,
      metrics: telemetry,
      version: VERSION,
      metricsArePublic: isLoopback(config.host),
      isDraining: () => draining,
    });
    const listener = createListener(await traced(app, config, opened));
    telemetry.watch(controlPlane, listener.activeRequests);
    const url = await listener.listen(config.host, config.port);
    listening = url;
    opened.push(() => {
      draining = true;
      return listener.drain();
    });
    lock?.announce(url);
    logger.info({ event: 'service.started', instance: controlPlane.instance }, 'started');
    return { url, controlPlane, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function warnAboutToken(config: Config, { logger }: Log): void {
  if (!config.adminToken) return;
  if (config.adminToken.isShort) logger.warn({ event: 'token.short' }, 'the administrator token can be guessed');
  if (existsSync(adminTokenFile(config))) {
    logger.warn(
      { event: 'token.file_unused' },
      'the token file is not used while ENVPLANE_ADMIN_TOKEN is set, and is again without it; remove the file if it leaked',
    );
  }
}

/** Tracing is loaded only when there is somewhere to send traces. */
async function traced(app: Hono, { otlpEndpoint }: Config, opened: (() => unknown)[]): Promise<Hono['fetch']> {
  if (otlpEndpoint === undefined) return app.fetch;
  const { traceRequests } = await import('./traces.ts');
  const tracing = traceRequests(app, { endpoint: otlpEndpoint, version: VERSION });
  opened.push(tracing.shutdown);
  return tracing.app.fetch;
}

/** Resolves with the first SIGTERM or SIGINT. A second one ends the process at once; the store bears that at any time. */
export function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    const signals = [
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const;
    for (const [signal, exitCode] of signals) {
      process.on(signal, () => {
        if (asked) process.exit(exitCode);
        asked = true;
        resolve();
      });
    }
  });
}

/** A defect ends the process, since its state is unknown; a restart finds everything in the store. */
export function reportDefects(log: Log): void {
  process.on('uncaughtException', (error) => {
    log.logger.error({ event: 'process.crashed', err: error }, 'a defect ended the process');
    log.flush();
    process.exit(EXIT.failed);
  });
}
