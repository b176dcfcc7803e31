/** Every secret that was made, handed out or handed in, in the forms in which it could turn up. */
export class Canaries {
  readonly #texts = new Set<string>();
  /** Data keys as hex: they are zeroed where they were seen. */
  readonly #keys = new Set<string>();

  add(...secrets: (string | undefined)[]): void {
    for (const secret of secrets) if (secret) this.#texts.add(secret);
  }

  addKey(bytes: Uint8Array): void {
    this.#keys.add(Buffer.from(bytes).toString('hex'));
  }

  get size(): number {
    return this.#texts.size;
  }

  get keys(): number {
    return this.#keys.size;
  }

  /** Those that are in a text, or in a file that was read as latin1, and in which form. */
  in(text: string): string[] {
    const texts = [...this.#texts].flatMap((value) => {
      const found = formsOf(Buffer.from(value)).find(([, shape]) => text.includes(shape));
      return found ? [`${found[0]} ${value}`] : [];
    });
    const numbers = numbersIn(text);
    const keys = [...this.#keys].flatMap((hex) => {
      const bytes = Buffer.from(hex, 'hex');
      const found = formsOf(bytes).find(([, shape]) => text.includes(shape));
      if (found) return [`data key, ${found[0]}`];
      return numbers.includes([...bytes.subarray(0, 8)].join(',')) ? ['data key, numbers'] : [];
    });
    return [...texts, ...keys];
  }
}

function formsOf(bytes: Buffer): [form: string, shape: string][] {
  return [
    ['plain', bytes.toString('latin1')],
    ['base64', bytes.toString('base64').slice(0, -4)],
    ['base64url', bytes.toString('base64url').slice(0, -4)],
    ['hex', bytes.toString('hex')],
    // As a debugger shows a buffer, of which it leaves the end out.
    ['hex in pairs', (bytes.toString('hex', 0, 16).match(/../g) ?? []).join(' ')],
  ];
}

/** Rows of small numbers, as an array of bytes is shown or written. */
const numbersIn = (text: string): string =>
  (text.match(/(?:(?:"\d+": ?)?\b\d{1,3}\s*,\s*){7,}(?:"\d+": ?)?\d+/g) ?? [])
    .map((row) => row.replaceAll(/"\d+": ?|\s/g, ''))
    .join('\n');
