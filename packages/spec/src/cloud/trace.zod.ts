import { z } from 'zod';
import { ActorKindSchema } from './audit-event.zod.ts';
import { DurationMsSchema, IdSchema, InstantSchema, PrincipalIdSchema, RequestIdSchema } from './scalars.zod.ts';
import { StorePlaneSchema } from './store-call.zod.ts';

export const HopNameSchema = z
  .enum(['authenticate', 'verify', 'gate', 'connect', 'query', 'encryptor', 'provider', 'operation'])
  .meta({
    id: 'HopName',
    description:
      'authenticate: who calls; verify: the signature of a token; gate: whether the data may be reached; connect: opening a connection; query: one call of a store; encryptor: the key encryptor; provider: the provider of databases; operation: waiting for one.',
  });
export type HopName = z.infer<typeof HopNameSchema>;

export const TraceHopSchema = z
  .object({
    name: HopNameSchema,
    plane: StorePlaneSchema.describe('Which side it worked on: the control plane, or the data of an environment.'),
    environmentId: IdSchema.nullable().describe('Whose database; null on the side of the control plane.'),
    startMs: DurationMsSchema.describe('When it began, in ms from the beginning of the request.'),
    durationMs: DurationMsSchema,
  })
  .meta({
    id: 'TraceHop',
    description: 'One part of a request. Hops may lie inside each other and beside each other.',
  });
export type TraceHop = z.infer<typeof TraceHopSchema>;

const principal = {
  kind: ActorKindSchema,
  id: PrincipalIdSchema,
};

export const TraceViewSchema = z
  .object({
    requestId: RequestIdSchema,
    method: z.string().describe('HTTP method.'),
    route: z.string().describe('Pattern of the route, without what stood in its place.'),
    status: z.int().min(100).max(599).describe('HTTP status of the answer.'),
    code: z.string().nullable().describe('Code of the problem that was the answer.'),
    caller: z
      .object({
        ...principal,
        actor: z.object(principal).nullable().describe('Who acted as this principal.'),
      })
      .nullable()
      .describe('Who called; null when nobody could be made out.'),
    environmentIds: z.array(IdSchema).describe('The environments it was about.'),
    startedAt: InstantSchema.describe('When the request arrived.'),
    durationMs: DurationMsSchema.describe('From the arrival to the head of the answer, in ms.'),
    instance: z.string().describe('The process that served it; a new name with every start.'),
    region: z.string().nullable().describe('Where that process runs, as its operator named it.'),
    hops: z.array(TraceHopSchema).describe('What it took, in order of ending; 200 at most.'),
    droppedHops: z.int().min(0).describe('How many hops there were beyond those.'),
  })
  .meta({ id: 'Trace', description: 'One request and where its time went.' });
export type TraceView = z.infer<typeof TraceViewSchema>;
