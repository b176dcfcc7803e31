import {
  BlastRadiusSchema,
  OperationErrorSchema,
  OperationKindSchema,
  OperationProgressSchema,
  OperationStatusSchema,
  OperationStepSchema,
  OperationTargetTypeSchema,
} from '@envplane/spec';
import { z } from 'zod';
import { defineObject, instant } from './define-object.ts';

export const SysOperation = defineObject({
  name: 'sys_operation',
  label: 'Operation',
  pluralLabel: 'Operations',
  icon: 'activity',
  schema: z
    .object({
      id: z.string().describe('UUIDv7 of the operation.'),
      kind: OperationKindSchema.describe('What is being done.'),
      targetType: OperationTargetTypeSchema.describe('What it is done to.'),
      targetId: z.string().describe('Id of the target.'),
      organizationId: z.string().describe('The organization it belongs to; `platform` when it belongs to none.'),
      environmentId: z.string().nullable().describe('The environment whose database it converges.'),
      parentId: z.string().nullable().describe('The operation of the organization this one is a part of.'),
      status: OperationStatusSchema.describe('How far it is.'),
      steps: z.array(OperationStepSchema).describe('The steps, in order.'),
      version: z.int().describe('Rises with every change; the event stream resumes by it.'),
      attempts: z.int().describe('Passes so far.'),
      nextAttemptAt: instant().nullable().describe('When it is tried again after an error.'),
      warnings: z.array(z.string()).describe('What the caller should know although it worked.'),
      error: z.union([OperationErrorSchema, z.null()]).describe('Why it failed, and what to do.'),
      result: z.record(z.string(), z.unknown()).nullable().describe('What it produced; for a purge, the receipt.'),
      createdBy: z.string().describe('The principal who asked for it.'),
      requestId: z.string().nullable().describe('The request that started it.'),
      createdAt: instant().describe('When it was accepted.'),
      updatedAt: instant().describe('When it last changed.'),
      finishedAt: instant().nullable().describe('When it succeeded, failed or was cancelled.'),
      progress: z.union([OperationProgressSchema, z.null()]).describe('How many of its parts are done.'),
      blastRadius: z
        .union([BlastRadiusSchema, z.null()])
        .describe('What it ends beyond what was asked for, because the provider can end no less.'),
    })
    .describe('A durable, visible unit of work. A projection: the reconciler never reads it to decide what to do.'),
  hidden: ['version'],
  indexes: [
    { fields: ['createdAt', 'id'] },
    { fields: ['organizationId', 'createdAt', 'id'] },
    { fields: ['environmentId', 'createdAt', 'id'] },
    { fields: ['parentId'], where: { field: 'parentId', is: 'not null' } },
  ],
});

export const SysIdempotencyKey = defineObject({
  name: 'sys_idempotency_key',
  label: 'Idempotency key',
  pluralLabel: 'Idempotency keys',
  icon: 'repeat',
  schema: z
    .object({
      principalId: z.string().describe('Who used the key.'),
      verb: z.string().describe('For which verb.'),
      key: z.string().describe('The key.'),
      requestHash: z.string().describe('SHA-256 of the request, to tell a repetition from a reuse.'),
      operationId: z.string().nullable().describe('The operation that request started.'),
      targetId: z.string().describe('The resource that request was about.'),
      createdAt: instant().describe('When the key was first used.'),
      expiresAt: instant().describe('When the key may be forgotten.'),
    })
    .describe('What a repeated request is answered with. Holds no response.'),
  primaryKey: ['principalId', 'verb', 'key'],
  indexes: [{ fields: ['expiresAt'] }],
});
