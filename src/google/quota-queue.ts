import PQueue from 'p-queue'
import { allowance as allowanceOf, type QuotaName } from './quotas.js'

interface QuotaQueueOptions {
  /** Requests that may start within any `minute`. */
  readonly allowance: number
  /** Length of the quota's minute in milliseconds. */
  readonly minute: number
  /** Requests under way at once. */
  readonly concurrency: number
}

/** A task of a queue: it is to stop when the signal aborts, by time limit or from outside. */
type Task<T> = (signal: AbortSignal | undefined) => Promise<T>

/**
 * The queue of all requests that share one quota. Windows slide, because Google's minutes do not begin
 * with ours: two bursts at the edge of fixed windows would be twice the quota.
 */
export class QuotaQueue {
  readonly #queue: PQueue
  #closed: { readonly until: number; readonly timer: NodeJS.Timeout } | undefined

  constructor(options: QuotaQueueOptions) {
    const { allowance, minute, concurrency } = options
    const paced = Number.isFinite(allowance)
    this.#queue = new PQueue({
      concurrency,
      ...(paced && { interval: minute, intervalCap: allowance, strict: true }),
    })
  }

  /**
   * Runs the task when its turn has come. `priority` above 0 goes before the others; `timeout` counts from
   * the start of the task. Rejects with p-queue's `TimeoutError` or with the signal's reason.
   */
  async run<T>(
    task: Task<T>,
    options: { signal?: AbortSignal; timeout: number; priority: number },
  ): Promise<T> {
    this.#closed?.timer.ref()
    try {
      return await this.#queue.add(({ signal }) => task(signal), options)
    } finally {
      if (this.#queue.size === 0) this.#closed?.timer.unref() // nobody waits: the process may end
    }
  }

  /** Starts nothing more for the given milliseconds; what is under way goes on. */
  close(milliseconds: number): void {
    const until = performance.now() + milliseconds
    if (this.#closed && this.#closed.until >= until) return
    clearTimeout(this.#closed?.timer)
    this.#queue.pause()
    const open = () => {
      this.#closed = undefined
      this.#queue.start()
    }
    this.#closed = { until, timer: setTimeout(open, milliseconds) }
  }
}

export interface PacingOptions {
  /** Percent of each documented quota that may be used. */
  readonly pace: number | 'off'
  /** Length of a quota's minute in milliseconds; shorter where a simulator's minute passes faster. */
  readonly minute?: number
  /** Requests of one quota under way at once. */
  readonly concurrency?: number
}

/** One queue for each quota, made when it is first needed. */
export class QuotaQueues {
  readonly #options: PacingOptions
  readonly #queues = new Map<QuotaName, QuotaQueue>()

  constructor(options: PacingOptions) {
    this.#options = options
  }

  of(quota: QuotaName): QuotaQueue {
    const known = this.#queues.get(quota)
    if (known) return known
    const { pace, minute = 60_000, concurrency = 16 } = this.#options
    const most = pace === 'off' ? Number.POSITIVE_INFINITY : allowanceOf(quota, pace)
    const queue = new QuotaQueue({ allowance: most, minute, concurrency })
    this.#queues.set(quota, queue)
    return queue
  }
}
