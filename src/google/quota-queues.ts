import { QuotaQueue } from './quota-queue.js'
import { allowance, type QuotaName } from './quotas.js'

export interface LanesOptions {
  /** Percent of each documented quota that may be used. */
  readonly pace: number | 'off'
  /** Length of a quota's minute in milliseconds; shorter where a simulator's minute passes faster. */
  readonly minute?: number
  /** Requests of one quota under way at once. */
  readonly concurrency?: number
}

/** One queue for each quota, made when it is first needed. */
export class QuotaQueues {
  readonly #options: LanesOptions
  readonly #queues = new Map<QuotaName, QuotaQueue>()

  constructor(options: LanesOptions) {
    this.#options = options
  }

  of(quota: QuotaName): QuotaQueue {
    const known = this.#queues.get(quota)
    if (known) return known
    const { pace, minute = 60_000, concurrency = 16 } = this.#options
    const most = pace === 'off' ? Number.POSITIVE_INFINITY : allowance(quota, pace)
    const queue = new QuotaQueue({ allowance: most, minute, concurrency })
    this.#queues.set(quota, queue)
    return queue
  }
}
