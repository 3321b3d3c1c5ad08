import { CLOCK_SKEW, OLDEST_SCHEDULE, secondsBetween } from '../calendar.js'
import { Ledger } from '../memory/ledger.js'
import type { Instant } from '../model.js'
import { canonical, sha256 } from '../records/canonical.js'
import type { PassedOver, RunLink } from '../records/run-record.js'
import type { RunArchive } from './archive.js'
import type { StoredObject } from './archive-store.js'
import { DamagedArchive, type Manifest, misplaced, REMEMBERING, recordDigest } from './manifest.js'
import { runFolder, runName } from './names.js'
import { type Fitting, liesAhead, passedOver } from './stored-runs.js'
import { liesBesideRuns, strangersIn } from './strangers.js'

export interface VerifyOptions {
  /** The run to begin with, whose own link is taken on trust; without it the first run has none. */
  readonly from?: Instant
  /** The longest time from one run to the next, and from the last one to now, in milliseconds. */
  readonly expectEvery?: number
  /** Whether to go on behind a break. */
  readonly all?: boolean
  readonly now: Instant
}

/** Something that is not as it was written, or not as it has to be. */
export interface Break {
  readonly what: string
  /** What cannot be said any more because of it. */
  readonly unproven: string
}

/** What a check of an archive came to. */
export interface Verification {
  /** Remembered runs that were found whole, with the digests of their run records, as far as the check came. */
  readonly runs: readonly RunLink[]
  /** What an auditor may want to know and is no break. */
  readonly notes: readonly string[]
  /** Objects that this program did not write, or not so. */
  readonly foreign: readonly PassedOver[]
  /** The first break, or all of them. */
  readonly breaks: readonly Break[]
}

/** Ends the check where it is not to go on. */
class Ended extends Error {}

/**
 * Checks the runs of an audit from one on: that each object is there, belongs there and is what its digest says,
 * that the records are those of the run record, that each run links to the run before, that its times fit each
 * other, and that none took too long. Throws `ArchiveError` when the archive cannot be read.
 */
export async function verify(
  archive: RunArchive,
  audit: string,
  options: VerifyOptions,
): Promise<Verification> {
  const check = new Check(archive, audit, options)
  try {
    await check.all()
  } catch (error) {
    if (!(error instanceof Ended)) throw error
  }
  return check.result
}

class Check {
  readonly #runs: RunLink[] = []
  readonly #notes: string[] = []
  readonly #foreign: PassedOver[] = []
  readonly #breaks: Break[] = []
  readonly #chain: Manifest[] = []
  #oldClaims = 0

  constructor(
    private readonly archive: RunArchive,
    private readonly audit: string,
    private readonly options: VerifyOptions,
  ) {}

  get result(): Verification {
    return { runs: this.#runs, notes: this.#notes, foreign: this.#foreign, breaks: this.#breaks }
  }

  async all(): Promise<void> {
    const { from, now } = this.options
    const byRun = await this.#objectsByRun()
    for (const run of await this.archive.runs(this.audit, from)) {
      await this.#run(run, byRun.get(runName(run)) ?? [])
    }
    if (from !== undefined && this.#runs[0]?.run !== from) {
      this.#break(`The run ${from} is missing.`, 'what it found, and that nothing before it was changed')
    }
    const last = this.#chain.at(-1)
    if (last !== undefined) this.#demandInTime(last.run, now, 'now')
    if (this.#oldClaims > 0) {
      this.#notes.push(
        `The claims of ${this.#oldClaims} of the runs are by version 0.1.0 and name no run record: they prove nothing.`,
      )
    }
  }

