import { listAssets } from '../google/cloudasset.js'
import type { ApiError } from '../google/errors.js'
import { getProject } from '../google/resourcemanager.js'
import type { Project } from '../model.js'
import { apiError, isOutOfTime, isRefused } from './failures.js'
import { gapOf, namelessElements, outOfTime } from './gaps.js'
import type { Reading } from './reading.js'
import { covers } from './scopes.js'
import { Walk } from './walk.js'
import {
  type PlacedProject,
  projectOfAsset,
  projectOfManager,
  projectUnseen,
  type ReadProject,
} from './wire-project.js'

const PROJECT = 'cloudresourcemanager.googleapis.com/Project'

/** The projects of the scopes: by assets, by Resource Manager where these are refused, or one by one. */
export class Projects {
  readonly #reading: Reading
  readonly #known = new Map<string, Project>()
  readonly #leftAlone = new Set<string>()
  /** Each chain of ancestors once: a folder's projects share it. */
  readonly #chains = new Map<string, readonly string[]>()
  readonly #walk: Walk
  /** Why the projects of a scope are not, or not all, known. */
  readonly #failures = new Map<string, ApiError>()
  #complete = true

  constructor(reading: Reading) {
    this.#reading = reading
    this.#walk = new Walk(reading.google, {
      project: (found, ancestors) => this.#addPlaced(found, ancestors),
      nameless: (parent, positions) => reading.listener.gap(namelessElements('projects', parent, positions)),
      unlisted: (parent, error) => this.#unlisted(parent, error),
      unplaced: (folder, error) => this.#unplaced(folder, error),
    })
  }

  get(number: string): Project | undefined {
    return this.#known.get(number)
  }

  /** Those that lie in a scope and are not left alone. */
  *within(scope: string): Iterable<Project> {
    for (const project of this.#known.values()) {
      if (covers(scope, project) && !this.#leftAlone.has(project.number)) yield project
    }
  }

  /** Whether nothing more is asked of a project than the listing shows: it is inactive, or excluded. */
  isLeftAlone(number: string): boolean {
    return this.#leftAlone.has(number)
  }

  /** Why the projects of a scope could not be listed; told by nobody yet. */
  failure(scope: string): ApiError | undefined {
    return this.#failures.get(scope)
  }

  /** The same, when not one project of the scope is known. */
  nothingListed(scope: string): ApiError | undefined {
    const failure = this.#failures.get(scope)
    if (!failure) return undefined
    for (const project of this.#known.values()) if (covers(scope, project)) return undefined
    return failure
  }

  /** Lists the projects of all scopes. */
  async read(): Promise<void> {
    const { options } = this.#reading
    for (const scope of options.scopes) {
      if (options.mode === 'projects') await this.#byManager(scope)
      else await this.#byAssets(scope)
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
    const { google, options, listener } = this.#reading
    try {
      for await (const page of listAssets(google, scope, PROJECT)) this.#addAssets(scope, page)
    } catch (error) {
      const failure = apiError(error)
      if (options.mode !== 'auto' || !isRefused(failure)) return this.#failed(scope, failure)
      listener.told(
        `${failure.because}; its projects are listed by Resource Manager instead. To read assets: ${failure.fix}`,
      )
      await this.#byManager(scope)
    }
  }

  async #byManager(scope: string): Promise<void> {
    try {
      await this.#walk.through(scope)
    } catch (error) {
      this.#failed(scope, apiError(error))
    }
  }

  #failed(scope: string, failure: ApiError): void {
    this.#failures.set(scope, failure)
    this.#complete = false
  }

  #addAssets(scope: string, page: readonly unknown[]): void {
    const nameless: number[] = []
    for (const [position, element] of page.entries()) {
      const found = projectOfAsset(element)
      if (found) this.#add(found)
      else nameless.push(position)
    }
    if (nameless.length > 0) this.#reading.listener.gap(namelessElements('projects', scope, nameless))
  }

  #addPlaced(found: PlacedProject, ancestors: readonly string[]): void {
    this.#add({ ...found, project: { ...found.project, ancestors } })
  }

  #add({ project: read, flaw }: ReadProject): void {
    if (this.#known.has(read.number)) return
    const project = { ...read, ancestors: this.#shared(read.ancestors) }
    const { listener, options } = this.#reading
    this.#known.set(project.number, project)
    if (project.state !== 'ACTIVE' || options.isExcluded(project)) this.#leftAlone.add(project.number)
    listener.project(project)
    listener.progress('projects', this.#known.size)
    if (flaw === undefined) return
    const subject = `projects/${project.number}`
    const fix = `look at the project: gcloud projects describe ${project.number}`
    const because = `the project could not be read: ${flaw}`
    listener.gap({ missing: 'projects', subject, reason: 'MALFORMED', because, fix })
  }

  async #resolve(number: string, ancestors: readonly string[]): Promise<void> {
    const name = `projects/${number}`
    if (!this.#complete) return this.#add({ project: projectUnseen(number, ancestors) })
    try {
      const found = projectOfManager(await getProject(this.#reading.google, name))
      if (found && found.project.number === number) {
        const chain = ancestors.length > 0 || found.parent === undefined ? ancestors : [found.parent]
        return this.#addPlaced(found, chain)
      }
      this.#add({ project: projectUnseen(number, ancestors), flaw: 'name is not as Google documents it' })
    } catch (error) {
      this.#reading.listener.gap(gapOf('projects', name, apiError(error)))
      this.#add({ project: projectUnseen(number, ancestors) })
    }
  }

  #shared(ancestors: readonly string[]): readonly string[] {
    const name = ancestors.join()
    const known = this.#chains.get(name)
    if (!known) this.#chains.set(name, ancestors)
    return known ?? ancestors
  }

  #unlisted(parent: string, error: ApiError): void {
    this.#complete = false
    const { listener } = this.#reading
    const gap = isOutOfTime(error)
      ? outOfTime('projects', parent, `${this.#known.size.toLocaleString('en')} projects`)
      : gapOf('projects', parent, error)
    listener.gap(gap)
  }

  #unplaced(folder: string, error: ApiError): void {
    this.#reading.listener.told(
      `${error.because}; what the policy says of folders above ${folder} does not reach its projects. To let it: ${error.fix}`,
    )
  }
}
