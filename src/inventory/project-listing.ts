import { type ApiError, isOutOfTime } from '../google/errors.js'
import { getProject } from '../google/resourcemanager.js'
import { PROJECT_ASSET } from './assets.js'
import { apiError, isRefused } from './failures.js'
import { FolderWalk } from './folder-walk.js'
import { gapOf, noProject, unnamedItems } from './gap-causes.js'
import { elementsOf } from './page-items.js'
import type { Projects } from './projects.js'
import type { Reading } from './reading.js'
import { isProject } from './scopes.js'
import { type PlacedProject, projectOfAsset, projectOfManager, projectUnseen } from './wire-project.js'

/** Finds the projects of the scopes: by assets, by Resource Manager where these are refused, or one by one. */
export class ProjectListing {
  readonly #reading: Reading
  readonly #projects: Projects
  readonly #walk: FolderWalk
  /** Why the projects of a scope are not, or not all, known. */
  readonly #failures = new Map<string, ApiError>()
  /** Organizations and folders that have a gap already. */
  readonly #reported = new Set<string>()
  readonly #unlisted: ApiError[] = []
  #complete = true

  constructor(reading: Reading, projects: Projects) {
    this.#reading = reading
    this.#projects = projects
    this.#walk = new FolderWalk(reading.google, {
      project: (found, ancestors) => this.#add(found, ancestors),
      unnamed: (parent, positions) =>
        reading.listener.gap(unnamedItems('projects', parent, positions, 'api')),
      unlisted: (parent, error) => this.#missed(parent, error),
      unplaced: (folder, error) => this.#unplaced(folder, error),
    })
  }

  /** Lists the projects of all scopes. */
  async read(): Promise<void> {
    const { options } = this.#reading
    for (const scope of options.scopes) {
      if (options.mode === 'projects') await this.#byManager(scope)
      else await this.#byAssets(scope)
    }
  }

  /** Why a scope could not be listed, when not one of its projects is known. */
  nothingListed(scope: string): ApiError | undefined {
    const failure = this.#failures.get(scope)
    return failure && !this.#projects.hasAny(scope) ? failure : undefined
  }

  /** The listings that were not done when time was up. */
  get late(): readonly ApiError[] {
    return [...this.#failures.values()].filter(isOutOfTime)
  }

  /** Why folders, or organizations in part, could not be listed. */
  get unlisted(): readonly ApiError[] {
    return this.#unlisted
  }

  /** Reports the scopes that could not be listed, and those in which there is nothing. */
  noteFailures(): void {
    for (const [scope, error] of this.#failures) this.#report(scope, error)
    for (const scope of this.#reading.options.scopes) {
      const isReported = isProject(scope) || this.#reported.has(scope)
      if (!isReported && !this.#projects.hasAny(scope)) this.#reading.listener.gap(noProject(scope))
    }
  }

  /**
   * Sees to the projects that keys were found in and the listing did not show: they are newer than the
   * inventory, and asked one by one; not so where the listing itself failed. `places` are their ancestors.
   */
  async resolve(places: ReadonlyMap<string, readonly string[]>): Promise<void> {
    await Promise.all([...places].map(([number, ancestors]) => this.#resolve(number, ancestors)))
  }

  async #byAssets(scope: string): Promise<void> {
    const { assets, options, listener } = this.#reading
    try {
      for await (const { elements } of assets.pages(scope, PROJECT_ASSET)) {
        const { found, unnamed } = elementsOf(elements, projectOfAsset)
        for (const project of found) this.#projects.add(project)
        if (unnamed.length > 0) listener.gap(unnamedItems('projects', scope, unnamed, 'assets'))
      }
    } catch (error) {
      const failure = apiError(error)
      if (options.mode !== 'auto' || !isRefused(failure)) return this.#failed(scope, failure)
      await this.#byManager(scope, failure)
      const { problem } = this.#projects.placed(scope, failure)
      const instead = 'its projects are listed by Resource Manager instead'
      listener.remark({ problem, instead, goal: 'read assets' })
    }
  }

  /** `refusal`: why it is not done by assets. */
  async #byManager(scope: string, refusal?: ApiError): Promise<void> {
    try {
      await this.#walk.through(scope)
    } catch (error) {
      const failure = apiError(error)
      this.#failed(scope, refusal && !isOutOfTime(failure) ? failure.precededBy(refusal) : failure)
    }
  }

  #failed(scope: string, failure: ApiError): void {
    this.#failures.set(scope, failure)
    this.#complete = false
  }

  #add(found: PlacedProject, ancestors: readonly string[]): void {
    this.#projects.add({ ...found, project: { ...found.project, ancestors } })
  }

  async #resolve(number: string, ancestors: readonly string[]): Promise<void> {
    const name = `projects/${number}`
    const unseen = projectUnseen(number, ancestors)
    if (!this.#complete) return this.#projects.add({ project: unseen })
    try {
      const found = projectOfManager(await getProject(this.#reading.google, name))
      if (found?.project.number !== number) {
        return this.#projects.add({ project: unseen, flaw: 'name is not as Google documents it' })
      }
      const isPlaced = ancestors.length > 0 || found.parent === undefined
      this.#add(found, isPlaced ? ancestors : [found.parent])
    } catch (error) {
      this.#reading.listener.gap(gapOf('projects', name, apiError(error), this.#extent()))
      this.#projects.add({ project: unseen })
    }
  }

  #missed(parent: string, error: ApiError): void {
    this.#complete = false
    this.#unlisted.push(error)
    this.#report(parent, error)
  }

  #report(parent: string, error: ApiError): void {
    this.#reported.add(parent)
    this.#reading.listener.gap(gapOf('projects', parent, error, this.#extent()))
  }

  #extent(): string {
    return `${this.#projects.size.toLocaleString('en')} projects`
  }

  #unplaced(folder: string, error: ApiError): void {
    this.#reading.listener.remark({
      problem: error.problem,
      instead: `what the policy says of folders above ${folder} does not reach its projects`,
      goal: 'let it',
    })
  }
}
