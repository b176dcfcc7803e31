import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { databaseName, type NameKey, newInstallationId, organizationScope } from '../src/provisioning/names.ts';

const nameKey: NameKey = { installationId: 'a1b2c3', key: new Uint8Array(32).fill(7), restoreGeneration: 0 };

describe('physical names', () => {
  it('I10 are 35 characters of [a-z0-9] that begin with the installation, whatever the id', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(1000), (environmentId, ordinal) => {
        expect(databaseName(nameKey, environmentId, ordinal, 63)).toMatch(/^epa1b2c3e[a-z2-7]{26}$/);
        expect(organizationScope(nameKey, environmentId, 63)).toMatch(/^epa1b2c3o[a-z2-7]{26}$/);
      }),
    );
  });

  it('are the same for the same seed and another for any other: id, ordinal, restore generation, key, installation', () => {
    const name = databaseName(nameKey, 'environment', 1, 40);
    expect(databaseName(nameKey, 'environment', 1, 40)).toBe(name);
    const others = [
      databaseName(nameKey, 'environmenu', 1, 40),
      databaseName(nameKey, 'environment', 2, 40),
      databaseName({ ...nameKey, restoreGeneration: 1 }, 'environment', 1, 40),
      databaseName({ ...nameKey, key: new Uint8Array(32).fill(8) }, 'environment', 1, 40),
      databaseName({ ...nameKey, installationId: 'zzzzzz' }, 'environment', 1, 40),
      organizationScope(nameKey, 'environment', 40),
    ];
    expect(new Set([name, ...others]).size).toBe(7);
  });

  it('do not meet: neighbouring ids and ordinals give different names', () => {
    const names = new Set<string>();
    for (let id = 0; id < 200; id += 1) {
      for (let ordinal = 0; ordinal < 20; ordinal += 1) names.add(databaseName(nameKey, `e${id}`, ordinal, 26));
    }
    expect(names.size).toBe(4000);
  });

  it('a digit that moves from the ordinal to the generation or the id changes the name', () => {
    const generation = (restoreGeneration: number) => ({ ...nameKey, restoreGeneration });
    const names = [
      databaseName(generation(1), 'e', 23, 40),
      databaseName(generation(12), 'e', 3, 40),
      databaseName(generation(2), 'e1', 3, 40),
    ];
    expect(new Set(names).size).toBe(3);
  });

  it('are cut to what the driver takes, and never below 85 bits', () => {
    for (const maxLength of [26, 30, 34, 35, 63]) {
      const name = databaseName(nameKey, 'environment', 0, maxLength);
      expect(name.length).toBe(Math.min(35, maxLength));
      expect(databaseName(nameKey, 'environment', 0, 63).startsWith(name)).toBe(true);
    }
    expect(() => databaseName(nameKey, 'environment', 0, 25)).toThrow(RangeError);
  });

  it('encode the digest with the alphabet of RFC 4648', () => {
    // HMAC-SHA-256(key 32 × 0x07, "environment\0" + "0\0" + "0"), computed with another program.
    expect(databaseName(nameKey, 'environment', 0, 63)).toBe('epa1b2c3e4gzmo554sjeh63n5oz3g5vcxjz');
  });

  it('installation ids are six characters of [a-z0-9] and differ', () => {
    const ids = Array.from({ length: 200 }, newInstallationId);
    for (const id of ids) expect(id).toMatch(/^[a-z0-9]{6}$/);
    expect(new Set(ids).size).toBeGreaterThan(195);
  });
});
