/** A request is refused as KMS refuses it. */
export class KmsRefusal extends Error {
  override readonly name = 'KmsRefusal';
  readonly type: string;
  readonly status: number;
  /** Null: KMS says no more than the type. */
  readonly detail: string | null;

  constructor(type: string, detail: string | null, status = 400) {
    super(type);
    this.type = type;
    this.detail = detail;
    this.status = status;
  }
}
