import { KnownKeys } from '../memory/known-keys.js'
import type { Instant } from '../model.js'
import type { GapRecord } from '../records/gap-record.js'
import type { PassedOver, RunLink } from '../records/run-record.js'
import { Backlog, type LeftOver } from './backlog.js'
import type { Baseline } from './comparison.js'
import { unpackKnowledge } from './lines.js'
import { DamagedArchive, type Manifest, misplaced, recordDigest } from './manifest.js'
import { claimsFolder, runFolder } from './names.js'
import { runsUpTo } from './recent.js'
import { liesAhead, passedOver, type StoredRuns } from './stored-runs.js'

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
    if (await this.#isLinked(manifest, earlier)) return undefined
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
    const { chain, rest } = await this.#believed(runs, 1)
    const [newest] = chain
    if (newest === undefined || !(await this.#isLinked(newest, rest))) return undefined
    return this.#baselineOf(newest).then(
      (baseline) => ({ baseline, link: linkTo(newest) }),
      (error: unknown) => {
        if (error instanceof DamagedArchive) return undefined // met again, and reported, where all are looked at
        throw error
      },
    )
  }

  /** Whether a run links to the run before it, by the digest that the claims of that one are named by. */
  async #isLinked({ record: { previous } }: Manifest, earlier: readonly Instant[]): Promise<boolean> {
    const before = earlier.at(-1)
    if (previous === undefined || before === undefined) return previous === before
    if (previous.run !== before) return false
    const claims = await this.#archive.store.objects(claimsFolder(this.#audit, before, previous.sha256))
    return claims.length > 0
  }

  /**
   * The newest of some runs that are believed, oldest first: each fits its folder, and links to the one before.
   * What does not is passed over. `rest`: the runs before them, which were not looked at.
   */
  async #believed(runs: readonly Instant[], most = LOOKED_AT): Promise<Believed> {
    const chain: Manifest[] = []
    const { found, rest } = await this.#newestIn(runs, most)
    for (const { manifest, where } of found) {
      const before = chain.at(-1)
      const why = before && misplaced(manifest, before)
      if (why === undefined) chain.push(manifest)
      else this.#passOver({ object: where, why })
    }
    return { chain, rest }
  }

  /** The newest runs that have a manifest, oldest first; a run by another day is no link of the chain. */
  async #newestIn(
    runs: readonly Instant[],
    most: number,
  ): Promise<{ readonly found: readonly Found[]; readonly rest: readonly Instant[] }> {
    const found: Found[] = []
    const rest = [...runs]
    while (found.length < most) {
      const run = rest.pop()
      if (run === undefined) break
      const { manifest, object, unfit } = await this.#archive.folder(this.#audit, run)
      for (const error of unfit) this.#passOver(passedOver(error))
      if (manifest === undefined || object === undefined || manifest.record.asOfOverridden) continue
      found.unshift({ manifest, where: this.#where(run) + object.path })
    }
    return { found, rest }
  }

  /** The newest remembered of some later runs: there is one when a run is late, or its clock has gone back. */
  async #newest(later: readonly Instant[]): Promise<RunLink | undefined> {
    const { found } = await this.#newestIn(later, 1)
    return found[0] && linkTo(found[0].manifest)
  }

  async #baselineOf(manifest: Manifest): Promise<Baseline> {
    const knowledge = new KnownKeys()
    const gaps: GapRecord[] = []
    const left: LeftOver[] = []
    for await (const line of unpackKnowledge(await this.#archive.records(manifest))) {
      if ('known' in line && line.known !== undefined) knowledge.add(line.known)
      else if ('left' in line) left.push(line)
      else if ('record' in line && line.record.record === 'gap') gaps.push(line.record)
    }
    const backlog = new Backlog(left)
    for (const known of knowledge) backlog.add(known)
    const trend = runsUpTo(manifest)
    return { record: manifest.record, sha256: recordDigest(manifest), knowledge, gaps, backlog, trend }
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

interface Found {
  readonly manifest: Manifest
  /** The object of the manifest. */
  readonly where: string
}

/** Runs that link to each other, oldest first. */
interface Believed {
  readonly chain: readonly Manifest[]
  readonly rest: readonly Instant[]
}

function linkTo(manifest: Manifest): RunLink {
  return { run: manifest.run, sha256: recordDigest(manifest) }
}
