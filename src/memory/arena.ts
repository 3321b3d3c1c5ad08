const BLOCK = 2 ** 20

/**
 * Bytes that are only ever added to. They lie in few large blocks: a million small buffers would cost more
 * than what is in them.
 */
export class Arena {
  readonly #blocks: Buffer[] = []
  /** Where the next bytes go; a multiple of `BLOCK` where a new block begins. */
  #end = 0

  /** Adds bytes and gives back where they begin. They lie in one block; what is left of the last one may stay unused. */
  add(...parts: readonly Uint8Array[]): number {
    const length = parts.reduce((sum, part) => sum + part.length, 0)
    const at = this.#room(length)
    let offset = at % BLOCK
    for (const part of parts) {
      this.#blocks[Math.floor(at / BLOCK)]?.set(part, offset)
      offset += part.length
    }
    this.#end = length > BLOCK ? this.#blocks.length * BLOCK : at + length
    return at
  }

  /** The bytes themselves, not a copy. */
  read(at: number, length: number): Buffer {
    const block = this.#blocks[Math.floor(at / BLOCK)] ?? Buffer.alloc(0)
    return block.subarray(at % BLOCK, (at % BLOCK) + length)
  }

  /** Where `length` bytes fit. What is longer than a block has one of its own, and the numbers of several. */
  #room(length: number): number {
    const left = this.#blocks.length * BLOCK - this.#end
    if (length <= left) return this.#end
    const at = this.#blocks.length * BLOCK
    const spans = Math.max(1, Math.ceil(length / BLOCK))
    this.#blocks.push(Buffer.allocUnsafeSlow(spans * BLOCK))
    for (let span = 1; span < spans; span += 1) this.#blocks.push(NOTHING)
    return at
  }
}

const NOTHING = Buffer.alloc(0)
