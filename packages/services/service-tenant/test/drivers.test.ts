import { libsqlAdapter } from '@envplane/adapters/libsql';
import { postgresAdapter } from '@envplane/adapters/postgres';
import { sqliteAdapter } from '@envplane/adapters/sqlite';
import { tursoAdapter } from '@envplane/adapters/turso';
import { wrapUpstreamAdapter } from '@envplane/adapters/upstream';
import { describe, expect, it } from 'vitest';
import { facetsOf } from '../src/drivers.ts';

/** What can be done with the credentials of a driver, as `GET /v1/drivers` says it. */
const NOTHING = {
  rotatesCredentials: false,
  revokesOne: false,
  revokedSessions: null,
  socketsOutlive: false,
  credentialsExpire: false,
  limitsLifetime: false,
  rotatesAdministrator: false,
};

describe('what a driver cannot do is said of', () => {
  it.each([
    [
      sqliteAdapter({ rootDirectory: '/nowhere' }),
      // The file has no login.
      NOTHING,
    ],
    [
      postgresAdapter(),
      {
        ...NOTHING,
        rotatesCredentials: true,
        revokesOne: true,
        revokedSessions: 'ended',
        rotatesAdministrator: true,
      },
    ],
    [
      libsqlAdapter(),
      {
        ...NOTHING,
        ...{ rotatesCredentials: true, revokesOne: true, revokedSessions: 'none', socketsOutlive: true },
        limitsLifetime: true,
      },
    ],
    // One token cannot be revoked: it ends when it expires.
    [tursoAdapter(), { ...NOTHING, rotatesCredentials: true, socketsOutlive: true, credentialsExpire: true }],
  ])('$driver', (adapter, expected) => {
    expect(facetsOf(adapter)).toMatchObject(expected);
  });

  it('a wrapped adapter, which gives a database one secret and no other', () => {
    const createDatabase = () => Promise.reject(new Error('not called'));
    expect(facetsOf(wrapUpstreamAdapter({ driver: 'wrapped', createDatabase }))).toMatchObject(NOTHING);
  });
});
