import type { ArchiveStore } from '../history/archive-store.js'
import { type FailedRun, type JudgedRun, keysOf } from '../history/judged-run.js'
import { runName } from '../history/names.js'
import { digestOf } from '../history/packed-lines.js'
import { createFrom } from '../history/pieces.js'
import { canonical, sha256 } from '../records/canonical.js'
import { ocsf } from '../report/ocsf.js'
import type { Delivery, Receipt } from './delivery.js'

/** Puts the findings of a run, as OCSF, where other systems fetch them: an object a run, which is never overwritten. */
export class OcsfDelivery implements Delivery {
  readonly what = 'the findings as OCSF'
  readonly to: string
  /** The same run has the same findings, and the first object stays. */
  readonly isRepeatable = true
  readonly #store: ArchiveStore

  constructor(store: ArchiveStore) {
    this.to = `ocsf:${store.name}`
    this.#store = store
  }

  /** A run that failed has no findings. */
  async deliver(run: JudgedRun | FailedRun): Promise<Receipt> {
    if (run.kind === 'failed') return { problems: [] }
    const { audit, time } = run.run
    const name = `${audit}/${runName(time)}`
    if (await this.#isWritten(`${name}.ndjson`, run)) return { message: `${name}.ndjson`, problems: [] }
    // Another reading of the same run, where runs are not remembered, or something that this program did not write.
    const other = `${name}-${sha256(canonical(run.record)).slice(0, 16)}.ndjson`
    await createFrom(this.#store, other, bytesOf(run))
    return { message: other, problems: [] }
  }

  /** Whether the findings stand there, written now or by an earlier attempt. */
  async #isWritten(path: string, run: JudgedRun): Promise<boolean> {
    if (await createFrom(this.#store, path, bytesOf(run))) return true
    const found = await this.#store.open(path)
    return found !== undefined && (await digestOf(found.pieces())) === (await digestOf(bytesOf(run)))
  }
}

async function* bytesOf(run: JudgedRun): AsyncGenerator<Buffer> {
  for await (const part of ocsf(run.record, keysOf(run), run.gaps)) yield Buffer.from(part)
}
