import { AdapterError, ControlPlaneError } from '@envplane/spec';
import { describe, expect, it, vi } from 'vitest';
import { FAILPOINT_NAMES } from '../../src/drivers.ts';
import { failpointEffect } from '../../src/failpoints.ts';

describe('failpoints', () => {
  it('error-before fails without the effect, reply-lost after it', async () => {
    const effect = failpointEffect('sq.link=error-before,sq.tmp=reply-lost', FAILPOINT_NAMES);
    const run = vi.fn(() => 'done');
    await expect(effect('sq.link', run)).rejects.toThrow(
      expect.objectContaining({ name: 'AdapterError', code: 'unavailable' }),
    );
    expect(run).not.toHaveBeenCalled();
    await expect(effect('sq.tmp', run)).rejects.toThrow(AdapterError);
    expect(run).toHaveBeenCalledTimes(1);
    await expect(effect('sq.fsync', run)).resolves.toBe('done');
  });

  it('the store fails as a store does', async () => {
    const effect = failpointEffect('cp.commit=error-before', FAILPOINT_NAMES);
    await expect(effect('cp.commit', () => 1)).rejects.toThrow(ControlPlaneError);
  });

  it('@n hits the n-th time only', async () => {
    const effect = failpointEffect('cp.claim=error-before@2', FAILPOINT_NAMES);
    const outcomes = [];
    for (let hit = 0; hit < 3; hit += 1) outcomes.push(await effect('cp.claim', () => 'done').catch(() => 'failed'));
    expect(outcomes).toEqual(['done', 'failed', 'done']);
  });

  it.each(['nope=delay', 'cp.claim=explode', 'cp.claim', 'cp.claim=delay@0', ''])('sec S35 refuses %j', (text) => {
    expect(() => failpointEffect(text, FAILPOINT_NAMES)).toThrow(/ENVPLANE_FAILPOINTS names no (failpoint|action)/);
  });
});
