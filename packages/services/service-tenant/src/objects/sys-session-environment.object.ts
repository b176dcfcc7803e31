import { z } from 'zod';
import { defineObject, instant } from './define-object.ts';

export const SysSessionEnvironment = defineObject({
  name: 'sys_session_environment',
  label: 'Session environment',
  pluralLabel: 'Session environments',
  icon: 'pointer',
  schema: z
    .object({
      session: z.string().describe('SHA-256 of the id of the session, hexadecimal.'),
      userId: z.string().describe('Whose session it is.'),
      environmentId: z.string().describe('The environment that its requests are for when they name none.'),
      updatedAt: instant().describe('When it was switched there.'),
    })
    .describe('The active environment of a session of the host application.'),
  primaryKey: ['session'],
  indexes: [{ fields: ['updatedAt'] }],
});
