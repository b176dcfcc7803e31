import { generate, type SelfsignedOptions } from 'selfsigned';

const KEY_TYPE: SelfsignedOptions = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256' };

/** PEM texts of a certificate authority of this run and of a server certificate that it signed. */
export interface Certificates {
  authority: string;
  certificate: string;
  key: string;
}

/** Makes a new authority and a certificate for `names`, both valid for a day and known to nobody else. */
export async function makeCertificates(names: readonly string[]): Promise<Certificates> {
  const notAfterDate = new Date(Date.now() + 86_400_000);
  const authority = await generate([{ name: 'commonName', value: 'Envplane test authority' }], {
    ...KEY_TYPE,
    notAfterDate,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, critical: true },
    ],
  });
  const server = await generate([{ name: 'commonName', value: 'Envplane test server' }], {
    ...KEY_TYPE,
    notAfterDate,
    ca: { key: authority.private, cert: authority.cert },
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: names.map((value) => ({ type: 2, value })) },
    ],
  });
  return { authority: authority.cert, certificate: server.cert, key: server.private };
}
