import { writeFileSync } from 'node:fs';
import { splitIntoEnvironment } from '@envplane/service-tenant';
import { chooseDrivers } from '../drivers.ts';
import { chooseEncryptors } from '../encryptors.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { createLog } from '../log.ts';
import { openOwnStore, refusePassword } from './migrate.ts';
import { print } from './output.ts';
import type { GlobalOptions } from './session.ts';

export interface SplitCommandOptions extends GlobalOptions {
  from: string;
  envId: string;
  to: string;
  column: string;
  dryRun?: boolean;
  report?: string;
}

/** The command `migrate split`. Exit code 7 when a table of the environment's database holds other rows than those to copy. */
export async function splitShared(options: SplitCommandOptions): Promise<ExitCode> {
  refusePassword(options.from);
  const config = openOwnStore();
  const log = await createLog({ level: 'warn', format: config.logFormat });
  try {
    const report = await splitIntoEnvironment({
      ...chooseDrivers(config),
      ...chooseEncryptors(config),
      logger: log.logger,
      from: options.from,
      environment: options.to,
      environmentColumn: options.column,
      environmentValue: options.envId,
      dryRun: options.dryRun ?? false,
      onTable: ({ table, outcome, rows, left }) => {
        if (options.quiet || options.output !== 'table') return;
        process.stderr.write(`  ${table} ${outcome} (${rows} rows)\n`);
        if (left.length > 0) process.stderr.write(`  ${table} is made without ${left.join(', ')}\n`);
      },
    });
    if (options.report !== undefined) {
      writeFileSync(options.report, `${JSON.stringify(report, null, 2)}\n`, { mode: 0o600 });
    }
    await print(report, 'split', options.output);
    return report.complete || options.dryRun ? EXIT.ok : EXIT.drift;
  } finally {
    log.flush();
  }
}
