import { Lane } from './quota-queue.js'
import { allowance, type QuotaName } from './quotas.js'

export interface LanesOptions {
  /** Percent of each documented quota that may be used. */
  readonly pace: number | 'off'
  /** Length of a quota's minute in milliseconds; shorter where a simulator's minute passes faster. */
  readonly minute?: number
  /** Requests of one quota under way at once. */
  readonly concurrency?: number
}

/** One lane for each quota, made when it is first needed. */
export class Lanes {
  readonly #options: LanesOptions
  readonly #lanes = new Map<QuotaName, Lane>()

  constructor(options: LanesOptions) {
    this.#options = options
  }

  of(quota: QuotaName): Lane {
    const known = this.#lanes.get(quota)
    if (known) return known
    const { pace, minute = 60_000, concurrency = 16 } = this.#options
    const most = pace === 'off' ? Number.POSITIVE_INFINITY : allowance(quota, pace)
    const lane = new Lane({ allowance: most, minute, concurrency })
    this.#lanes.set(quota, lane)
    return lane
  }
}
