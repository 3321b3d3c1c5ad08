const FIRST = 1024

/**
 * Finds indexes by what lies there, in 8 to 16 bytes each: a hash table of numbers alone, where what holds
 * the things compares them. A `Map` of a million texts takes ten times as much, without the texts.
 */
export class HashIndex {
  readonly #textAt: (index: number) => string
  /** Indexes, each raised by one; 0 is free. */
  #indexes = new Uint32Array(FIRST)
  #used = 0

  /** `textAt`: the text by which the entry at an index is found. */
  constructor(textAt: (index: number) => string) {
    this.#textAt = textAt
  }

  /** The index of a text; undefined when none was set. */
  find(text: string): number | undefined {
    const index = this.#indexes[this.#slotOf(text)]
    return index === undefined || index === 0 ? undefined : index - 1
  }

  /** Sets the index of a text, also where it had another. The text has to lie there by now. */
  set(text: string, index: number): void {
    if (this.#used * 2 >= this.#indexes.length) this.#grow()
    const slot = this.#slotOf(text)
    if (this.#indexes[slot] === 0) this.#used += 1
    this.#indexes[slot] = index + 1
  }

  /** The slot that has the text, or the free one where it belongs. */
  #slotOf(text: string): number {
    const last = this.#indexes.length - 1
    let slot = hashOf(text) & last
    for (let index = this.#indexes[slot]; index; index = this.#indexes[slot]) {
      if (this.#textAt(index - 1) === text) break
      slot = (slot + 1) & last
    }
    return slot
  }

  #grow(): void {
    const before = this.#indexes
    this.#indexes = new Uint32Array(before.length * 2)
    for (const index of before) {
      if (index !== 0) this.#indexes[this.#slotOf(this.#textAt(index - 1))] = index
    }
  }
}

/** FNV-1a over UTF-16 units. @see https://www.rfc-editor.org/rfc/rfc9923 */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  return hash ^ (hash >>> 15)
}
