import { type Failure, failureOf } from './failure-notice.js'

/** What came of a call. */
export type Attempt<Value> = { readonly kind: 'done'; readonly value: Value } | Failure

/** Seconds to wait at the least when Slack asks to. */
const SHORTEST = 1

/** Waits when Slack asks to, until its seconds are used up. */
export class WaitBudget {
  readonly #wait: (milliseconds: number) => Promise<unknown>
  #seconds: number

  constructor(seconds: number, wait: (milliseconds: number) => Promise<unknown>) {
    this.#seconds = seconds
    this.#wait = wait
  }

  /** Makes the call, and makes it again after the time that Slack asks for, as long as patience lasts. */
  async attempt<Value>(call: () => Promise<Value>): Promise<Attempt<Value>> {
    for (;;) {
      const attempt = await attempted(call)
      if (attempt.kind !== 'limited') return attempt
      const seconds = Math.max(SHORTEST, attempt.seconds)
      if (seconds > this.#seconds) return attempt
      this.#seconds -= seconds
      await this.#wait(seconds * 1_000)
    }
  }
}

async function attempted<Value>(call: () => Promise<Value>): Promise<Attempt<Value>> {
  try {
    return { kind: 'done', value: await call() }
  } catch (error) {
    return failureOf(error)
  }
}
