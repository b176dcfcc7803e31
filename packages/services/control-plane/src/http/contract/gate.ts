import { AdmissionViewSchema, safeText } from '@envplane/spec';
import { z } from 'zod';
import { json, route } from './route.ts';

export const gate = {
  check: route({
    method: 'get',
    path: '/v1/environments/{env}/gate',
    summary:
      'Tells whether the caller may reach the data of an environment. Unknown and foreign ones are refused alike.',
    // The answer is the decision.
    permission: 'self',
    command: 'env gate',
    request: {
      // What cannot be an id is refused like one that is not known.
      params: z.object({ env: z.string().describe('Id of the environment.') }),
      query: z.strictObject({
        permission: safeText(1, 96).describe('What the caller would do, such as env:data.read.'),
      }),
    },
    responses: { 200: json(AdmissionViewSchema, 'The caller may.') },
    problems: ['access_denied', 'environment_not_active'],
  }),
};
