import { ControlPlaneError } from '@envplane/spec';

/** What a client of the token endpoint presents of itself. */
export interface ClientCredentials {
  id: string;
  secret: string;
}

/**
 * The client's credentials, from `Authorization: Basic` or from the form; null when there are none (RFC 6749 §2.3.1).
 * @throws ControlPlaneError `malformed_request` for both at once, or a half; `invalid_client` for another scheme
 */
export function clientCredentials(
  authorization: string | null,
  form: { client_id?: string | undefined; client_secret?: string | undefined },
): ClientCredentials | null {
  const { client_id: id, client_secret: secret } = form;
  if (authorization === null) {
    if (id === undefined && secret === undefined) return null;
    if (id && secret) return { id, secret };
    throw new ControlPlaneError('malformed_request', 'client_id and client_secret go together.');
  }
  if (secret !== undefined) {
    throw new ControlPlaneError('malformed_request', 'The client authenticates in one way: Basic, or client_secret.');
  }
  const basic = basicCredentials(authorization);
  if (!basic || (id !== undefined && id !== basic.id)) throw invalidClient();
  return basic;
}

export const invalidClient = () =>
  new ControlPlaneError('invalid_client', 'The client is not a service account with this key.');

function basicCredentials(authorization: string): ClientCredentials | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/=]+)$/i.exec(authorization)?.[1];
  if (encoded === undefined) return undefined;
  const [, id, secret] = /^([^:]+):(.+)$/.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? [];
  if (id === undefined || secret === undefined) return undefined;
  try {
    return { id: formDecoded(id), secret: formDecoded(secret) };
  } catch {
    return undefined;
  }
}

const formDecoded = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '));
