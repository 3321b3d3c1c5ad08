import { listAssets } from '../google/cloudasset.js'
import type { ApiError } from '../google/errors.js'
import type { Instant, Key, Observation, Project } from '../model.js'
import { isCandidate } from '../policy/facts.js'
import type { Confirmation } from './confirmation.js'
import { apiError, isOutOfTime, isRefused } from './failures.js'
import { gapOf, namelessElements, outOfTime } from './gaps.js'
import { Holding } from './holding.js'
import { inventoried } from './observation.js'
import type { Projects } from './projects.js'
import type { Reading } from './reading.js'
import { covers } from './scopes.js'
import type { Services } from './services.js'
import { type KeyAsset, keyOfAsset } from './wire-key.js'
import { projectUnseen } from './wire-project.js'

const KEY = 'apikeys.googleapis.com/Key'

/** A key that waits until it is known what becomes of its project. */
interface HeldKey {
  readonly key: Key
  readonly readAt: Instant
}

/**
 * The keys of the scopes by assets, page by page. Those whose project needs no further question go on at
 * once; the others wait, packed, until their project was confirmed, or the end of the listing shows that it
 * need not be.
 */
export class Listing {
  readonly #reading: Reading
  readonly #projects: Projects
  readonly #services: Services
  readonly #confirmation: Confirmation
  readonly #held = new Holding<HeldKey>()
  /** Scopes that gave at least a page: their keys are not taken again from a scope around them. */
  readonly #read: string[] = []
  readonly #failures = new Map<string, ApiError>()
  #seen = 0

  constructor(reading: Reading, projects: Projects, services: Services, confirmation: Confirmation) {
    this.#reading = reading
    this.#projects = projects
    this.#services = services
    this.#confirmation = confirmation
  }

  /** Why no key of a scope could be read; told by nobody yet. */
  failure(scope: string): ApiError | undefined {
    return this.#failures.get(scope)
  }

  /** Lists all scopes. Gives back those that refuse it and have to be read project by project. */
  async read(): Promise<readonly string[]> {
    const refused: string[] = []
    for (const scope of this.#reading.options.scopes) {
      if ((await this.#readScope(scope)) === 'refused') refused.push(scope)
    }
    return refused
  }

  /** Whether the keys of a project were already taken from a listing. */
  covers(project: Project): boolean {
    return this.#read.some((scope) => covers(scope, project))
  }

  /**
   * Hands out what waited, but for the projects that were confirmed, and tells where a type is missing. Once,
   * after the confirmation.
   */
  async release(): Promise<void> {
    const untyped = new Set<string>()
    for await (const chunk of this.#held.take()) {
      const left = chunk.filter(({ key }) => !this.#confirmation.isConfirmed(key.projectNumber))
      const observations = left.map(({ key, readAt }) => this.#observed(key, readAt))
      for (const { key, type } of observations) {
        const matters = isCandidate(key) && key.flaw === undefined && type === 'unknown'
        if (matters && this.#confirmation.failure(key.projectNumber)) untyped.add(key.projectNumber)
      }
      await this.#reading.send(observations)
    }
    this.#confirmation.tellUnconfirmed(untyped)
  }

  async #readScope(scope: string): Promise<'read' | 'refused'> {
    const { google, options, listener } = this.#reading
    let pages = 0
    try {
      for await (const page of listAssets(google, scope, KEY)) {
        await this.#take(scope, page)
        pages += 1
      }
    } catch (error) {
      const failure = apiError(error)
      if (pages === 0 && options.mode === 'auto' && isRefused(failure)) {
        listener.told(
          `${failure.because}; its keys are read project by project instead. To read assets: ${failure.fix}`,
        )
        return 'refused'
      }
      this.#brokenOff(scope, failure, pages)
    }
    if (pages > 0) this.#read.push(scope)
    return 'read'
  }

  /** Without the rest of the list, every project with the Gemini API may hold candidates: all are confirmed. */
  #brokenOff(scope: string, failure: ApiError, pages: number): void {
    const { listener } = this.#reading
    if (isOutOfTime(failure)) {
      listener.gap(outOfTime('keys', scope, `${this.#seen.toLocaleString('en')} keys`))
      return
    }
    if (pages === 0) {
      this.#failures.set(scope, failure)
      return
    }
    listener.gap(gapOf('keys', scope, failure))
    for (const number of this.#services.found) {
      const project = this.#projects.get(number)
      const isAsked = project && covers(scope, project) && !this.#projects.isLeftAlone(number)
      if (isAsked) this.#confirmation.start(project, 'candidate')
    }
  }

  async #take(scope: string, page: readonly unknown[]): Promise<void> {
    const readAt = this.#reading.options.now()
    const assets = this.#parsed(scope, page)
    await this.#projects.resolve(unknownPlaces(assets, this.#projects))
    const now: Observation[] = []
    const later: HeldKey[] = []
    for (const { key, ancestors } of assets) {
      const project = this.#projects.get(key.projectNumber)
      if (!project || this.#wasTaken(project, ancestors)) continue
      if (this.#isSettled(project)) now.push(this.#observed(key, readAt))
      else later.push({ key, readAt })
      if (isCandidate(key) && !this.#projects.isLeftAlone(project.number))
        this.#confirmation.note(key, project)
    }
    await Promise.all([this.#reading.send(now), this.#held.add(later)])
    this.#seen += assets.length
    this.#reading.listener.progress('keys', this.#seen)
  }

  #parsed(scope: string, page: readonly unknown[]): readonly KeyAsset[] {
    const assets: KeyAsset[] = []
    const nameless: number[] = []
    for (const [position, element] of page.entries()) {
      const asset = keyOfAsset(element)
      if (asset) assets.push(asset)
      else nameless.push(position)
    }
    if (nameless.length > 0) this.#reading.listener.gap(namelessElements('keys', scope, nameless))
    return assets
  }

  #wasTaken(project: Project, ancestors: readonly string[]): boolean {
    return this.#read.some((scope) => ancestors.includes(scope) || covers(scope, project))
  }

  /** Whether nothing that is still to be read can change what is said of the project's keys. */
  #isSettled({ number, state }: Project): boolean {
    const standing = this.#services.decided(number)
    if (standing?.state === 'off' || state !== 'ACTIVE') return true
    return this.#projects.isLeftAlone(number) && (standing !== undefined || !this.#services.isTrusted)
  }
  #observed(key: Key, readAt: Instant): Observation {
    const { rememberedType } = this.#reading.options
    const project = this.#projects.get(key.projectNumber) ?? projectUnseen(key.projectNumber, [])
    const standing = this.#services.standing(project.number)
    return inventoried(key, project, standing, readAt, rememberedType?.(key.uid))
  }
}

/** The projects of keys that no listing of projects has shown, with their ancestors. */
function unknownPlaces(
  assets: readonly KeyAsset[],
  projects: Projects,
): ReadonlyMap<string, readonly string[]> {
  const unknown = assets.filter(({ key }) => projects.get(key.projectNumber) === undefined)
  return new Map(
    unknown.map(({ key, ancestors }) => [
      key.projectNumber,
      ancestors.filter((name) => !name.startsWith('projects/')),
    ]),
  )
}
