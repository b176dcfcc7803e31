import {
  AdoptDatabaseBodySchema,
  EnvironmentViewSchema,
  InventoryCheckSchema,
  InventorySchema,
  OperationViewSchema,
  PurgeDatabaseBodySchema,
  ReleaseHoldBodySchema,
  RestoreCheckSchema,
  safeText,
} from '@envplane/spec';
import { creationHeaders, etag, location, operationId, placementPath } from './parameters.ts';
import { json, jsonBody, removed, route } from './route.ts';

const databasePath = placementPath.extend({ database: safeText(1, 40).describe('Physical name of the database.') });

/** The databases that exist, compared with the rows; and what to do when the store is older than they are. */
export const inventory = {
  get: route({
    method: 'get',
    path: '/v1/inventory',
    summary: 'Reads which databases nothing explains, when placements were compared, and whether deleting is on hold.',
    permission: 'platform:placements.read',
    command: 'inventory get',
    responses: { 200: json(InventorySchema, 'What is known of the databases that exist.') },
  }),

  check: route({
    method: 'post',
    path: '/v1/inventory/check',
    summary: 'Compares every placement with the rows now; what nothing explains is left alone and reported.',
    permission: 'platform:placements.manage',
    command: 'inventory check',
    responses: { 200: json(InventoryCheckSchema, 'What was found.') },
  }),

  afterRestore: route({
    method: 'post',
    path: '/v1/inventory/after-restore',
    summary:
      'Declares that the store was restored from a backup: nothing is deleted from now on, and every database is compared and logged in to.',
    permission: 'platform:placements.manage',
    responses: { 200: json(RestoreCheckSchema, 'What was found, and what was begun.') },
  }),

  release: route({
    method: 'post',
    path: '/v1/inventory/release',
    summary: 'Ends the hold on deleting when nothing is open but what is accepted by name.',
    permission: 'platform:placements.manage',
    command: 'inventory release',
    request: { body: jsonBody(ReleaseHoldBodySchema) },
    responses: { 200: json(InventorySchema, 'What is known now; nothing is held.') },
    problems: ['invalid_state'],
  }),

  adopt: route({
    method: 'post',
    path: '/v1/placements/{placement}/databases/{database}/adopt',
    summary: 'Makes an environment of a database that no row knows; what opened it before opens it no longer.',
    permission: 'platform:placements.manage',
    command: 'inventory adopt',
    long: true,
    request: { params: databasePath, headers: creationHeaders, body: jsonBody(AdoptDatabaseBodySchema) },
    responses: {
      201: json(EnvironmentViewSchema, 'The environment that it is now.', { ...etag, ...operationId, ...location }),
      202: json(OperationViewSchema, 'Accepted; the operation goes on.', { ...operationId, ...location }),
    },
    problems: [
      'not_found',
      'invalid_state',
      'slug_taken',
      'unsupported',
      'provider_unavailable',
      'encryptor_unavailable',
      'idempotency_key_reused',
    ],
  }),

  purge: route({
    method: 'post',
    path: '/v1/placements/{placement}/databases/{database}/purge',
    summary: 'Removes a quarantined database for good.',
    permission: 'platform:placements.manage',
    command: 'inventory purge',
    destructive: true,
    request: { params: databasePath, body: jsonBody(PurgeDatabaseBodySchema) },
    responses: { 204: removed },
    problems: ['not_found', 'confirmation_mismatch', 'invalid_state', 'unsupported', 'provider_unavailable'],
  }),
};
