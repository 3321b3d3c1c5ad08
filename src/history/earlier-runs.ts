import { KnownKeys } from '../memory/known-keys.js'
import type { Instant } from '../model.js'
import type { GapRecord } from '../records/gap-record.js'
import type { PassedOver, RunLink } from '../records/run-record.js'
import { ArchiveError } from './archive-store.js'
import { Backlog, type LeftOver } from './backlog.js'
import type { PackedRecords } from './byte-lines.js'
import type { Baseline } from './comparison.js'
import { DamagedArchive, damaged, type Manifest, misplaced, recordDigest } from './manifest.js'
import { runFolder } from './names.js'
import { unpackKnowledge } from './packed-lines.js'
import { runsUpTo } from './recent.js'
import { type Fitting, liesAhead, passedOver, type StoredRuns } from './stored-runs.js'

/** What of earlier runs a run begins with. */
export interface Earlier {
  readonly baseline?: Baseline
  /** The newest earlier run record: the next link of the chain. */
  readonly link?: RunLink
  /** The newest run of a later time that was remembered before. */
  readonly overtakenBy?: RunLink
  /** What stands in the archive and was not believed. */
  readonly passedOver: readonly PassedOver[]
}

/** Runs whose links are followed before one of them is compared with. */
const LOOKED_AT = 6

/** Looks among the runs of an audit for those that are believed, from the newest back. */
export class EarlierRuns {
  readonly #archive: StoredRuns
  readonly #audit: string
  readonly #passedOver = new Map<string, PassedOver>()

  constructor(archive: StoredRuns, audit: string) {
    this.#archive = archive
    this.#audit = audit
  }

