import type { FailedRun, JudgedRun } from '../history/judged-run.js'
import type { DeliveryRecord } from '../records/delivery-record.js'
import { entryOf, entryOfLine, type LogEntry } from '../records/entries.js'
import type { Delivery, Receipt } from './delivery.js'
import type { RecordLog } from './logging.js'

/** Writes the records of a run to Cloud Logging, the run record last: where it stands, all others do. */
export class LogDelivery implements Delivery {
  readonly what = 'the records'
  readonly to: string
  /** The same record has the same `insertId`. */
  readonly isRepeatable = true
  readonly #log: RecordLog

  constructor(log: RecordLog) {
    this.to = log.to
    this.#log = log
  }

  async deliver(run: JudgedRun | FailedRun): Promise<Receipt> {
    if (run.kind === 'judged') await this.#log.write(entriesOf(run))
    await this.#log.write([entryOf(run.record)])
    return { problems: [] }
  }

  async note(record: DeliveryRecord): Promise<Receipt> {
    await this.#log.write([entryOf(record)])
    return { problems: [] }
  }
}

async function* entriesOf(run: JudgedRun): AsyncGenerator<LogEntry> {
  for await (const line of run.ledger.lines()) yield entryOfLine(line)
}
