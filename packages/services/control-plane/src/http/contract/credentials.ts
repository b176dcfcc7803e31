import {
  DatabaseCredentialDetailViewSchema,
  IdSchema,
  OperationViewSchema,
  PageSchema,
  RotateCredentialsBodySchema,
} from '@envplane/spec';
import { creationHeaders, environmentPath, location, longChangeHeaders, operationId, pageQuery } from './parameters.ts';
import { json, jsonBody, route } from './route.ts';

const credentials = PageSchema(DatabaseCredentialDetailViewSchema);
const running = json(OperationViewSchema, 'Accepted and still running.', { ...location, ...operationId });

/** The credentials of an environment's database. Their secrets leave by `POST …/connection` alone. */
export const environmentCredentials = {
  list: route({
    method: 'get',
    path: '/v1/environments/{env}/credentials',
    summary: 'Lists the credentials of the database without their secrets, newest first; revoked ones for 30 days.',
    permission: 'env:credentials.read',
    command: 'cred list',
    request: { params: environmentPath, query: pageQuery },
    responses: { 200: json(credentials, 'One page.') },
    problems: ['not_found', 'cursor_invalid', 'cursor_mismatch'],
  }),

  rotate: route({
    method: 'post',
    path: '/v1/environments/{env}/credentials/rotate',
    summary:
      'Replaces the credentials of the database; the old ones stay valid for a grace, in an emergency not at all.',
    permission: 'env:credentials.rotate',
    command: 'cred rotate',
    long: true,
    request: { params: environmentPath, headers: longChangeHeaders, body: jsonBody(RotateCredentialsBodySchema) },
    responses: { 200: json(credentials, 'The credentials as they are now, newest first.', operationId), 202: running },
    problems: [
      'not_found',
      'invalid_state',
      'unsupported',
      'version_mismatch',
      'operation_in_progress',
      'idempotency_key_reused',
    ],
  }),

  revoke: route({
    method: 'post',
    path: '/v1/environments/{env}/credentials/{id}/revoke',
    summary: 'Takes a credential out of use at once; the active one is replaced as in an emergency.',
    permission: 'env:credentials.revoke',
    command: 'cred revoke',
    long: true,
    destructive: true,
    request: {
      params: environmentPath.extend({ id: IdSchema.describe('Id of the credential.') }),
      headers: creationHeaders,
    },
    responses: { 200: json(credentials, 'The credentials as they are now, newest first.', operationId), 202: running },
    problems: ['not_found', 'invalid_state', 'unsupported', 'idempotency_key_reused'],
  }),
};
