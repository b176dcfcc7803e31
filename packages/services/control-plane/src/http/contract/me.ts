import {
  ActivateEnvironmentBodySchema,
  ActiveEnvironmentViewSchema,
  MeViewSchema,
  MyEnvironmentViewSchema,
  PageSchema,
  PermissionViewSchema,
} from '@envplane/spec';
import { pageQuery } from './parameters.ts';
import { json, jsonBody, route } from './route.ts';

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

  activeEnvironment: route({
    method: 'get',
    path: '/v1/me/active-environment',
    summary: 'Tells which environment is the active one of the session.',
    description: 'Only a session of a host application has one.',
    permission: 'self',
    responses: { 200: json(ActiveEnvironmentViewSchema, 'The active environment.') },
    problems: ['invalid_state'],
  }),

  activateEnvironment: route({
    method: 'put',
    path: '/v1/me/active-environment',
    summary: 'Switches the session to an environment.',
    description: 'Its requests that name no environment are for this one from now on. It gives no right.',
    permission: 'self',
    request: { body: jsonBody(ActivateEnvironmentBodySchema) },
    responses: { 200: json(ActiveEnvironmentViewSchema, 'The active environment.') },
    problems: ['invalid_state', 'not_found', 'permission_denied', 'environment_not_active'],
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
