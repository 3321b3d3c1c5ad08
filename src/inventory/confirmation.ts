import PQueue from 'p-queue'
import type { ApiError } from '../google/errors.js'
import type { Key, Project } from '../model.js'
import { isCandidate, restrictsToGemini } from '../policy/facts.js'
import { isOurOwn, isOutOfTime } from './failures.js'
import { extent, gapOf, namelessElements, outOfTime } from './gaps.js'
import { listed, type Standing } from './observation.js'
import { type ProjectKeys, readProjectKeys } from './project-keys.js'
import type { Reading } from './reading.js'
import type { Services } from './services.js'

/** Projects that are looked at at once; the quotas do the rest. */
const AT_ONCE = 16

/** Why a project is looked at: its inventory shows a candidate, or there is no inventory of it. */
type Cause = 'candidate' | 'no inventory'

/**
 * Looks at projects one by one: asks for the Gemini API where that is not known, and for the keys themselves,
 * which then replace what the inventory has of the project.
 */
export class Confirmation {
  readonly #reading: Reading
  readonly #services: Services
  readonly #crew = new PQueue({ concurrency: AT_ONCE })
  readonly #started = new Map<string, Cause>()
  readonly #confirmed = new Set<string>()
  readonly #failed = new Map<string, ApiError>()
  /** Projects with a candidate that were not asked, because the search says that the Gemini API is off there. */
  readonly #latent = new Map<string, Project>()
  #fatal: unknown

  constructor(reading: Reading, services: Services) {
    this.#reading = reading
    this.#services = services
  }

  /** Takes note of a candidate of the inventory and looks at its project where its type matters. */
  note(key: Key, project: Project): void {
    if (this.#started.has(project.number)) return
    const standing = this.#services.decided(project.number)
    if (standing) {
      if (standing.state !== 'off') this.start(project, 'candidate')
    } else if (this.#services.isTrusted && !namesGemini(key)) {
      this.#latent.set(project.number, project)
    } else {
      this.start(project, 'candidate', this.#asksInstead || namesGemini(key))
    }
  }

  /** Looks at a project as soon as others leave a hand free; `ask` for the Gemini API first. */
  start(project: Project, cause: Cause, ask = false): void {
    if (this.#started.has(project.number) || this.#fatal !== undefined) return
    this.#started.set(project.number, cause)
    this.#latent.delete(project.number)
    this.#crew.add(() => this.#look(project, cause, ask)).catch((error) => this.#stop(error))
  }

  /** Looks at all these projects, and waits while too many are in line. */
  async startAll(projects: Iterable<Project>): Promise<void> {
    for (const project of projects) {
      await this.#crew.onSizeLessThan(AT_ONCE)
      this.start(project, 'no inventory')
    }
  }

  /** Waits until every project has been looked at. Throws what lies with the auditor and stops the reading. */
  async finish(): Promise<void> {
    await this.#crew.onIdle()
    if (this.#fatal !== undefined) throw this.#fatal
  }

  /** Whether the keys of a project were handed out as `keys.list` showed them. */
  isConfirmed(number: string): boolean {
    return this.#confirmed.has(number)
  }

  /** Why the keys of a project are not, or not all, known from `keys.list`. */
  failure(number: string): ApiError | undefined {
    return this.#failed.get(number)
  }

  /** Tells the projects without inventory of which the keys could not be read. */
  tellUnread(): void {
    for (const [number, error] of this.#failed) {
      if (this.#started.get(number) === 'no inventory') this.#tell('keys', number, error)
    }
  }

  /** Tells the projects whose inventory has to serve: as a gap where it leaves the type of a candidate open. */
  tellUnconfirmed(untyped: ReadonlySet<string>): void {
    let served = 0
    for (const [number, error] of this.#failed) {
      if (untyped.has(number)) this.#tell('type', number, error)
      else if (this.#started.get(number) === 'candidate') served += 1
    }
    if (served === 0) return
    this.#reading.listener.told(
      `In ${served} projects keys.list could not be read; the asset inventory and what earlier runs confirmed serve.`,
    )
  }

  /** The first failure, when nothing was read although projects were looked at and time was left. */
  get nothingRead(): ApiError | undefined {
    if (this.#confirmed.size > 0) return undefined
    const failures = [...this.#failed.values()]
    return failures.some(isOutOfTime) ? undefined : failures[0]
  }

  #tell(missing: 'keys' | 'type', number: string, error: ApiError): void {
    const subject = `projects/${number}`
    const late = isOutOfTime(error) ? [...this.#failed.values()].filter(isOutOfTime).length : 0
    const all = this.#started.size
    const gap =
      late > 0
        ? outOfTime(missing, subject, extent(all - late, all, 'projects'))
        : gapOf(missing, subject, error)
    this.#reading.listener.gap(gap)
  }

  /** Whether projects are asked because there is no search to go by. */
  get #asksInstead(): boolean {
    return !this.#services.isSearched && this.#reading.options.mode !== 'assets'
  }

  async #look(project: Project, cause: Cause, ask: boolean): Promise<void> {
    if (this.#fatal !== undefined) return
    const standing = ask ? await this.#ask(project) : this.#services.decided(project.number)
    if (cause === 'candidate' && standing?.state === 'off') return
    const read = await readProjectKeys(this.#reading.google, project)
    if (read.error && isOurOwn(read.error, project)) throw read.error
    if (read.error) this.#failed.set(project.number, read.error)
    // Half a project does not replace its inventory, but is better than none.
    if (read.error && cause === 'candidate') return
    await this.#handOut(project, read, await this.#settled(project, read.keys, cause))
    if (!read.error) this.#confirmed.add(project.number)
    this.#reading.listener.progress('projects confirmed', this.#confirmed.size, this.#started.size)
  }

  async #handOut(project: Project, { keys, nameless }: ProjectKeys, standing: Standing): Promise<void> {
    const { options, listener, send } = this.#reading
    if (nameless.length > 0) {
      listener.gap(namelessElements('keys', `projects/${project.number}`, nameless))
    }
    const readAt = options.now()
    await send(keys.map((key) => listed(key, project, standing, readAt)))
  }

  /** Whether the Gemini API is on, asked for now where a fresh key makes that matter. */
  async #settled(project: Project, keys: readonly Key[], cause: Cause): Promise<Standing> {
    const decided = this.#services.decided(project.number)
    if (decided) return decided
    const each = cause === 'no inventory' || this.#asksInstead
    const matters = keys.some((key) => isCandidate(key) && (each || namesGemini(key)))
    return matters ? this.#ask(project) : this.#services.standing(project.number)
  }

  async #ask(project: Project): Promise<Standing> {
    const standing = await this.#services.ask(project)
    const started = this.#started.get(project.number) === 'candidate'
    if (standing.state === 'on' && this.#services.isTrusted && (started || this.#latent.size > 0)) {
      this.#services.distrust(project)
      for (const latent of [...this.#latent.values()]) this.start(latent, 'candidate')
    }
    return standing
  }

  #stop(error: unknown): void {
    this.#fatal ??= error
    this.#reading.stop()
  }
}

/** Whether a live key says that the Gemini API was once on in its project, or may say so. */
function namesGemini(key: Key): boolean {
  return isCandidate(key) && (key.flaw !== undefined || restrictsToGemini(key))
}
