const FIRST = 1024

/**
 * Finds places by what lies there, in 8 to 16 bytes each: a hash table of numbers alone, where whoever holds
 * the things compares them. A `Map` of a million texts takes ten times as much, without the texts.
 */
export class Slots {
  readonly #textAt: (place: number) => string
  /** Places, each raised by one; 0 is free. */
  #places = new Uint32Array(FIRST)
  #used = 0

  /** `textAt`: what the thing at a place is found by. */
  constructor(textAt: (place: number) => string) {
    this.#textAt = textAt
  }

  /** The place of a text; undefined when none was set. */
  find(text: string): number | undefined {
    const place = this.#places[this.#slotOf(text)]
    return place === undefined || place === 0 ? undefined : place - 1
  }

  /** Sets the place of a text, also where it had another. The text has to lie there by now. */
  set(text: string, place: number): void {
    if (this.#used * 2 >= this.#places.length) this.#grow()
    const slot = this.#slotOf(text)
    if (this.#places[slot] === 0) this.#used += 1
    this.#places[slot] = place + 1
  }

  /** The slot that has the text, or the free one where it belongs. */
  #slotOf(text: string): number {
    const last = this.#places.length - 1
    let slot = hashOf(text) & last
    for (let place = this.#places[slot]; place; place = this.#places[slot]) {
      if (this.#textAt(place - 1) === text) break
      slot = (slot + 1) & last
    }
    return slot
  }

  #grow(): void {
    const before = this.#places
    this.#places = new Uint32Array(before.length * 2)
    for (const place of before) {
      if (place !== 0) this.#places[this.#slotOf(this.#textAt(place - 1))] = place
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
