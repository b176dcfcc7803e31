import type { AdapterContext } from '@envplane/spec';
import { httpEffect } from '../../lib/http-effect.ts';

/**
 * Every boundary at which this driver talks to a server, with the protocol step it belongs to: P provisioning, R rotating,
 * D suspending and deleting, V copying. Fault tests enumerate them.
 */
export const libsqlEffects = {
  'ns.observe': 'P3',
  'ns.create': 'P4',
  'ns.config': 'P5',
  'ns.key': 'P6',
  'ns.login': 'P7',
  'ns.refused': 'R7',
  'ns.block': 'D2',
  'ns.delete': 'D4',
  'ns.fork': 'V1',
  'ns.load': 'V3',
} as const;

export type LibsqlEffect = keyof typeof libsqlEffects;

/** Runs one outgoing call as an effect. */
export const effect: <T>(context: AdapterContext, name: LibsqlEffect, run: () => Promise<T>) => Promise<T> = httpEffect;
