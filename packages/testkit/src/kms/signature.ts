import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { KmsRefusal } from './refusal.ts';

/** A request as it is signed. Header names are lower case. */
export interface SignedRequest {
  method: string;
  path: string;
  headers: Readonly<Record<string, string | undefined>>;
  body: Buffer;
}

/** What a request was signed for, and with which secret it has to agree. */
export interface Signer {
  secretAccessKey: string;
  sessionToken?: string | undefined;
  isExpired: boolean;
}

/** AWS refuses a signature that is older or newer than this, in ms. */
const TOLERANCE_MS = 5 * 60_000;

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([\w-]+)\/(\d{8})\/([\w-]+)\/([\w-]+)\/aws4_request, ?SignedHeaders=([\w;-]+), ?Signature=([0-9a-f]{64})$/;

/**
 * Recomputes the signature of a request (AWS Signature Version 4) from the secret of whoever it says sent it.
 * @returns the id of the access key
 * @throws KmsRefusal as AWS refuses it
 */
export function verifySignature(
  request: SignedRequest,
  scope: { region: string; nowMs: number },
  signers: ReadonlyMap<string, Signer>,
): string {
  const { authorization, 'x-amz-date': date = '', 'x-amz-security-token': token } = request.headers;
  if (authorization === undefined) {
    throw new KmsRefusal('MissingAuthenticationTokenException', 'Request is missing Authentication Token');
  }
  const [, accessKeyId = '', day = '', region, service, names = '', signature = ''] =
    AUTHORIZATION.exec(authorization) ?? [];
  if (region === undefined) {
    throw new KmsRefusal('IncompleteSignatureException', 'Authorization header requires its three parts.');
  }
  const signer = signers.get(accessKeyId);
  if (!signer || signer.sessionToken !== token) {
    throw new KmsRefusal('UnrecognizedClientException', 'The security token included in the request is invalid.');
  }
  if (signer.isExpired) {
    throw new KmsRefusal('ExpiredTokenException', 'The security token included in the request is expired');
  }
  if (region !== scope.region || service !== 'kms' || !date.startsWith(day)) {
    throw new KmsRefusal('InvalidSignatureException', `Credential should be scoped to a valid region.`);
  }
  const signedAtMs = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (!(Math.abs(signedAtMs - scope.nowMs) <= TOLERANCE_MS)) {
    const bound = signedAtMs < scope.nowMs ? 'Signature expired' : 'Signature not yet current';
    throw new KmsRefusal('InvalidSignatureException', `${bound}: ${date}`);
  }
  const signedNames = names.split(';');
  const mustBeSigned = Object.keys(request.headers).filter((name) => name === 'host' || name.startsWith('x-amz-'));
  const isComplete = mustBeSigned.every((name) => signedNames.includes(name));
  const expected = signatureOf(request, signedNames, { date, day, region, service }, signer.secretAccessKey);
  if (!isComplete || !timingSafeEqual(Buffer.from(signature, 'hex'), expected)) {
    throw new KmsRefusal(
      'InvalidSignatureException',
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.',
    );
  }
  return accessKeyId;
}

function signatureOf(
  { method, path, headers, body }: SignedRequest,
  names: readonly string[],
  { date, day, region, service }: { date: string; day: string; region: string; service: string },
  secret: string,
): Buffer {
  const [pathname = '/', query = ''] = path.split('?');
  const canonicalHeaders = names
    .map((name) => `${name}:${(headers[name] ?? '').trim().replace(/ +/g, ' ')}\n`)
    .join('');
  const canonicalQuery = query.split('&').sort().join('&');
  const canonical = [method, pathname, canonicalQuery, canonicalHeaders, names.join(';'), sha256(body)].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', date, `${day}/${region}/${service}/aws4_request`, sha256(canonical)].join('\n');
  const key = [day, region, service, 'aws4_request'].reduce<Buffer>(hmac, Buffer.from(`AWS4${secret}`));
  return hmac(key, toSign);
}

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');
const hmac = (key: Buffer, data: string): Buffer => createHmac('sha256', key).update(data).digest();
