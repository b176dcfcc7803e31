import { ControlPlaneError, isSafeText } from '@envplane/spec';
import type { Position } from './reads.ts';

const CURSOR_VERSION = 1;

/** An opaque cursor: the position, bound to the filter it was made with. */
export function encodeCursor(position: object | number, filter: object): string {
  return Buffer.from(JSON.stringify([CURSOR_VERSION, position, filterKey(filter)])).toString('base64url');
}

/** @throws ControlPlaneError `cursor_invalid` when it is not ours, `cursor_mismatch` when the filter changed */
export function decodeCursor<T extends object | number>(
  cursor: string,
  filter: object,
  isPosition: (value: unknown) => value is T,
): T {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    parts = null;
  }
  if (!Array.isArray(parts) || parts[0] !== CURSOR_VERSION || !isPosition(parts[1])) {
    throw new ControlPlaneError('cursor_invalid', 'The cursor is not one of ours; begin the list anew without it.');
  }
  if (parts[2] !== filterKey(filter)) {
    throw new ControlPlaneError(
      'cursor_mismatch',
      'The cursor was made with other filters; begin the list anew without it.',
    );
  }
  return parts[1];
}

const filterKey = (filter: object): string =>
  JSON.stringify(
    Object.entries(filter)
      .filter(([, value]) => value !== undefined)
      .sort(),
  );

/** The last millisecond of the year 9999: what ISO 8601 and both engines can write. */
const LAST_INSTANT_MS = 253_402_300_799_999;

const isInstant = (value: unknown): boolean =>
  Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= LAST_INSTANT_MS;

/** A cursor comes back from a client, who may have written it. */
export function isPosition(value: unknown): value is Position {
  const position = value as Partial<Position> | null;
  if (typeof position !== 'object' || position === null) return false;
  const { createdAtMs, id } = position;
  return isInstant(createdAtMs) && typeof id === 'string' && isSafeText(id);
}

export const isSequence = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
