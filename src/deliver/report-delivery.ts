import type { ArchiveStore } from '../history/archive-store.js'
import { type FailedRun, type JudgedRun, keysOf } from '../history/judged-run.js'
import { runFolder } from '../history/names.js'
import { createFrom } from '../history/pieces.js'
import type { ChartRun } from '../records/trend.js'
import { htmlReport } from '../report/html/report.js'
import { withItself } from './charted.js'
import type { Delivery, Receipt } from './delivery.js'

export const REPORT = 'report.html'

/** Puts the HTML report of a run beside its records in the archive, once like everything there. */
export class ReportDelivery implements Delivery {
  readonly what = 'the report'
  readonly to: string
  /** The same run has the same report, and the first one stays. */
  readonly isRepeatable = true
  readonly isUnnoted = true
  readonly #store: ArchiveStore
  readonly #runsBefore: (run: JudgedRun) => Promise<readonly ChartRun[]>

  /** `runsBefore`: what the chart shows besides the run itself. */
  constructor(store: ArchiveStore, runsBefore: (run: JudgedRun) => Promise<readonly ChartRun[]>) {
    this.to = `report:${store.name}`
    this.#store = store
    this.#runsBefore = runsBefore
  }

  async deliver(run: JudgedRun | FailedRun): Promise<Receipt> {
    if (run.kind === 'failed') return { problems: [] }
    const path = runFolder(run.run.audit, run.run.time) + REPORT
    await createFrom(this.#store, path, bytesOf(reportOf(run, await this.#runsBefore(run))))
    return { message: path, problems: [] }
  }
}

async function* bytesOf(parts: AsyncIterable<string>): AsyncGenerator<Buffer> {
  for await (const part of parts) yield Buffer.from(part)
}

/** The HTML report of a run, in pieces. */
export function reportOf(run: JudgedRun, runsBefore: readonly ChartRun[]): AsyncGenerator<string> {
  return htmlReport({
    run: run.record,
    affected: run.affected,
    affectedKeys: run.affectedKeys.inOrder(),
    gaps: run.gaps,
    policy: run.policy,
    keys: keysOf(run),
    runs: withItself(run, runsBefore),
  })
}
