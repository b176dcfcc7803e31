import type { HostPlugin } from './packages.ts';

/** Who is signed in where: in an application, what its authentication plugin does. Here the session is the user's name. */
export const sessionsPlugin: HostPlugin = {
  name: 'application.sessions',
  version: '1.0.0',
  type: 'standard',
  init: async (context) => {
    const getSession = async ({ headers }: { headers: Headers }) => {
      const user = /^Bearer session-of-(\w+)$/.exec(headers.get('authorization') ?? '')?.[1];
      return user === undefined ? null : { user: { id: user }, session: { id: `session-of-${user}` } };
    };
    context.registerService('auth', { api: { getSession } });
  },
};
