import { AdapterError } from '@envplane/spec';

export function invalid(message: string): AdapterError {
  return new AdapterError('invalid_request', message);
}
