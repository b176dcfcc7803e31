import { MeViewSchema, MyEnvironmentViewSchema, PageSchema, PermissionViewSchema } from '@envplane/spec';
import { pageQuery } from './parameters.ts';
import { json, route } from './route.ts';

export const me = {
  describe: route({
    method: 'get',
    path: '/v1/me',
    summary: 'Tells who is calling and where they belong.',
    permission: 'self',
    command: 'me show',
    responses: { 200: json(MeViewSchema, 'The caller.') },
  }),

  environments: route({
    method: 'get',
    path: '/v1/me/environments',
    summary: 'Lists the environments that the caller may see, over all organizations.',
    permission: 'self',
    command: 'me environments',
    request: { query: pageQuery },
    responses: { 200: json(PageSchema(MyEnvironmentViewSchema), 'One page.') },
    problems: ['cursor_invalid', 'cursor_mismatch'],
  }),

  permissions: route({
    method: 'get',
    path: '/v1/permissions',
    summary: 'Lists every permission there is and the roles that hold it.',
    permission: 'self',
    command: 'me permissions',
    responses: { 200: json(PageSchema(PermissionViewSchema), 'All of them.') },
  }),
};
