/**
 * What the rows of a feed add up to, by which the service and whoever follows it compare what they
 * hold. Defined in docs/PROTOCOL.md, 'Proving that nothing is missing'. Pure.
 */

const WORDS = 3923095;
const GOLDEN = 0x9e3779b9;

/** What one row counts for: the hash of its id and version, 64 bits. */
export function hashOf(id: string, version: number | string): bigint {
  const bytes = new TextEncoder().encode(`${id}:${version}`);
  const state = new State((GOLDEN + bytes.length + WORDS) | 0);
  const whole = bytes.length - (bytes.length % 12);
  for (let at = 0; at < whole; at += 12) {
    state.add(word(bytes, at), word(bytes, at + 4), word(bytes, at + 8));
    state.mix();
  }
  // The last byte of the last word is not of the text: the length is told already.
  state.add(word(bytes, whole), word(bytes, whole + 4), word(bytes, whole + 8) << 8);
  return state.last();
}

/** A sum of hashes as the service writes it. */
export function digestText(sum: bigint): string {
  return BigInt.asUintN(64, sum).toString(16).padStart(16, '0');
}

/** Four bytes, the lowest first; those that are missing are 0. */
function word(bytes: Uint8Array, at: number): number {
  const byte = (index: number) => bytes[at + index] ?? 0;
  return byte(0) | (byte(1) << 8) | (byte(2) << 16) | (byte(3) << 24);
}

function rot(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

/** Three words, in unsigned 32 bits but for their sign, which does not matter until the end. */
class State {
  #a: number;
  #b: number;
  #c: number;

  constructor(start: number) {
    this.#a = start;
    this.#b = start;
    this.#c = start;
  }

  add(a: number, b: number, c: number): void {
    this.#a = (this.#a + a) | 0;
    this.#b = (this.#b + b) | 0;
    this.#c = (this.#c + c) | 0;
  }

  mix(): void {
    let [a, b, c] = [this.#a, this.#b, this.#c];
    for (const [first, second, third] of ROTATIONS) {
      a = ((a - c) | 0) ^ rot(c, first);
      c = (c + b) | 0;
      b = ((b - a) | 0) ^ rot(a, second);
      a = (a + c) | 0;
      c = ((c - b) | 0) ^ rot(b, third);
      b = (b + a) | 0;
    }
    [this.#a, this.#b, this.#c] = [a, b, c];
  }

  last(): bigint {
    let [a, b, c] = [this.#a, this.#b, this.#c];
    c = ((c ^ b) - rot(b, 14)) | 0;
    a = ((a ^ c) - rot(c, 11)) | 0;
    b = ((b ^ a) - rot(a, 25)) | 0;
    c = ((c ^ b) - rot(b, 16)) | 0;
    a = ((a ^ c) - rot(c, 4)) | 0;
    b = ((b ^ a) - rot(a, 14)) | 0;
    c = ((c ^ b) - rot(b, 24)) | 0;
    return (BigInt(b >>> 0) << 32n) | BigInt(c >>> 0);
  }
}

const ROTATIONS = [
  [4, 6, 8],
  [16, 19, 4],
] as const;
