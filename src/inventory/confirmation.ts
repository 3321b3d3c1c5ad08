import PQueue from 'p-queue'
import type { Key, Project } from '../model.js'
import { isCandidate, restrictsToGemini } from '../policy/facts.js'
import { type ProjectSigns, turnOf, urgencyOf } from '../policy/reading-order.js'
import { type Cause, ConfirmationResults } from './confirmation-results.js'
import { isOurOwn } from './failures.js'
import { unnamedItems } from './gaps.js'
import type { KeyEnrichment } from './key-enrichment.js'
import { type GeminiApiStatus, listed } from './observation.js'
import { type ProjectKeys, readProjectKeys } from './project-keys.js'
import type { Reading } from './reading.js'
import type { Services } from './services.js'

/** Projects that are looked at at once; the quotas do the rest. */
const AT_ONCE = 16

/** What is known of a project when it is started. */
interface Start {
  /** Asks for the Gemini API first. */
  readonly ask?: boolean
  readonly shows?: ProjectSigns['candidates']
}

/**
 * Looks at projects one by one: asks for the Gemini API where that is not known, and for the keys themselves,
 * which then replace what the inventory has of the project; and for what completes these keys.
 */
export class Confirmation {
  readonly outcomes: ConfirmationResults
  readonly #reading: Reading
  readonly #services: Services
  readonly #completion: KeyEnrichment
  readonly #crew = new PQueue({ concurrency: AT_ONCE })
  /** How urgent the projects are that wait for their turn, by number. */
  readonly #waiting = new Map<string, number>()
  readonly #salt: string
  /** Projects with a candidate that were not asked, because the search says that the Gemini API is off there. */
  readonly #latent = new Map<string, Project>()
  #fatal: unknown

  constructor(reading: Reading, services: Services, completion: KeyEnrichment) {
    this.#reading = reading
    this.#services = services
    this.#completion = completion
    this.outcomes = new ConfirmationResults(reading.listener)
    this.#salt = reading.options.now()
  }

  /** Takes note of the candidates of a page, and only then lets the most urgent of their projects have a turn. */
  noteAll(candidates: Iterable<readonly [Key, Project]>): void {
    this.#crew.pause()
    for (const [key, project] of candidates) this.#note(key, project)
    this.#crew.start()
  }

  /** Takes note of a candidate of the inventory and looks at its project where its type matters. */
  #note(key: Key, project: Project): void {
    const isUnrestricted = !restrictsToGemini(key)
    if (this.outcomes.cause(project.number)) {
      if (isUnrestricted) this.#raise(project)
      return
    }
    const shows = isUnrestricted ? 'unrestricted' : 'restricted'
    const standing = this.#services.decided(project.number)
    if (standing) {
      if (standing.state !== 'off') this.start(project, 'candidate', { shows })
    } else if (this.#services.isTrusted && !namesGemini(key)) {
      this.#latent.set(project.number, project)
    } else {
      this.start(project, 'candidate', { shows, ask: this.#asksInstead || namesGemini(key) })
    }
  }

  /** Looks at a project as soon as others leave a hand free, the most urgent one first. */
  start(project: Project, cause: Cause, { ask = false, shows = 'unseen' }: Start = {}): void {
    const { number } = project
    if (this.outcomes.cause(number) || this.#fatal !== undefined) return
    this.outcomes.start(number, cause)
    this.#latent.delete(number)
    const priority = this.#urgency(project, shows)
    this.#waiting.set(number, priority)
    this.#crew
      .add(() => this.#look(project, cause, ask), { id: number, priority })
      .catch((error) => this.#stop(error))
  }

  /** Looks at all these projects, the most urgent ones first, and waits while too many are in line. */
  async startAll(projects: Iterable<Project>): Promise<void> {
    const ranked = Array.from(projects, (project) => ({ project, rank: this.#urgency(project, 'unseen') }))
    for (const { project } of ranked.sort((one, other) => other.rank - one.rank)) {
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

  #urgency({ number }: Project, candidates: ProjectSigns['candidates']): number {
    const earlier = this.#reading.options.earlierProject?.(number)
    const gemini = this.#services.standing(number).state
    return urgencyOf({ earlier, candidates, gemini, turn: turnOf(number, this.#salt) })
  }

  /** Lets a project go before others that turns out to hold a key without restriction. */
  #raise(project: Project): void {
    const before = this.#waiting.get(project.number)
    const urgency = before === undefined ? 0 : this.#urgency(project, 'unrestricted')
    if (before === undefined || urgency <= before) return
    this.#waiting.set(project.number, urgency)
    this.#crew.setPriority(project.number, urgency)
  }

  async #look(project: Project, cause: Cause, ask: boolean): Promise<void> {
    this.#waiting.delete(project.number)
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

  async #handOut(
    project: Project,
    { found, unnamed }: ProjectKeys,
    standing: GeminiApiStatus,
  ): Promise<void> {
    const { options, listener, send } = this.#reading
    if (unnamed.length > 0) {
      listener.gap(unnamedItems('keys', `projects/${project.number}`, unnamed))
    }
    const readAt = options.now()
    const observations = found.map((key) => listed(key, project, standing, readAt))
    await send(await this.#completion.ofProject(project, observations))
  }

  /** Whether the Gemini API is on, asked for now where a fresh key makes that matter. */
  async #settled(project: Project, keys: readonly Key[], cause: Cause): Promise<GeminiApiStatus> {
    const decided = this.#services.decided(project.number)
    if (decided) return decided
    const each = cause === 'no inventory' || this.#asksInstead
    const matters = keys.some((key) => isCandidate(key) && (each || namesGemini(key)))
    return matters ? this.#ask(project) : this.#services.standing(project.number)
  }

  async #ask(project: Project): Promise<GeminiApiStatus> {
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
