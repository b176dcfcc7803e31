import { EncryptionKeyViewSchema, MoveEncryptionKeysBodySchema, OperationViewSchema, PageSchema } from '@envplane/spec';
import { creationHeaders, location, operationId } from './parameters.ts';
import { json, jsonBody, route } from './route.ts';

const keys = json(PageSchema(EncryptionKeyViewSchema), 'The keys in use, the current one first.');
const done = json(PageSchema(EncryptionKeyViewSchema), 'Done; the keys in use now.', operationId);
const running = json(OperationViewSchema, 'Accepted and still running.', { ...location, ...operationId });
const problems = ['encryptor_unavailable', 'operation_in_progress', 'invalid_state', 'idempotency_key_reused'] as const;

/** The keys that wrap the data keys. No credential and no database is touched here. */
export const encryptionKeys = {
  list: route({
    method: 'get',
    path: '/v1/encryption-keys',
    summary: 'Tells which key-encryption keys wrap how many data keys, and which of them is current.',
    permission: 'platform:encryption_keys.read',
    command: 'key status',
    responses: { 200: keys },
    problems: ['encryptor_unavailable'],
  }),

  rotate: route({
    method: 'post',
    path: '/v1/encryption-keys/rotate',
    summary:
      'Makes a new key-encryption key, where the encryptor makes its own, and re-wraps every data key under the current one.',
    permission: 'platform:encryption_keys.rotate',
    command: 'key rotate',
    long: true,
    request: { headers: creationHeaders },
    responses: { 200: done, 202: running },
    problems,
  }),

  rewrap: route({
    method: 'post',
    path: '/v1/encryption-keys/rewrap',
    summary: 'Re-wraps every data key that is not under the current key-encryption key.',
    permission: 'platform:encryption_keys.rotate',
    command: 'key rewrap',
    long: true,
    request: { headers: creationHeaders },
    responses: { 200: done, 202: running },
    problems,
  }),

  move: route({
    method: 'post',
    path: '/v1/encryption-keys/move',
    summary: 'Brings every data key from other encryptors to the one that the service wraps with.',
    permission: 'platform:encryption_keys.rotate',
    command: 'key move',
    long: true,
    request: { headers: creationHeaders, body: jsonBody(MoveEncryptionKeysBodySchema) },
    responses: { 200: done, 202: running },
    problems,
  }),
};
