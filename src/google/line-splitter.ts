const LINE_FEED = 0x0a

/** Cuts bytes into lines, and keeps what has no end yet. No more of a line is held than it may be long. */
export class LineSplitter {
  readonly #longest: number
  #pieces: Buffer[] = []
  #length = 0

  /** `longest`: bytes of a line. */
  constructor(longest = Number.POSITIVE_INFINITY) {
    this.#longest = longest
  }

  /** Whether the line that has begun is too long already. */
  get isTooLong(): boolean {
    return this.#length > this.#longest
  }

  /** The lines that end in these bytes; undefined for one that is too long. */
  split(bytes: Buffer): readonly (Buffer | undefined)[] {
    const lines: (Buffer | undefined)[] = []
    let from = 0
    for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, from)) {
      this.#take(bytes.subarray(from, end))
      lines.push(this.#ended())
      from = end + 1
    }
    this.#take(bytes.subarray(from))
    return lines
  }

  /** What follows the last line feed: the last line may lack its own. */
  rest(): readonly (Buffer | undefined)[] {
    return this.#length === 0 ? [] : [this.#ended()]
  }

  #take(piece: Buffer): void {
    this.#length += piece.length
    if (this.isTooLong) this.#pieces = []
    else if (piece.length > 0) this.#pieces.push(piece)
  }

  #ended(): Buffer | undefined {
    const [first, ...others] = this.#pieces
    const line = first !== undefined && others.length === 0 ? first : Buffer.concat(this.#pieces)
    const isWhole = !this.isTooLong
    this.#pieces = []
    this.#length = 0
    return isWhole ? line : undefined
  }
}
