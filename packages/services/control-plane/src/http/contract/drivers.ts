import { DriverViewSchema, PageSchema } from '@envplane/spec';
import { json, route } from './route.ts';

export const drivers = {
  list: route({
    method: 'get',
    path: '/v1/drivers',
    summary: 'Lists the registered drivers and what each can do.',
    permission: 'platform:placements.read',
    command: 'driver list',
    responses: { 200: json(PageSchema(DriverViewSchema), 'All drivers.') },
  }),
};
