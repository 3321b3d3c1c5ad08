interface Waiting<Item, Result> {
  readonly item: Item
  readonly settle: (result: Promise<Result>) => void
}

/** Items that are handled together before the window is over. */
const MOST = 200

/**
 * Gathers what comes within a time, counted from the first, and has it handled together: one message instead of many.
 * What comes while others are handled waits for its own turn.
 */
export class EventWindow<Item, Result> {
  readonly #length: number
  readonly #handle: (items: readonly Item[]) => Promise<readonly Result[]>
  #waiting: Waiting<Item, Result>[] = []
  #timer: NodeJS.Timeout | undefined
  #turn: Promise<unknown> = Promise.resolve()

  /** `length` in milliseconds; `handle` gives a result for each item, in their order. */
  constructor(length: number, handle: (items: readonly Item[]) => Promise<readonly Result[]>) {
    this.#length = length
    this.#handle = handle
  }

  /** Resolves when the item was handled together with those that came in the same window. */
  add(item: Item): Promise<Result> {
    return new Promise((settle) => {
      this.#waiting.push({ item, settle })
      if (this.#waiting.length >= MOST) this.#close()
      else this.#timer ??= setTimeout(() => this.#close(), this.#length)
    })
  }

  #close(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const gathered = this.#waiting
    this.#waiting = []
    const handled = this.#turn.then(() => this.#handle(gathered.map(({ item }) => item)))
    this.#turn = handled.catch(() => undefined)
    for (const [index, { settle }] of gathered.entries())
      settle(handled.then((results) => results[index] as Result))
  }
}
