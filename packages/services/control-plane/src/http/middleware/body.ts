import { ControlPlaneError } from '@envplane/spec';

const MAX_BYTES = 64 * 1024;

const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * The body as text; empty when there is none.
 * @throws ControlPlaneError `body_too_large`, `unsupported_media_type`, `malformed_request`
 */
export async function readBody(request: Request, mediaType = 'application/json'): Promise<string> {
  const bytes = await readBytes(request);
  // Some clients send the content type of JSON with an empty body, and mean no body.
  if (bytes.length === 0) return '';
  requireMediaType(request.headers, mediaType);
  try {
    return decoder.decode(bytes);
  } catch {
    throw new ControlPlaneError('malformed_request', 'The body is not valid UTF-8.');
  }
}

async function readBytes(request: Request): Promise<Uint8Array> {
  const declared = request.headers.get('content-length');
  if (Number(declared) > MAX_BYTES) throw tooLarge();
  try {
    // The listener lets no more through than was declared.
    if (declared !== null) return new Uint8Array(await request.arrayBuffer());
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of request.body ?? []) {
      size += chunk.byteLength;
      if (size > MAX_BYTES) throw tooLarge();
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch (error) {
    if (error instanceof ControlPlaneError) throw error;
    throw new ControlPlaneError('malformed_request', 'The body could not be read to its end.');
  }
}

const tooLarge = () => new ControlPlaneError('body_too_large', `The body may have at most ${MAX_BYTES} bytes.`);

function requireMediaType(headers: Headers, mediaType: string): void {
  // Some clients send the header twice, and say the same both times.
  const given = new Set((headers.get('content-type') ?? '').split(',').map((value) => value.trim().toLowerCase()));
  const [type = '', ...parameters] = [...given]
    .join(',')
    .split(';')
    .map((part) => part.trim());
  const isUtf8 = parameters.every(
    (parameter) => !parameter.startsWith('charset=') || /^charset="?utf-8"?$/.test(parameter),
  );
  const isPlain = ['', 'identity'].includes(headers.get('content-encoding')?.trim().toLowerCase() ?? '');
  if (type === mediaType && isUtf8 && isPlain) return;
  throw new ControlPlaneError('unsupported_media_type', `Send the body as ${mediaType} in UTF-8, without compression.`);
}
