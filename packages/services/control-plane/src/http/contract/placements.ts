import {
  CreatePlacementBodySchema,
  OperationViewSchema,
  PageSchema,
  PlacementCheckSchema,
  PlacementViewSchema,
  RotateAdministratorBodySchema,
  UpdatePlacementBodySchema,
} from '@envplane/spec';
import {
  additionHeaders,
  changeHeaders,
  conditionalHeaders,
  etag,
  location,
  longChangeHeaders,
  operationId,
  placementPath,
} from './parameters.ts';
import { json, jsonBody, route } from './route.ts';

const placement = json(PlacementViewSchema, 'The placement as it is now.', etag);

/** Where databases can be put. Only here a request says where a server is; everywhere else a placement is named. */
export const placements = {
  list: route({
    method: 'get',
    path: '/v1/placements',
    summary: 'Lists the places that can hold databases.',
    permission: 'platform:placements.read',
    command: 'placement list',
    responses: { 200: json(PageSchema(PlacementViewSchema), 'All placements.') },
  }),

  create: route({
    method: 'post',
    path: '/v1/placements',
    summary:
      'Adds a server, group or directory that can hold databases, after it was reached with the given credential.',
    permission: 'platform:placements.manage',
    command: 'placement create',
    request: { headers: additionHeaders, body: jsonBody(CreatePlacementBodySchema) },
    responses: { 201: json(PlacementViewSchema, 'Added; it takes databases.', { ...etag, ...location }) },
    problems: [
      'name_taken',
      'invalid_state',
      'driver_not_configured',
      'provider_unavailable',
      'encryptor_unavailable',
      'idempotency_key_reused',
    ],
  }),

  get: route({
    method: 'get',
    path: '/v1/placements/{placement}',
    summary: 'Reads a placement.',
    permission: 'platform:placements.read',
    command: 'placement get',
    request: { params: placementPath, headers: conditionalHeaders },
    responses: { 200: json(PlacementViewSchema, 'The placement.', etag) },
    problems: ['not_found'],
  }),

  update: route({
    method: 'patch',
    path: '/v1/placements/{placement}',
    summary: 'Changes a placement; another address or administrator must lead to the same place.',
    permission: 'platform:placements.manage',
    command: 'placement update',
    request: { params: placementPath, headers: changeHeaders, body: jsonBody(UpdatePlacementBodySchema) },
    responses: { 200: placement },
    problems: [
      'not_found',
      'invalid_state',
      'version_mismatch',
      'operation_in_progress',
      'provider_unavailable',
      'encryptor_unavailable',
      'idempotency_key_reused',
    ],
  }),

  drain: route({
    method: 'post',
    path: '/v1/placements/{placement}/drain',
    summary: 'Lets a placement take no new databases; those it holds go on.',
    permission: 'platform:placements.manage',
    command: 'placement drain',
    request: { params: placementPath, headers: changeHeaders },
    responses: { 200: placement },
    problems: ['not_found', 'invalid_state', 'version_mismatch', 'idempotency_key_reused'],
  }),

  activate: route({
    method: 'post',
    path: '/v1/placements/{placement}/activate',
    summary: 'Lets a placement that was drained take new databases again.',
    permission: 'platform:placements.manage',
    command: 'placement activate',
    request: { params: placementPath, headers: changeHeaders },
    responses: { 200: placement },
    problems: ['not_found', 'invalid_state', 'version_mismatch', 'idempotency_key_reused'],
  }),

  retire: route({
    method: 'delete',
    path: '/v1/placements/{placement}',
    summary: 'Takes an empty placement out of use for good and forgets its administrator credential.',
    permission: 'platform:placements.manage',
    command: 'placement retire',
    destructive: true,
    request: { params: placementPath, headers: changeHeaders },
    responses: { 200: placement },
    problems: ['not_found', 'invalid_state', 'version_mismatch', 'operation_in_progress', 'idempotency_key_reused'],
  }),

  rotateAdministrator: route({
    method: 'post',
    path: '/v1/placements/{placement}/rotate-administrator',
    summary:
      'Replaces the administrator secret of a placement by a new one that is sealed, set, proved, and known to nobody else.',
    permission: 'platform:placements.manage',
    command: 'placement rotate-administrator',
    long: true,
    request: { params: placementPath, headers: longChangeHeaders, body: jsonBody(RotateAdministratorBodySchema) },
    responses: {
      200: json(PlacementViewSchema, 'Replaced; the placement as it is now.', { ...etag, ...operationId }),
      202: json(OperationViewSchema, 'Accepted and still running.', { ...location, ...operationId }),
    },
    problems: [
      'not_found',
      'unsupported',
      'invalid_state',
      'operation_in_progress',
      'version_mismatch',
      'idempotency_key_reused',
    ],
  }),

  check: route({
    method: 'post',
    path: '/v1/placements/{placement}/check',
    summary:
      'Looks at a placement now: whether it answers, its version is supported and the credential has the rights.',
    permission: 'platform:placements.manage',
    command: 'placement check',
    request: { params: placementPath },
    responses: { 200: json(PlacementCheckSchema, 'What was found.') },
    problems: ['not_found', 'invalid_state'],
  }),
};