  /** One listing of everything; anything but the beginnings of executions and the marks of changes is foreign. */
  async #objectsByRun(): Promise<ReadonlyMap<string, readonly StoredObject[]>> {
    const names = new Set((await this.archive.runs(this.audit)).map(runName))
    const byRun = new Map<string, StoredObject[]>()
    for (const object of await this.archive.store.objects(`${this.audit}/`)) {
      const [, name = '', path = ''] = /^runs\/([^/]+)\/(.+)$/s.exec(object.path) ?? []
      if (names.has(name)) {
        byRun.set(name, byRun.get(name) ?? [])
        byRun.get(name)?.push({ ...object, path })
      } else if (!(await liesBesideRuns(this.archive.store, this.audit, object))) {
        this.#foreign.push(this.#named(`${this.audit}/${object.path}`, 'it lies in no folder of a run'))
      }
    }
    return byRun
  }

  async #run(run: Instant, listed: readonly StoredObject[]): Promise<void> {
    const folder = runFolder(this.audit, run)
    if (liesAhead(run, this.options.now)) {
      this.#break(
        `${this.archive.store.name}/${folder}: its run lies in the future.`,
        'nothing of the other runs',
      )
      return
    }
    const { objects, fitting, unfit } = await this.archive.folder(this.audit, run, listed)
    const { own, misplaced: others } = this.#ownOf(fitting)
    const named = [...unfit.map(passedOver), ...others]
    this.#foreign.push(...named)
    const isNamed = new Set(named.map(({ object }) => object))
    const rest = objects.filter(({ path }) => !isNamed.has(this.archive.where(folder + path)))
    const strangers = await strangersIn(this.archive.store, folder, { objects: rest, own })
    this.#notes.push(...strangers.notes)
    if (strangers.hasOldClaims) this.#oldClaims += 1
    this.#foreign.push(...strangers.foreign.map(({ path, why }) => this.#named(folder + path, why)))
    if (own === undefined) {
      this.#notes.push(`The run ${run} has begun and is not remembered: it has no manifest.`)
      return
    }
    const { manifest } = own
    const isWhole = await this.#records(manifest)
    this.#demandTimes(own)
    if (manifest.record.asOfOverridden === true) this.#byAnotherDay(manifest)
    else this.#link(manifest)
    if (isWhole) this.#runs.push({ run, sha256: recordDigest(manifest) })
  }

  /** The manifest of a run among those that fit: the first that links to the run before, where there is one. */
  #ownOf(fitting: readonly Fitting[]): { readonly own?: Fitting; readonly misplaced: readonly PassedOver[] } {
    const before = this.#chain.at(-1)
    const found: PassedOver[] = []
    for (const own of fitting) {
      const { manifest, where } = own
      const why = before && !manifest.record.asOfOverridden ? misplaced(manifest, before) : undefined
      if (why === undefined) return { own, misplaced: found }
      found.push({ object: where, why })
    }
    const [own] = fitting
    return { ...(own && { own }), misplaced: found.slice(1) }
  }

  async #records(manifest: Manifest): Promise<boolean> {
    const what = await recordsProblem(this.archive, manifest)
    if (what === undefined) return true
    this.#break(what, `what the run ${manifest.run} recorded of each key`)
    return false
  }

  #byAnotherDay({ run, record }: Manifest): void {
    if (record.previous !== undefined) {
      this.#break(`The run ${run} is by another day and has a link.`, 'that this program wrote it')
    }
    this.#notes.push(`The run ${run} is by another day, ${record.asOf}, and no link of the chain.`)
  }

  #link(manifest: Manifest): void {
    const { run } = manifest
    const before = this.#chain.at(-1)
    this.#demandLink(manifest)
    for (const late of this.#chain) this.#demandOvertaking(late, manifest)
    if (before !== undefined) this.#demandInTime(before.run, run, `the run ${run}`)
    this.#chain.push(manifest)
  }

  /** The link leads to the run before; runs in between are none if they were judged only after this began. */
  #demandLink(manifest: Manifest): void {
    const { run, record } = manifest
    const { previous } = record
    const isFirst = this.#chain.length === 0
    if (isFirst && this.options.from !== undefined) return
    const linked = this.#chain.findIndex((each) => each.run === previous?.run)
    const unproven = `that no run before ${run} was changed or removed`
    if (previous !== undefined && linked < 0) {
      this.#break(
        `The run ${run} links to the run ${previous.run}, which is missing or comes after it.`,
        unproven,
      )
      return
    }
    const found = this.#chain[linked]
    const digest = found && recordDigest(found)
    if (previous !== undefined && previous.sha256 !== digest) {
      this.#break(
        `The run ${run} links to a run record of ${previous.run} with the digest ${previous.sha256}, but that ` +
          `run record has the digest ${digest}.`,
        `what the run ${previous.run} found, and ${unproven}`,
      )
    }
    for (const skipped of this.#chain.slice(linked + 1)) this.#demandLate(skipped, manifest)
  }

  #demandLate(skipped: Manifest, manifest: Manifest): void {
    const { run } = manifest
    if (misplaced(manifest, skipped) !== undefined) {
      this.#break(
        `The run ${run} does not link to the run ${skipped.run} before it.`,
        `that the run ${skipped.run} was there when the run ${run} began`,
      )
      return
    }
    this.#notes.push(`The run ${skipped.run} was judged when the run ${run} had begun: no link leads to it.`)
  }

  /** What a late run says of the later one that it found is so. */
  #demandOvertaking({ run: late, record: { overtakenBy } }: Manifest, manifest: Manifest): void {
    const { run } = manifest
    const digest = recordDigest(manifest)
    if (overtakenBy?.run !== run || overtakenBy.sha256 === digest) return
    this.#break(
      `The run ${late} found a run record of ${run} with the digest ${overtakenBy.sha256}, but that run record ` +
        `has the digest ${digest}.`,
      `what the run ${run} found`,
    )
  }

  /** A run takes place at its time, and is put into the archive when it was judged, as far as that can be seen. */
  #demandTimes({ manifest: { run, record }, created }: Fitting): void {
    const late = secondsBetween(run, record.startedAt)
    const unproven = `that the run ${run} took place at its time`
    if (late > OLDEST_SCHEDULE) {
      this.#break(`The run ${run} began only ${spanText(late)} after its time: it is backdated.`, unproven)
    } else if (late > REMEMBERING) {
      this.#notes.push(`The run ${run} began ${spanText(late)} after its time.`)
    }
    const stored = created === undefined ? 0 : secondsBetween(record.judgedAt, created)
    if (stored > REMEMBERING + CLOCK_SKEW) {
      this.#break(
        `The run ${run} was put into the archive only ${spanText(stored)} after it was judged: it is backdated.`,
        unproven,
      )
    }
  }

  #demandInTime(earlier: Instant, later: Instant, name: string): void {
    const { expectEvery } = this.options
    if (expectEvery === undefined || secondsBetween(earlier, later) * 1_000 <= expectEvery) return
    const hours = Math.floor(secondsBetween(earlier, later) / 3_600)
    this.#break(
      `From the run ${earlier} to ${name} there is no run for ${hours} hours.`,
      'whether there was a run in between',
    )
  }

  #break(what: string, unproven: string): void {
    this.#breaks.push({ what, unproven })
    if (this.options.all !== true) throw new Ended()
  }

  #named(path: string, why: string): PassedOver {
    return { object: `${this.archive.store.name}/${path}`, why }
  }
}

/** `2 hours`, `25 minutes`. */
function spanText(seconds: number): string {
  return seconds >= 7_200 ? `${Math.floor(seconds / 3_600)} hours` : `${Math.floor(seconds / 60)} minutes`
}

/** Why an object of records is not what manifest and run record say; undefined where it is. */
async function recordsProblem(archive: RunArchive, manifest: Manifest): Promise<string | undefined> {
  const { run, record, records } = manifest
  const ledger = new Ledger()
  let lines = 0
  try {
    for await (const line of archive.lines(manifest)) {
      lines += 1
      if (!('record' in line) || !line.logged) continue
      const text = canonical(line.record)
      await ledger.add({ insertId: sha256(text), canonical: text })
    }
  } catch (error) {
    if (!(error instanceof DamagedArchive)) throw error
    return `${error.where}: ${error.why}.`
  }
  if (lines !== records.lines) return `The run ${run} has ${lines} lines, not ${records.lines}.`
  if (ledger.count !== record.records.count || (await ledger.sha256()) !== record.records.sha256) {
    return `The records of the run ${run} are not those of its run record.`
  }
  return undefined
}
