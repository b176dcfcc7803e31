import type { AdmissionView } from '@envplane/spec';
import { json } from '../answer.ts';
import type { contract } from '../contract/index.ts';
import { serviceOf } from '../exchange.ts';
import type { Handlers } from '../mount.ts';

export function gateHandlers(): Handlers<typeof contract.gate> {
  return {
    check: async (c) => {
      const { permission } = c.req.valid('query');
      const admission = await serviceOf(c).gate.require(c.req.valid('param').env, permission);
      return json(c, admission as AdmissionView, 200);
    },
  };
}
