import { createCipheriv, createDecipheriv, createHash, randomBytes, randomUUID } from 'node:crypto';
import { KmsRefusal } from './refusal.ts';

export type EncryptionContext = Readonly<Record<string, string>>;

export interface KmsKey {
  readonly id: string;
  readonly arn: string;
  readonly account: string;
  readonly createdAtMs: number;
  readonly spec: string;
  readonly usage: string;
  /** The policy document it was made with. */
  readonly policy: string;
  state: 'Enabled' | 'Disabled' | 'PendingDeletion';
  deletionAtMs: number | null;
  /** Of every rotation, the current one last. All of it opens, the last one seals. */
  readonly material: { readonly id: string; readonly bytes: Buffer; readonly sinceMs: number }[];
}

const FORMAT = 1;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const CIPHER = 'aes-256-gcm';

/** `format ‖ key id ‖ index of the material`; it is authenticated with the rest. */
const HEADER_BYTES = 1 + 16 + 4;

export function newKey(
  region: string,
  options: { account: string; policy: string; spec: string; usage: string; nowMs: number },
): KmsKey {
  const { account, policy, spec, usage, nowMs } = options;
  const id = randomUUID();
  const arn = `arn:aws:kms:${region}:${account}:key/${id}`;
  const key: KmsKey = {
    ...{ id, arn, account, policy, spec, usage, createdAtMs: nowMs },
    ...{ state: 'Enabled', deletionAtMs: null, material: [] },
  };
  rotate(key, nowMs);
  return key;
}

/** New material from now on; what is sealed under the old one still opens. */
export function rotate(key: KmsKey, nowMs: number): void {
  const id = createHash('sha256').update(randomBytes(32)).digest('hex');
  key.material.push({ id, bytes: randomBytes(32), sinceMs: nowMs });
}

export const currentMaterialId = (key: KmsKey): string => key.material.at(-1)?.id ?? '';

/** AES-256-GCM under the current material, the context authenticated with it. */
export function seal(key: KmsKey, plaintext: Uint8Array, context: EncryptionContext): Buffer {
  const index = key.material.length - 1;
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt8(FORMAT, 0);
  Buffer.from(key.id.replaceAll('-', ''), 'hex').copy(header, 1);
  header.writeUInt32BE(index, 17);
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, materialAt(key, index).bytes, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(additionalData(header, context));
  return Buffer.concat([header, iv, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/**
 * Opens what `seal` made.
 * @param find the key of an id
 * @throws KmsRefusal `InvalidCiphertextException`, without saying why
 */
export function open(
  blob: Buffer,
  context: EncryptionContext,
  find: (id: string) => KmsKey | undefined,
): { key: KmsKey; plaintext: Buffer; materialId: string } {
  const header = blob.subarray(0, HEADER_BYTES);
  if (blob.length < HEADER_BYTES + IV_BYTES + TAG_BYTES || header[0] !== FORMAT) throw invalid();
  const id = header.toString('hex', 1, 17).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  const key = find(id);
  if (!key) throw invalid();
  const material = materialAt(key, header.readUInt32BE(17));
  const iv = blob.subarray(HEADER_BYTES, HEADER_BYTES + IV_BYTES);
  const decipher = createDecipheriv(CIPHER, material.bytes, iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(additionalData(header, context));
  decipher.setAuthTag(blob.subarray(-TAG_BYTES));
  const plaintext = decipher.update(blob.subarray(HEADER_BYTES + IV_BYTES, -TAG_BYTES));
  try {
    decipher.final();
  } catch {
    throw invalid();
  }
  return { key, plaintext, materialId: material.id };
}

function materialAt(key: KmsKey, index: number): KmsKey['material'][number] {
  const material = key.material[index];
  if (!material) throw invalid();
  return material;
}

/** The order in which the pairs of a context are sent does not matter. */
const additionalData = (header: Buffer, context: EncryptionContext): Buffer => {
  const pairs = Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.concat([header, Buffer.from(JSON.stringify(pairs))]);
};

const invalid = () => new KmsRefusal('InvalidCiphertextException', null);
