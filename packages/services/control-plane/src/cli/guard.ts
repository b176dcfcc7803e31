import { EXIT, refusal } from '../exit.ts';
import type { ContractCommand } from './contract.ts';
import type { Session } from './session.ts';
import type { Subject } from './subject.ts';
import { askText, askYesNo } from './ui.ts';

/** Verbs that take a thing out of service, though it can be brought back. */
const INTERRUPTING = new Set(['archive', 'suspend']);

/** How a person confirms on the command line what they would otherwise be asked. */
export interface Confirmation {
  yes?: boolean;
  confirm?: string;
}

/** Whether a command can ask for a confirmation, and so takes the options for it. */
export const canAsk = (command: ContractCommand): boolean => command.destructive || INTERRUPTING.has(command.verb);

/**
 * Lets a dangerous command pass only when it is meant: what cannot be undone, and whatever interrupts production. Production
 * needs the slug, typed or as `--confirm`. Without a terminal nothing is asked.
 *
 * @param subject undefined when it is gone already; then the flags must say what was meant
 * @returns the slug that was confirmed
 * @throws refusal when a flag is missing or wrong, or the answer was no
 */
export async function confirmed(
  session: Session,
  command: ContractCommand,
  subject: Subject | undefined,
  given: Confirmation,
): Promise<string | undefined> {
  const isProduction = subject?.isProduction ?? true;
  if (!command.destructive && !(INTERRUPTING.has(command.verb) && isProduction)) return undefined;
  const slug = subject?.slug ?? given.confirm;
  if (given.confirm !== undefined && given.confirm !== slug) {
    throw refusal(EXIT.usage, `--confirm ${given.confirm} does not match: this is ${subject?.description}.`);
  }
  if (given.yes && (given.confirm !== undefined || !isProduction)) return slug;
  const flags = isProduction ? `--yes --confirm ${slug ?? '<slug>'}` : '--yes';
  if (given.yes || !subject || !session.isInteractive) {
    const what = `${command.verb} ${subject?.description ?? 'what is gone'}`;
    throw refusal(EXIT.usage, `To ${what} without being asked, add ${flags}.`);
  }
  const isMeant = isProduction
    ? (await askText(`To ${command.verb} ${subject.description}, type ${slug}`)) === slug
    : await askYesNo(`${command.verb} ${subject.description}?`);
  if (!isMeant) throw refusal(EXIT.failed, 'Nothing was changed.');
  return slug;
}
