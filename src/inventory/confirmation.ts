import PQueue from 'p-queue'
import type { Key, Project } from '../model.js'
import { isCandidate, restrictsToGemini } from '../policy/facts.js'
import type { Completion } from './completion.js'
import { isOurOwn } from './failures.js'
import { namelessElements } from './gaps.js'
import { listed, type Standing } from './observation.js'
import { type Cause, Outcomes } from './outcomes.js'
import { type ProjectKeys, readProjectKeys } from './project-keys.js'
import type { Reading } from './reading.js'
import type { Services } from './services.js'

/** Projects that are looked at at once; the quotas do the rest. */
const AT_ONCE = 16

/**
 * Looks at projects one by one: asks for the Gemini API where that is not known, and for the keys themselves,
 * which then replace what the inventory has of the project; and for what completes these keys.
 */
export class Confirmation {
  readonly outcomes: Outcomes
  readonly #reading: Reading
  readonly #services: Services
  readonly #completion: Completion
  readonly #crew = new PQueue({ concurrency: AT_ONCE })
  /** Projects with a candidate that were not asked, because the search says that the Gemini API is off there. */
  readonly #latent = new Map<string, Project>()
  #fatal: unknown

  constructor(reading: Reading, services: Services, completion: Completion) {
    this.#reading = reading
    this.#services = services
    this.#completion = completion
    this.outcomes = new Outcomes(reading.listener)
  }

  /** Takes note of a candidate of the inventory and looks at its project where its type matters. */
  note(key: Key, project: Project): void {
    if (this.outcomes.cause(project.number)) return
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
    if (this.outcomes.cause(project.number) || this.#fatal !== undefined) return
    this.outcomes.start(project.number, cause)
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
    if (read.error) this.outcomes.fail(project.number, read.error)
    // Half a project does not replace its inventory, but is better than none.
    if (read.error && cause === 'candidate') return
    await this.#handOut(project, read, await this.#settled(project, read.found, cause))
    this.outcomes.found(project.number, read.found.length)
  }

  async #handOut(project: Project, { found, nameless }: ProjectKeys, standing: Standing): Promise<void> {
    const { options, listener, send } = this.#reading
    if (nameless.length > 0) {
      listener.gap(namelessElements('keys', `projects/${project.number}`, nameless))
    }
    const readAt = options.now()
    const observations = found.map((key) => listed(key, project, standing, readAt))
    await send(await this.#completion.ofProject(project, observations))
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
    const hasInventory = this.outcomes.cause(project.number) === 'candidate' || this.#latent.size > 0
    if (standing.state === 'on' && this.#services.isTrusted && hasInventory) {
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
