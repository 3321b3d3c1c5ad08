import { hash } from 'node:crypto'

/** 32-bit words of a name's hash that are kept. */
const WORDS = 3

/**
 * Which names were there before. Of each only 12 bytes of its SHA-256 are kept, beside each other in one array:
 * a million take 24 MiB, and nothing for the garbage collector to look through.
 */
export class SeenNames {
  #slots = new Uint32Array(WORDS * 1024)
  #size = 0

  /** Takes a name in; whether it was not there before. */
  add(name: string): boolean {
    const digest = hash('sha256', name, 'buffer')
    const [first, second] = [digest.readUInt32LE(0), digest.readUInt32LE(4)]
    const third = (digest.readUInt32LE(8) | 1) >>> 0 // 0 says that a slot is free
    const isNew = put(this.#slots, first, second, third)
    if (isNew) this.#size += 1
    if (2 * WORDS * this.#size > this.#slots.length) this.#grow()
    return isNew
  }

  #grow(): void {
    const slots = new Uint32Array(2 * this.#slots.length)
    const before = this.#slots
    for (let at = 0; at < before.length; at += WORDS) {
      const [first = 0, second = 0, third = 0] = before.subarray(at, at + WORDS)
      if (third !== 0) put(slots, first, second, third)
    }
    this.#slots = slots
  }
}

/** Puts a hash into the first free slot from where it belongs; false where it is there already. */
function put(slots: Uint32Array, first: number, second: number, third: number): boolean {
  const count = slots.length / WORDS
  for (let slot = first % count; ; slot = (slot + 1) % count) {
    const at = WORDS * slot
    if (slots[at + 2] === 0) {
      slots[at] = first
      slots[at + 1] = second
      slots[at + 2] = third
      return true
    }
    if (slots[at] === first && slots[at + 1] === second && slots[at + 2] === third) return false
  }
}
