import { z } from 'zod';
import { JsonRecordSchema } from './metadata.zod.ts';
import { OperationErrorSchema, OperationStepErrorSchema } from './problem.zod.ts';
import { DurationMsSchema, IdSchema, InstantSchema, PrincipalIdSchema } from './scalars.zod.ts';

export const OperationKindSchema = z
  .enum([
    'organization.provision',
    'organization.archive',
    'organization.restore',
    'organization.purge',
    'environment.provision',
    'environment.copy',
    'environment.suspend',
    'environment.resume',
    'environment.archive',
    'environment.restore',
    'environment.purge',
    'encryption_key.rotate',
    'encryption_key.rewrap',
    'encryption_key.move',
    'credential.rotate',
    'credential.revoke',
    'placement.rotate_administrator',
  ])
  .meta({ id: 'OperationKind', description: 'What is being done.' });
export type OperationKind = z.infer<typeof OperationKindSchema>;

export const OperationStatusSchema = z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled']).meta({
  id: 'OperationStatus',
  description: 'How far it is. failed stays until it is retried or superseded.',
});
export type OperationStatus = z.infer<typeof OperationStatusSchema>;

export const OperationStepStatusSchema = z
  .enum(['pending', 'running', 'succeeded', 'failed', 'skipped'])
  .meta({ id: 'OperationStepStatus', description: 'How far the step is.' });
export type OperationStepStatus = z.infer<typeof OperationStepStatusSchema>;

export const OperationTargetTypeSchema = z
  .enum(['organization', 'environment', 'installation', 'placement'])
  .meta({ id: 'OperationTargetType', description: 'What kind of resource the operation is about.' });
export type OperationTargetType = z.infer<typeof OperationTargetTypeSchema>;

export const OperationStepSchema = z
  .object({
    name: z.string().describe('Name of the step.'),
    status: OperationStepStatusSchema,
    attempt: z.int().min(0).describe('How many times it was begun.'),
    startedAt: InstantSchema.nullable().describe('When it was first begun; null before.'),
    finishedAt: InstantSchema.nullable().describe('When it ended; null before.'),
    durationMs: DurationMsSchema.nullable().describe('How long the last attempt took in ms; null before the first.'),
    error: z
      .union([OperationStepErrorSchema, z.null()])
      .describe('Why the last attempt did not succeed; null when it did.'),
  })
  .meta({ id: 'OperationStep', description: 'One step of an operation.' });
export type OperationStep = z.infer<typeof OperationStepSchema>;

export const OperationTargetSchema = z
  .object({
    type: OperationTargetTypeSchema,
    id: z.string().describe('Id of the resource.'),
  })
  .meta({ id: 'OperationTarget', description: 'What the operation is about.' });
export type OperationTarget = z.infer<typeof OperationTargetSchema>;

export const OperationProgressSchema = z
  .object({
    done: z.int().min(0).describe('How many are done.'),
    total: z.int().min(0).describe('How many there are, as far as is known.'),
  })
  .meta({ id: 'OperationProgress', description: 'How many of the parts of an operation are done.' });
export type OperationProgress = z.infer<typeof OperationProgressSchema>;

export const BlastRadiusSchema = z
  .object({
    kind: z
      .enum(['database'])
      .describe(
        'database: every credential of the database ends, whoever has it: of every authorization, replaced ones that were still valid, and those that were made without the control plane.',
      ),
    environments: z.int().min(1).describe('How many environments are without a credential until new ones are in use.'),
  })
  .meta({ id: 'BlastRadius', description: 'What an operation ends because the provider can end no less.' });
export type BlastRadius = z.infer<typeof BlastRadiusSchema>;

export const OperationViewSchema = z
  .object({
    id: IdSchema.describe('UUID of the operation.'),
    kind: OperationKindSchema,
    status: OperationStatusSchema,
    done: z.boolean().describe('Whether the status is final: succeeded, failed or cancelled.'),
    target: OperationTargetSchema,
    steps: z.array(OperationStepSchema).describe('The steps, in order.'),
    progress: z
      .union([OperationProgressSchema, z.null()])
      .describe('How many of its parts are done; null where there is nothing to count.'),
    attempts: z.int().min(0).describe('Passes so far.'),
    nextAttemptAt: InstantSchema.nullable().describe('When it is tried again after an error; null when nothing waits.'),
    warnings: z.array(z.string()).describe('What the caller should know although it worked.'),
    blastRadius: z
      .union([BlastRadiusSchema, z.null()])
      .describe(
        'What it ends beyond what was asked for, known before anything is done; null where the provider forces nothing.',
      ),
    error: z.union([OperationErrorSchema, z.null()]).describe('Why it failed, and what to do; null unless failed.'),
    result: JsonRecordSchema.nullable().describe('What it produced, for a purge the receipt; null before.'),
    createdBy: PrincipalIdSchema.describe('Who asked for it.'),
    createdAt: InstantSchema.describe('When it was accepted.'),
    updatedAt: InstantSchema.describe('When it last changed.'),
  })
  .meta({ id: 'Operation', description: 'A durable, visible unit of work.' });
export type OperationView = z.infer<typeof OperationViewSchema>;
