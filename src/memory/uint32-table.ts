/** Rows of whole numbers below 2^32, all of one width, in four bytes each. */
export class Uint32Table {
  readonly #width: number
  #numbers: Uint32Array = new Uint32Array(1024)
  #size = 0

  constructor(width: number) {
    this.#width = width
  }

  get size(): number {
    return this.#size
  }

  /** Adds a row and gives back its index. */
  add(...numbers: readonly number[]): number {
    const from = this.#size * this.#width
    if (from + this.#width > this.#numbers.length) this.#grow()
    this.#numbers.set(numbers, from)
    this.#size += 1
    return this.#size - 1
  }

  /** A number of a row, the first one as 0. Throws where there is no such row. */
  at(index: number, column: number): number {
    const number = index < this.#size ? this.#numbers[index * this.#width + column] : undefined
    if (number === undefined) throw new Error(`there is no row ${index}`)
    return number
  }

  #grow(): void {
    const more = new Uint32Array(this.#numbers.length * 2)
    more.set(this.#numbers)
    this.#numbers = more
  }
}
