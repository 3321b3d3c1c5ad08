import type { Explanation } from '../errors.js'
import type { FailedRun, JudgedRun } from '../history/judged-run.js'
import type { Lease } from '../history/lease.js'
import type { DeliveryRecord } from '../records/delivery-record.js'
import type { EventRecord } from '../records/event-record.js'
import { type ChartRun, chartRun } from '../records/trend.js'

/** What became of a delivery whose main part arrived. */
export interface Receipt {
  /** The ID of what was delivered, such as a Slack message's timestamp. */
  readonly message?: string
  /** Lesser parts that did not arrive, such as a file in the thread. */
  readonly problems: readonly DeliveryError[]
}

/** What reached a place, and where that is. */
export interface Delivered extends Pick<Receipt, 'message'> {
  readonly what: string
  readonly to: string
}

/** One place to which runs are delivered. */
export interface Delivery {
  /** What of a run it gets: `the records`, `the digest`. */
  readonly what: string
  /** `logging:projects/acme/logs/gemini-key-audit`, `slack:C0456`. */
  readonly to: string
  /** Whether delivering again changes nothing, so that attempts at one run need not take claims. */
  readonly isRepeatable: boolean
  /** Whether no record says what became of it. */
  readonly isUnnoted?: true
  /**
   * Resolves when the run is delivered; throws a `DeliveryError` when it is not. With a lease it delivers only
   * while the lease holds, and looks first where an earlier attempt may have delivered.
   */
  deliver(
    run: JudgedRun | FailedRun,
    lease?: Pick<Lease, 'isUncertain' | 'passedOver' | 'renew'>,
  ): Promise<Receipt>
  /** Writes down what became of another delivery, or a change between runs, where this place keeps records. */
  note?(record: DeliveryRecord | EventRecord): Promise<Receipt>
}

/** The runs of a chart: those before a run, and the run itself unless it is by another day than its own. */
export function withItself({ record }: JudgedRun, before: readonly ChartRun[]): readonly ChartRun[] {
  return record.asOfOverridden === true ? before : [...before, chartRun(record)]
}

/**
 * A delivery that failed. The message is one sentence: what was being delivered, why it failed, what to do. It
 * carries no cause: the clients' errors hold requests, and with them tokens.
 */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError'

  constructor(
    /** `logging:projects/acme/logs/gemini-key-audit`, `slack:C0456`. */
    readonly to: string,
    /** Whether the same delivery may succeed when it is tried again, with nothing changed. */
    readonly retry: boolean,
    message: string,
    /** The same as data. */
    readonly explanation: Explanation,
    /** Whether nobody can say if it was delivered after all. */
    readonly isUnclear = false,
  ) {
    super(message)
  }
}
