import type { Instant } from '../model.js'
import type { PassedOver } from '../records/run-record.js'
import { ArchiveError } from './archive-store.js'

/** What is written beside a claim when its delivery has arrived. */
export interface DoneMark {
  readonly at: Instant
  /** The ID of what was delivered, such as a Slack message's timestamp. */
  readonly message?: string
}

/** The right to make one delivery of a run, for this attempt alone. */
export interface Lease {
  /** Whether an earlier attempt may have delivered without leaving a mark. */
  readonly isUncertain: boolean
  /** What lies among the claims and was not believed. */
  readonly passedOver: readonly PassedOver[]
  /** Resolves while nobody else may deliver for another half minute; rejects when the lease was lost. */
  readonly renew: () => Promise<void>
  readonly done: (mark: DoneMark) => Promise<void>
  /** Lets others try at once. `certain`: whether it is known that nothing was delivered. */
  readonly failed: (certain: boolean) => Promise<void>
}

/** How a lease reaches the archive. */
interface LeaseKeeping {
  readonly lifetime: number
  readonly clock: () => number
  /** Makes the claim of a number; false when another attempt has made it. */
  readonly claim: (number: number) => Promise<boolean>
  readonly mark: (number: number, ending: 'done' | 'failed', content: object) => Promise<boolean>
  readonly passedOver: () => readonly PassedOver[]
}

/** Of a claim's lifetime, the part after which it is renewed: a request fits into what is left. */
const FRESH = 1 / 3

/** A lease that renews its claim while it lasts. */
export class RenewingLease implements Lease {
  readonly isUncertain: boolean
  readonly #keeping: LeaseKeeping
  readonly #timer: NodeJS.Timeout
  #number: number
  #begun: number
  #renewal: Promise<void> = Promise.resolve()

  constructor(
    keeping: LeaseKeeping,
    { number, begun, isUncertain }: { number: number; begun: number; isUncertain: boolean },
  ) {
    this.#keeping = keeping
    this.#number = number
    this.#begun = begun
    this.isUncertain = isUncertain
    // What fails here fails again, and is noticed, when the lease is next needed.
    this.#timer = setInterval(() => void this.renew().catch(() => undefined), keeping.lifetime * FRESH)
    this.#timer.unref()
  }

  get passedOver(): readonly PassedOver[] {
    return this.#keeping.passedOver()
  }

  renew = (): Promise<void> => {
    this.#renewal = this.#renewal.catch(() => undefined).then(() => this.#renewed())
    return this.#renewal
  }

  done = async (mark: DoneMark): Promise<void> => {
    await this.#end()
    await this.#keeping.mark(this.#number, 'done', mark)
  }

  failed = async (certain: boolean): Promise<void> => {
    await this.#end()
    await this.#keeping.mark(this.#number, 'failed', { certain: certain && !this.isUncertain })
  }

  async #end(): Promise<void> {
    clearInterval(this.#timer)
    await this.#renewal.catch(() => undefined)
  }

  async #renewed(): Promise<void> {
    const { lifetime, clock, claim } = this.#keeping
    const now = clock()
    if (now - this.#begun < lifetime * FRESH) return
    if (!(await claim(this.#number + 1))) {
      const cause = 'Holding the claim of a delivery failed: another attempt has taken it over'
      throw new ArchiveError({ code: 'CLAIM_LOST', cause, advice: { say: 'leave it to that one' } }, true)
    }
    this.#number += 1
    this.#begun = now
  }
}
