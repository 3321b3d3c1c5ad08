import { type ApiError, isOutOfTime } from '../google/errors.js'
import type { Instant, Listing, Project } from '../model.js'
import { KEY_ASSET } from './assets.js'
import { apiError, isRefused } from './failures.js'
import { gapOf, unnamedItems } from './gap-causes.js'
import type { KeyDispatch, ReadingContext } from './key-dispatch.js'
import { elementsOf } from './page-items.js'
import type { Reading } from './reading.js'
import { covers } from './scopes.js'
import { type KeyAsset, keyOfAsset } from './wire-key.js'

/** Reads the keys of the scopes by assets, page by page. */
export class KeyListing {
  readonly #reading: Reading
  readonly #context: ReadingContext
  readonly #dispatch: KeyDispatch
  /** Scopes that gave at least a page. */
  readonly #read: string[] = []
  readonly #failures = new Map<string, ApiError>()
  /** Why the scopes are read project by project that are. */
  readonly #refusals = new Map<string, ApiError>()
  #seen = 0
  #oldest: Instant | undefined

  constructor(reading: Reading, context: ReadingContext, dispatch: KeyDispatch) {
    this.#reading = reading
    this.#context = context
    this.#dispatch = dispatch
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

  /** Why no key of a scope could be read. */
  failure(scope: string): ApiError | undefined {
    return this.#failures.get(scope)
  }

  /** Why the keys of a scope are read project by project; undefined where they are not, or always were to be. */
  refusal(scope: string): ApiError | undefined {
    return this.#refusals.get(scope)
  }

  /** Reports the scopes of which no key could be read. */
  noteFailures(): void {
    for (const [scope, error] of this.#failures) this.#report(scope, error)
  }

  async #readScope(scope: string): Promise<'read' | 'refused'> {
    const { assets, options, listener } = this.#reading
    let pages = 0
    let keys = 0
    try {
      for await (const { elements, readAt, from } of assets.pages(scope, KEY_ASSET)) {
        this.#noteAge({ from, readAt })
        keys += await this.#take(scope, elements, readAt)
        pages += 1
      }
      if (keys === 0) await this.#doubtEmpty(scope)
    } catch (error) {
      const failure = this.#context.projects.placed(scope, apiError(error))
      if (pages === 0 && options.mode === 'auto' && isRefused(failure)) {
        listener.remark({
          problem: failure.problem,
          instead: 'its keys are read project by project instead',
          goal: 'read assets',
        })
        this.#refusals.set(scope, failure)
        return 'refused'
      }
      this.#brokenOff(scope, failure, pages)
    }
    if (pages > 0) this.#read.push(scope)
    return 'read'
  }

  /**
   * An inventory without a single key is not believed: it may be behind, or not be there yet. The projects of
   * the scope in which the Gemini API may be on are asked for their keys themselves.
   */
  async #doubtEmpty(scope: string): Promise<void> {
    const { projects, services, confirmation } = this.#context
    const doubtful = [...projects.within(scope)].filter(
      (project) => services.status(project).state !== 'off' && !this.covers(project),
    )
    await confirmation.startAll(doubtful)
  }

  #noteAge(listing: Listing): void {
    if (this.#oldest !== undefined && this.#oldest <= listing.readAt) return
    this.#oldest = listing.readAt
    this.#reading.listener.note({ listing })
  }

  /** Takes a page; gives back how many keys it holds. */
  async #take(scope: string, page: readonly unknown[], readAt: Instant): Promise<number> {
    const { listener } = this.#reading
    const { projects, projectListing } = this.#context
    const { found, unnamed } = elementsOf(page, keyOfAsset)
    if (unnamed.length > 0) listener.gap(unnamedItems('keys', scope, unnamed, 'assets'))
    await projectListing.resolve(
      placesOf(found.filter(({ key }) => projects.get(key.projectNumber) === undefined)),
    )
    await this.#dispatch.take(
      found.map(({ key }) => key),
      readAt,
    )
    this.#seen += found.length
    listener.progress('keys', this.#seen)
    return found.length
  }

  /**
   * Without the rest of the list, every project with the Gemini API may hold candidates: all are confirmed. An asset
   * that is too large by itself hides what is listed behind it, and is no failure of the scope.
   */
  #brokenOff(scope: string, failure: ApiError, pages: number): void {
    if (pages === 0 && failure.reason !== 'ANSWER_TOO_LARGE') {
      this.#failures.set(scope, failure)
      return
    }
    this.#report(scope, failure)
    if (isOutOfTime(failure)) return
    const { projects, services, confirmation } = this.#context
    for (const project of projects.within(scope)) {
      if (services.decided(project)?.state === 'on') confirmation.start(project, 'candidate')
    }
  }

  #report(scope: string, failure: ApiError): void {
    this.#reading.listener.gap(gapOf('keys', scope, failure, `${this.#seen.toLocaleString('en')} keys`))
  }
}

/** The projects of keys by number, with what they lie in. */
function placesOf(assets: readonly KeyAsset[]): ReadonlyMap<string, readonly string[]> {
  const above = (ancestors: readonly string[]) => ancestors.filter((name) => !name.startsWith('projects/'))
  return new Map(assets.map(({ key, ancestors }) => [key.projectNumber, above(ancestors)]))
}
