import type { ApiError } from '../google/errors.js'
import type { Project } from '../model.js'
import { placedIn } from './failures.js'
import type { Reading } from './reading.js'
import { covers, isProject } from './scopes.js'
import type { ReadProject } from './wire-project.js'

/** Sets of labels that are compared with others; where each project has its own, nothing is gained. */
const MOST_LABELS = 5_000

/** The projects that a reading knows, by number. */
export class Projects {
  readonly #reading: Reading
  readonly #known = new Map<string, Project>()
  readonly #leftAlone = new Set<string>()
  readonly #gone = new Set<string>()
  /** Each chain of ancestors once: a folder's projects share it. */
  readonly #chains = new Map<string, readonly string[]>()
  /** Equal labels once as well: as objects they are the largest part of a project. */
  readonly #labels = new Map<string, Project['labels']>()

  constructor(reading: Reading) {
    this.#reading = reading
  }

  get size(): number {
    return this.#known.size
  }

  get(number: string): Project | undefined {
    return this.#known.get(number)
  }

  /** The failure of a scope, its advice such that it can be followed where that is a project. */
  placed(scope: string, error: ApiError): ApiError {
    if (!isProject(scope)) return error
    const [project] = [...this.#known.values()].filter((known) => covers(scope, known))
    return placedIn(project, error)
  }

  /** Whether a project of the scope is known. */
  hasAny(scope: string): boolean {
    for (const project of this.#known.values()) if (covers(scope, project)) return true
    return false
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

  /** The projects that turned out to be gone since they were listed. */
  get gone(): readonly Project[] {
    return [...this.#gone].flatMap((number) => this.#known.get(number) ?? [])
  }

  isGone(number: string): boolean {
    return this.#gone.has(number)
  }

  /** Takes note that a project is gone since it was listed: its keys are not judged, and nothing more is asked of it. */
  markGone({ number }: Project): void {
    const known = this.#known.get(number)
    if (known === undefined || this.#gone.has(number)) return
    const project = { ...known, state: 'GONE' }
    this.#known.set(number, project)
    this.#gone.add(number)
    this.#leftAlone.add(number)
    this.#reading.listener.gone(project)
  }

  /** Reports the projects that are gone. */
  remarkGone(): void {
    const [first, ...others] = this.gone
    if (first === undefined) return
    const more = others.length === 0 ? '' : ` (the same for ${others.length} more)`
    this.#reading.listener.remark(
      `Project ${first.id} (projects/${first.number}) cannot be found, or has been deleted since the inventory was taken${more}: its keys are counted as inactive. To see it: gcloud projects describe ${first.number}`,
    )
  }

  /** The projects of these names, each an ID or a number, as far as they are known. */
  named(names: ReadonlySet<string>): ReadonlyMap<string, Project> {
    const found = new Map<string, Project>()
    for (const project of this.#known.values()) {
      for (const name of [project.id, project.number]) if (names.has(name)) found.set(name, project)
    }
    return found
  }

  /** Takes a project in, the first time that it is seen, and reports it. */
  add({ project: read, flaw }: ReadProject): void {
    if (this.#known.has(read.number)) return
    const { listener, options } = this.#reading
    const project = {
      ...read,
      ancestors: this.#shared(read.ancestors),
      labels: this.#sharedLabels(read.labels),
    }
    this.#known.set(project.number, project)
    if (project.state !== 'ACTIVE' || options.isExcluded(project)) this.#leftAlone.add(project.number)
    listener.project(project)
    listener.progress('projects', this.#known.size)
    if (flaw !== undefined) this.#remarkFlaw(project.number, flaw)
  }

  #shared(ancestors: readonly string[]): readonly string[] {
    const name = ancestors.join()
    const known = this.#chains.get(name)
    if (!known) this.#chains.set(name, ancestors)
    return known ?? ancestors
  }

  #sharedLabels(labels: Project['labels']): Project['labels'] {
    const name = JSON.stringify(labels)
    const known = this.#labels.get(name)
    if (!known && this.#labels.size < MOST_LABELS) this.#labels.set(name, labels)
    return known ?? labels
  }

  #remarkFlaw(number: string, flaw: string): void {
    this.#reading.listener.gap({
      missing: 'projects',
      subject: `projects/${number}`,
      problem: {
        code: 'MALFORMED',
        cause: `the project could not be read: ${flaw}`,
        advice: { say: 'look at the project', command: `gcloud projects describe ${number}` },
      },
      fingerprint: { parts: ['project', flaw] },
    })
  }
}
