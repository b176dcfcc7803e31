import type { AdapterContext } from '@envplane/spec';
import { httpEffect } from '../../lib/http-effect.ts';

/**
 * Every boundary at which this driver calls out, with the protocol step it belongs to: P provisioning, R rotating, T rotating where
 * all tokens end at once, D archiving and deleting, V copying, Z sweeping. Fault tests enumerate them.
 */
export const tursoEffects = {
  'tu.observe': 'P3',
  'tu.read': 'P3',
  'tu.create': 'P4',
  'tu.config': 'P5',
  'tu.mark': 'P5',
  'tu.mint': 'P6',
  'tu.login': 'P7',
  'tu.refused': 'R7',
  'tu.withdraw': 'T1',
  'tu.delete': 'D4',
  'tu.load': 'V1',
  'tu.usage': 'Z1',
  'tu.list': 'Z1',
} as const;

export type TursoEffect = keyof typeof tursoEffects;

/** Runs one outgoing call as an effect. */
export const effect: <T>(context: AdapterContext, name: TursoEffect, run: () => Promise<T>) => Promise<T> = httpEffect;
