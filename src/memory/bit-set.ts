/** Marks on the numbers from 0 to below a size, one bit each. */
export class BitSet {
  readonly #bytes: Uint8Array

  constructor(size: number) {
    this.#bytes = new Uint8Array(Math.ceil(size / 8))
  }

  add(number: number): void {
    const byte = number >>> 3
    this.#bytes[byte] = (this.#bytes[byte] ?? 0) | (1 << (number & 7))
  }

  has(number: number): boolean {
    return ((this.#bytes[number >>> 3] ?? 0) & (1 << (number & 7))) !== 0
  }
}
