import { KeyIdSchema, PageSchema, SigningKeyViewSchema } from '@envplane/spec';
import { z } from 'zod';
import { additionHeaders } from './parameters.ts';
import { json, route } from './route.ts';

const kidPath = z.object({ kid: KeyIdSchema });

/** The keys that environment tokens are signed with. */
export const signingKeys = {
  list: route({
    method: 'get',
    path: '/v1/signing-keys',
    summary: 'Lists the keys that environment tokens are signed with, the newest first.',
    permission: 'platform:signing_keys.read',
    command: 'signing-key list',
    responses: { 200: json(PageSchema(SigningKeyViewSchema), 'All keys, revoked ones included.') },
  }),

  rotate: route({
    method: 'post',
    path: '/v1/signing-keys/rotate',
    summary: 'Lets the key that stands by sign from now on; tokens of the one before stay good until they expire.',
    permission: 'platform:signing_keys.rotate',
    command: 'signing-key rotate',
    request: { headers: additionHeaders },
    responses: { 200: json(SigningKeyViewSchema, 'The key that signs now.') },
    problems: ['invalid_state', 'encryptor_unavailable', 'tokens_not_configured', 'idempotency_key_reused'],
  }),

  revoke: route({
    method: 'post',
    path: '/v1/signing-keys/{kid}/revoke',
    summary: 'Takes a key out of use at once: tokens signed with it are refused, and the key that stands by signs.',
    permission: 'platform:signing_keys.revoke',
    command: 'signing-key revoke',
    destructive: true,
    request: { params: kidPath, headers: additionHeaders },
    responses: { 200: json(SigningKeyViewSchema, 'The key, revoked.') },
    problems: ['not_found', 'idempotency_key_reused'],
  }),
};
