import { ControlPlaneError } from '@envplane/spec';

const missing = (what: string) => () => new ControlPlaneError('not_found', `There is no ${what}.`);

export const environmentNotFound = missing('environment of this id');
export const organizationNotFound = missing('organization of this id or slug');
export const operationNotFound = missing('operation of this id');
export const placementNotFound = missing('placement of this id or name');
export const serviceAccountNotFound = missing('service account of this id');
export const signingKeyNotFound = missing('signing key of this id');
export const memberNotFound = missing('member of this user id');
export const grantNotFound = missing('grant of this id');
export const traceNotFound = missing('trace of this request id');
export const keyNotFound = missing('key of this id');
