import { secondsBetween } from '../calendar.js'
import { Ledger } from '../memory/ledger.js'
import type { Instant } from '../model.js'
import { canonical, sha256 } from '../records/canonical.js'
import type { RunArchive } from './archive.js'
import { DamagedArchive, type Manifest } from './manifest.js'

export interface VerifyOptions {
  /** The run to begin with, whose own link is taken on trust; without it the first run has none. */
  readonly from?: Instant
  /** The longest time from one run to the next, and from the last one to now, in milliseconds. */
  readonly expectEvery?: number
  readonly now: Instant
}

/** What a check of an archive came to. */
export interface Verification {
  /** Remembered runs that were found whole, as far as the check came. */
  readonly runs: readonly Instant[]
  /** What an auditor may want to know and is no break. */
  readonly notes: readonly string[]
  /** The first break, in one sentence; absent when there is none. */
  readonly broken?: string
}

interface Link {
  readonly run: Instant
  readonly sha256: string
  readonly judgedAt: Instant
  /** The later run that was remembered before this one. */
  readonly overtakenBy?: { readonly run: Instant; readonly sha256: string } | undefined
}

/** Ends the check with a sentence. */
class Broken extends Error {}

/**
 * Checks the runs of an audit from one on: that each object is there and is what its digest says, that the
 * records are those of the run record, that each run links to the run before, and that none took too long.
 * Throws `ArchiveError` when the archive cannot be read.
 */
export async function verify(
  archive: RunArchive,
  audit: string,
  options: VerifyOptions,
): Promise<Verification> {
  const check = new Check(archive, audit, options)
  try {
    await check.all()
    return check.result
  } catch (error) {
    if (error instanceof Broken) return { ...check.result, broken: error.message }
    if (!(error instanceof DamagedArchive)) throw error
    return { ...check.result, broken: `${error.where}: ${error.why}.` }
  }
}

class Check {
  readonly #runs: Instant[] = []
  readonly #notes: string[] = []
  readonly #chain: Link[] = []

  constructor(
    private readonly archive: RunArchive,
    private readonly audit: string,
    private readonly options: VerifyOptions,
  ) {}

  get result(): Verification {
    return { runs: this.#runs, notes: this.#notes }
  }

  async all(): Promise<void> {
    const { from, now } = this.options
    for (const run of await this.archive.runs(this.audit, from)) await this.#run(run)
    if (from !== undefined && this.#runs[0] !== from) throw new Broken(`The run ${from} is missing.`)
    const last = this.#chain.at(-1)
    if (last !== undefined) this.#demandInTime(last.run, now, 'now')
  }

  async #run(run: Instant): Promise<void> {
    const manifest = await this.archive.manifest(this.audit, run)
    if (manifest === undefined) {
      this.#notes.push(`The run ${run} has begun and is not remembered: it has no manifest.`)
      return
    }
    await demandRecords(this.archive, manifest)
    const { record } = manifest
    if (record.asOfOverridden === true) {
      if (record.previous !== undefined) throw new Broken(`The run ${run} is by another day and has a link.`)
      this.#notes.push(`The run ${run} is by another day, ${record.asOf}, and no link of the chain.`)
    } else this.#link(manifest, sha256(canonical(record)))
    this.#runs.push(run)
  }

  #link({ run, record }: Manifest, digest: string): void {
    const before = this.#chain.at(-1)
    this.#demandLink(run, record)
    for (const late of this.#chain) demandOvertaking(late, run, digest)
    if (before !== undefined) this.#demandInTime(before.run, run, `the run ${run}`)
    const { judgedAt, overtakenBy } = record
    this.#chain.push({ run, sha256: digest, judgedAt, overtakenBy })
  }

  /** The link leads to the run before; runs in between are none if they were judged only after this began. */
  #demandLink(run: Instant, { previous, startedAt }: Manifest['record']): void {
    const isFirst = this.#chain.length === 0
    if (isFirst && this.options.from !== undefined) return
    const linked = this.#chain.findIndex((link) => link.run === previous?.run)
    if (previous !== undefined && linked < 0) {
      throw new Broken(`The run ${run} links to the run ${previous.run}, which is missing or comes after it.`)
    }
    const digest = this.#chain[linked]?.sha256
    if (previous !== undefined && previous.sha256 !== digest) {
      throw new Broken(
        `The run ${run} links to a run record of ${previous.run} with the digest ${previous.sha256}, but that ` +
          `run record has the digest ${digest}.`,
      )
    }
    for (const skipped of this.#chain.slice(linked + 1)) this.#demandLate(skipped, run, startedAt)
  }

  #demandLate(skipped: Link, run: Instant, startedAt: Instant): void {
    const wasOvertaken = skipped.overtakenBy !== undefined && skipped.overtakenBy.run >= run
    if (!wasOvertaken && secondsBetween(skipped.judgedAt, startedAt) > REMEMBERING) {
      throw new Broken(`The run ${run} does not link to the run ${skipped.run} before it.`)
    }
    this.#notes.push(`The run ${skipped.run} was judged when the run ${run} had begun: no link leads to it.`)
  }

  #demandInTime(earlier: Instant, later: Instant, name: string): void {
    const { expectEvery } = this.options
    if (expectEvery === undefined || secondsBetween(earlier, later) * 1_000 <= expectEvery) return
    const hours = Math.floor(secondsBetween(earlier, later) / 3_600)
    throw new Broken(`From the run ${earlier} to ${name} there is no run for ${hours} hours.`)
  }
}

/** What a late run says of the later one that it found is so. */
function demandOvertaking({ run: late, overtakenBy }: Link, run: Instant, digest: string): void {
  if (overtakenBy?.run !== run || overtakenBy.sha256 === digest) return
  throw new Broken(
    `The run ${late} found a run record of ${run} with the digest ${overtakenBy.sha256}, but that run record ` +
      `has the digest ${digest}.`,
  )
}

/** Seconds that remembering a judged run may take. */
const REMEMBERING = 600

/** The digests of the object and of the records in it are those of the manifest and of the run record. */
async function demandRecords(archive: RunArchive, manifest: Manifest): Promise<void> {
  const { run, record, records } = manifest
  const ledger = new Ledger()
  let lines = 0
  for await (const line of archive.lines(manifest)) {
    lines += 1
    if (!('record' in line) || !line.logged) continue
    const text = canonical(line.record)
    await ledger.add({ insertId: sha256(text), canonical: text })
  }
  if (lines !== records.lines) throw new Broken(`The run ${run} has ${lines} lines, not ${records.lines}.`)
  if (ledger.count !== record.records.count || (await ledger.sha256()) !== record.records.sha256) {
    throw new Broken(`The records of the run ${run} are not those of its run record.`)
  }
}
