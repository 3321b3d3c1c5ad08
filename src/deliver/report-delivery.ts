import type { ArchiveStore } from '../history/archive-store.js'
import { type FailedRun, type JudgedRun, keysOf } from '../history/judged-run.js'
import { otherReport, REPORT, runFolder } from '../history/names.js'
import { digestOf } from '../history/packed-lines.js'
import { createFrom } from '../history/pieces.js'
import { canonical, sha256 } from '../records/canonical.js'
import type { ChartRun } from '../records/trend.js'
import { htmlReport } from '../report/html/report.js'
import type { Delivery, Receipt } from './delivery.js'
import { withItself } from './delivery.js'

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
    const folder = runFolder(run.run.audit, run.run.time)
    const before = await this.#runsBefore(run)
    const content = () => bytesOf(reportOf(run, before))
    if (await this.#isWritten(folder + REPORT, content)) return { message: folder + REPORT, problems: [] }
    const other = folder + otherReport(sha256(canonical(run.record)))
    await createFrom(this.#store, other, content())
    return { message: other, problems: [] }
  }

  /** Whether the report stands there, written now or by an earlier attempt. What is longer is not read. */
  async #isWritten(path: string, content: () => AsyncIterable<Buffer>): Promise<boolean> {
    if (await createFrom(this.#store, path, content())) return true
    const found = await this.#store.open(path)
    if (found === undefined || found.size !== (await lengthOf(content()))) return false
    return (await digestOf(found.pieces())) === (await digestOf(content()))
  }
}

async function lengthOf(pieces: AsyncIterable<Buffer>): Promise<number> {
  let length = 0
  for await (const piece of pieces) length += piece.length
  return length
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