  /**
   * What the newest run before a time knew, and what was passed over on the way to it; without a baseline when
   * there is no earlier run. A run by another day is none, and one that lies in the future overtakes nothing.
   */
  async before(time: Instant, now: Instant): Promise<Earlier> {
    const all = await this.#archive.runs(this.#audit)
    for (const run of all.filter((each) => liesAhead(each, now))) {
      this.#passOver({ object: this.#where(run), why: 'its run lies in the future' })
    }
    const runs = all.filter((run) => !liesAhead(run, now))
    const overtakenBy = await this.#newest(runs.filter((run) => run > time))
    const earlier = await this.#baselineAmong(runs.filter((run) => run < time))
    return { ...earlier, ...(overtakenBy && { overtakenBy }), passedOver: [...this.#passedOver.values()] }
  }

  /** Why a run is no link after the runs before it; undefined where it is one, or none at all. */
  async problemOf(manifest: Manifest): Promise<string | undefined> {
    if (manifest.record.asOfOverridden) return undefined
    const earlier = (await this.#archive.runs(this.#audit)).filter((run) => run < manifest.run)
    if (await this.#archive.isLinked(manifest, earlier)) return undefined
    const before = (await this.#believed(earlier)).chain.at(-1)
    return before && misplaced(manifest, before)
  }

  async #baselineAmong(runs: readonly Instant[]): Promise<Pick<Earlier, 'baseline' | 'link'>> {
    const first = await this.#newestLinked(runs)
    if (first !== undefined) return first
    const { chain, rest } = await this.#believed(runs)
    const newest = chain.at(-1)
    const link = newest && { link: linkTo(newest) }
    for (const manifest of chain.toReversed()) {
      try {
        return { baseline: await this.#baselineOf(manifest), ...link }
      } catch (error) {
        if (!(error instanceof DamagedArchive)) throw error
        this.#passOver(passedOver(error))
      }
    }
    return rest.length === 0 ? { ...link } : { ...(await this.#baselineAmong(rest)), ...link }
  }

  /** The usual case: the newest run is whole, and its link shows without reading another one. */
  async #newestLinked(runs: readonly Instant[]): Promise<Pick<Earlier, 'baseline' | 'link'> | undefined> {
    const { found, rest } = await this.#newestIn(runs, 1)
    for (const { manifest } of found.flat()) {
      if (!(await this.#archive.isLinked(manifest, rest))) continue
      return this.#baselineOf(manifest).then(
        (baseline) => ({ baseline, link: linkTo(manifest) }),
        (error: unknown) => {
          if (error instanceof DamagedArchive) return undefined // met again, and reported, where all are looked at
          throw error
        },
      )
    }
    return undefined
  }

  /**
   * The newest of some runs that are believed, oldest first: each fits its folder, and links to the one before.
   * What does not is passed over. `rest`: the runs before them, which were not looked at.
   */
  async #believed(runs: readonly Instant[]): Promise<Believed> {
    const chain: Manifest[] = []
    const { found, rest } = await this.#newestIn(runs, LOOKED_AT)
    for (const [index, ofRun] of found.entries()) {
      const before = chain.at(-1)
      const candidates = before === undefined ? linkedBy(ofRun, found[index + 1] ?? []) : ofRun
      for (const { manifest, where } of candidates) {
        const why = before && misplaced(manifest, before)
        if (why === undefined) {
          chain.push(manifest)
          break
        }
        this.#passOver({ object: where, why })
      }
    }
    return { chain, rest }
  }

  /** What fits in the folders of the newest runs, oldest first; a run by another day is no link of the chain. */
  async #newestIn(
    runs: readonly Instant[],
    most: number,
  ): Promise<{ readonly found: readonly (readonly Fitting[])[]; readonly rest: readonly Instant[] }> {
    const found: (readonly Fitting[])[] = []
    const rest = [...runs]
    while (found.length < most) {
      const run = rest.pop()
      if (run === undefined) break
      const { fitting, unfit } = await this.#archive.folder(this.#audit, run)
      for (const error of unfit) this.#passOver(passedOver(error))
      const links = fitting.filter(({ manifest }) => !manifest.record.asOfOverridden)
      if (links.length > 0) found.unshift(links)
    }
    return { found, rest }
  }

  /** The newest remembered of some later runs: there is one when a run is late, or its clock has gone back. */
  async #newest(later: readonly Instant[]): Promise<RunLink | undefined> {
    const { found } = await this.#newestIn(later, 1)
    const [newest] = found.flat()
    return newest && linkTo(newest.manifest)
  }

  async #baselineOf(manifest: Manifest): Promise<Baseline> {
    const packed = await this.#archive.records(manifest)
    try {
      return await baselineFrom(manifest, packed)
    } catch (error) {
      if (error instanceof ArchiveError) throw error
      throw damaged(packed.where, 'it holds what this program does not write') // with digests that fit
    }
  }

  /** The folder of a run, as people know it. */
  #where(run: Instant): string {
    return this.#archive.where(runFolder(this.#audit, run))
  }

  /** Runs may be looked at more than once; what is wrong with one is said once. */
  #passOver(found: PassedOver): void {
    this.#passedOver.set(found.object, found)
  }
}

/** Runs that link to each other, oldest first. */
interface Believed {
  readonly chain: readonly Manifest[]
  readonly rest: readonly Instant[]
}

async function baselineFrom(manifest: Manifest, packed: PackedRecords): Promise<Baseline> {
  const knowledge = new KnownKeys()
  const gaps: GapRecord[] = []
  const left: LeftOver[] = []
  for await (const line of unpackKnowledge(packed)) {
    if ('known' in line && line.known !== undefined) knowledge.add(line.known)
    else if ('left' in line) left.push(line)
    else if ('record' in line && line.record.record === 'gap') gaps.push(line.record)
  }
  const backlog = new Backlog(left)
  for (const known of knowledge) backlog.add(known)
  const trend = runsUpTo(manifest)
  return { record: manifest.record, sha256: recordDigest(manifest), knowledge, gaps, backlog, trend }
}

/** The manifests of a run, first those that one of the next run links to. */
function linkedBy(fitting: readonly Fitting[], next: readonly Fitting[]): readonly Fitting[] {
  if (fitting.length < 2) return fitting
  const linked = new Set(next.map(({ manifest }) => manifest.record.previous?.sha256))
  return fitting.toSorted(
    (one, other) =>
      Number(linked.has(recordDigest(other.manifest))) - Number(linked.has(recordDigest(one.manifest))),
  )
}

function linkTo(manifest: Manifest): RunLink {
  return { run: manifest.run, sha256: recordDigest(manifest) }
}
