import { PendingKeys } from '../memory/pending-keys.js'
import { SeenNames } from '../memory/seen-names.js'
import type { Instant, Key, Observation, Project } from '../model.js'
import { isCandidate } from '../policy/facts.js'
import type { Confirmation } from './confirmation.js'
import { isIncomplete, type KeyEnrichment } from './key-enrichment.js'
import { inventoried } from './observation.js'
import type { ProjectListing } from './project-listing.js'
import type { Projects } from './projects.js'
import type { Reading } from './reading.js'
import type { Services } from './services.js'
import { projectUnseen } from './wire-project.js'

/**
 * Decides what becomes of the keys of the asset inventory. Those whose project needs no further question go
 * on at once; the others wait, packed, until their project was confirmed, or the end of the listing shows
 * that it need not be.
 */
export class KeyDispatch {
  readonly #reading: Reading
  readonly #context: ReadingContext
  readonly #held = new PendingKeys()
  /** Scopes that overlap, or a listing that shifts between pages, show some keys twice. */
  readonly #names = new SeenNames()

  constructor(reading: Reading, context: ReadingContext) {
    this.#reading = reading
    this.#context = context
  }

  /** Takes the keys of a page, read at one moment, and has the projects of candidates looked at. */
  async take(keys: readonly Key[], readAt: Instant): Promise<void> {
    const { projects, confirmation, enrichment } = this.#context
    const now: Observation[] = []
    const later: Key[] = []
    const candidates: (readonly [Key, Project])[] = []
    for (const key of keys) {
      if (!this.#names.add(key.name)) continue
      const project = this.#projectOf(key)
      if (this.#isSettled(project)) now.push(this.#observed(key, project, readAt))
      else later.push(key)
      if (isCandidate(key) && !projects.isLeftAlone(project.number)) candidates.push([key, project])
    }
    for (const [key, project] of candidates) enrichment.expect(key, project)
    confirmation.noteAll(candidates)
    await Promise.all([this.#reading.send(now), this.#held.add(later, readAt)])
  }

  /**
   * Hands out what waited, but for the projects that were confirmed, and reports where a type is missing. Once,
   * after the confirmation.
   */
  async release(): Promise<void> {
    const { confirmation, enrichment, projects } = this.#context
    const { results } = confirmation
    const untyped = new Set<string>()
    for await (const chunk of this.#held.take()) {
      const left = chunk.filter(({ key }) => !results.isConfirmed(key.projectNumber))
      const observations = left.map(({ key, readAt }) => this.#observed(key, this.#projectOf(key), readAt))
      for (const { key, type } of observations) {
        const matters = isCandidate(key) && key.flaw === undefined && type === 'unknown'
        if (matters && results.failure(key.projectNumber)) untyped.add(key.projectNumber)
      }
      const isAsked = (found: Observation) =>
        isIncomplete(found) && !projects.isLeftAlone(found.key.projectNumber)
      await this.#reading.send(observations.filter((found) => !isAsked(found)))
      await this.#reading.send(await enrichment.ofMany(observations.filter(isAsked)))
    }
    results.reportUnconfirmed(untyped)
  }

  #projectOf({ projectNumber }: Key): Project {
    return this.#context.projects.get(projectNumber) ?? projectUnseen(projectNumber, [])
  }

  /** Whether nothing that is still to be read can change what is said of the project's keys. */
  #isSettled(project: Project): boolean {
    const { projects, services } = this.#context
    const status = services.decided(project)
    const { typesWhereOff = false } = this.#reading.options
    if ((status?.state === 'off' && !typesWhereOff) || project.state !== 'ACTIVE') return true
    return projects.isLeftAlone(project.number) && (status !== undefined || !services.isTrusted)
  }

  #observed(key: Key, project: Project, readAt: Instant): Observation {
    const remembered = this.#reading.options.rememberedType?.(key.uid)
    return inventoried(key, project, this.#context.services.status(project), readAt, remembered)
  }
}

/** What the reading of keys builds on. */
export interface ReadingContext {
  readonly projects: Projects
  readonly projectListing: ProjectListing
  readonly services: Services
  readonly enrichment: KeyEnrichment
  readonly confirmation: Confirmation
}
