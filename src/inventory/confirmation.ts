import PQueue from 'p-queue'
import { listKeys } from '../google/apikeys.js'
import type { GoogleClient } from '../google/client.js'
import type { ApiError } from '../google/errors.js'
import type { Key, Project } from '../model.js'
import { isCandidate, keyTypeOf, restrictsToGemini } from '../policy/facts.js'
import { type ProjectSigns, readingPriorityOf, tieBreakOf } from '../policy/reading-order.js'
import { withReplacements } from '../policy/replacement.js'
import { type Cause, ConfirmationResults } from './confirmation-results.js'
import { apiError, isGone, isOurOwn, placedIn } from './failures.js'
import { unnamedItems } from './gap-causes.js'
import type { KeyEnrichment } from './key-enrichment.js'
import { type GeminiApiStatus, listed } from './observation.js'
import { type Elements, elementsOf } from './page-items.js'
import type { Projects } from './projects.js'
import type { Reading } from './reading.js'
import type { Services } from './services.js'
import { WeeklyProjects } from './weekly.js'
import { keyOfList } from './wire-key.js'

/** Projects that are looked at at once; the quotas do the rest. */
const AT_ONCE = 16

/** Projects that a search does not show and that are asked all the same: what the quota allows in a minute. */
const CHECKED = 200

/** What is known of a project when it is started. */
interface Start {
  /** Asks for the Gemini API first: since that is not known, or to see whether the search is up to date. */
  readonly ask?: 'needed' | 'check' | undefined
  /** `flawed`: a key that cannot be judged as the inventory shows it, and may be whole in `keys.list`. */
  readonly shows?: ProjectSigns['candidates'] | 'flawed' | undefined
}

/**
 * Looks at projects one by one: asks for the Gemini API where that is not known, and for the keys themselves,
 * which then replace what the inventory has of the project; and for what completes these keys.
 */
export class Confirmation {
  readonly results: ConfirmationResults
  readonly #reading: Reading
  readonly #projects: Projects
  readonly #services: Services
  readonly #enrichment: KeyEnrichment
  readonly #crew = new PQueue({ concurrency: AT_ONCE })
  /** How urgent the projects are that wait for their turn, by number. */
  readonly #waiting = new Map<string, number>()
  readonly #salt: string
  readonly #weekly: WeeklyProjects
  /** Projects with a candidate that are not started, because the search says that the Gemini API is off there. */
  readonly #latent = new Map<string, Project>()
  /** Projects where the API may be off with a key whose type is asked for all the same, and how many refused. */
  readonly #typesWanted = new Map<string, Project>()
  #typesUnread = 0
  /** All that ever were among them for a key that may be a standard key. */
  readonly #absent = new Set<Project>()
  #fatal: unknown

  constructor(
    reading: Reading,
    {
      projects,
      services,
      enrichment,
    }: { readonly projects: Projects; readonly services: Services; readonly enrichment: KeyEnrichment },
  ) {
    this.#reading = reading
    this.#projects = projects
    this.#services = services
    this.#enrichment = enrichment
    this.results = new ConfirmationResults(reading.listener)
    this.#salt = reading.options.now()
    this.#weekly = new WeeklyProjects(reading.options)
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
    if (isUnrestricted && this.#wantsType(key)) this.#typesWanted.set(project.number, project)
    if (this.results.cause(project.number)) {
      if (isUnrestricted) this.#raise(project)
      return
    }
    const shows = key.flaw !== undefined ? 'flawed' : isUnrestricted ? 'unrestricted' : 'restricted'
    const status = this.#services.decided(project)
    if (status) {
      if (status.state === 'on' && this.#weekly.holds(key, project)) return
      if (status.state !== 'off') this.start(project, 'candidate', { shows })
    } else if (this.#services.isTrusted && !namesGemini(key)) {
      this.#latent.set(project.number, project)
      if (!this.#isKnownAuth(key)) this.#absent.add(project)
    } else {
      const isAsked = this.#asksInstead || this.#services.isDoubted || namesGemini(key)
      this.start(project, 'candidate', { shows, ask: isAsked ? 'needed' : undefined })
    }
  }

  /** Once all candidates are known: the projects whose week is over, and those that the search does not show. */
  async startOthers(): Promise<void> {
    for (const project of this.#weekly.due()) this.start(project, 'candidate')
    await this.#checkAbsent()
    for (const project of this.#typesWanted.values()) {
      this.start(project, 'candidate', { shows: 'unrestricted' })
    }
  }

  /**
   * The search is hours behind. So many absent projects as cost no time are asked themselves: first those with keys that
   * are known to call the Gemini API, then others in each reading. The rest are looked at below a folder or an
   * organization that enables the API for everything in it.
   */
  async #checkAbsent(): Promise<void> {
    const { earlierProject } = this.#reading.options
    const absent = [...this.#absent].filter(({ number }) => this.#latent.has(number))
    const ranked = absent.map((project) => {
      const isFirst = earlierProject?.(project.number).callsGemini === true
      return { project, tieBreak: tieBreakOf(project.number, this.#salt) - Number(isFirst) }
    })
    const ordered = ranked.sort((one, other) => one.tieBreak - other.tieBreak).map(({ project }) => project)
    for (const project of ordered.slice(0, CHECKED)) this.start(project, 'candidate', { ask: 'check' })
    for (const project of ordered.slice(CHECKED)) {
      await this.#services.readAbove(project)
      if (this.#services.decided(project)?.state === 'on') this.start(project, 'candidate')
    }
  }

  /** Looks at a project as soon as others leave a hand free, the most urgent one first. */
  start(project: Project, cause: Cause, { ask, shows = 'unseen' }: Start = {}): void {
    const { number } = project
    if (this.results.cause(number) || this.#fatal !== undefined) return
    this.results.start(number, cause)
    this.#latent.delete(number)
    const priority = this.#priorityOf(project, shows)
    this.#waiting.set(number, priority)
    this.#crew
      .add(() => this.#look(project, cause, { ask, shows }), { id: number, priority })
      .catch((error) => this.#stop(error))
  }

  /** Looks at all these projects, the most urgent ones first, and waits while too many are in line. */
  async startAll(projects: Iterable<Project>): Promise<void> {
    const ranked = Array.from(projects, (project) => ({ project, rank: this.#priorityOf(project, 'unseen') }))
    for (const { project } of ranked.sort((one, other) => other.rank - one.rank)) {
      await this.#crew.onSizeLessThan(AT_ONCE)
      this.start(project, 'no inventory')
    }
  }

  /** Waits until every project has been looked at. Throws what lies with the auditor and stops the reading. */
  async finish(): Promise<void> {
    await this.#crew.onIdle()
    if (this.#fatal !== undefined) throw this.#fatal
    this.#services.reportUnsure(this.#absent)
    if (this.#typesUnread > 0) this.#reading.listener.remark(typesUnread(this.#typesUnread))
  }

  /** Whether a key is seen or remembered to be an auth key, which can call the API or not: no rule applies to it. */
  #isKnownAuth({ uid, serviceAccountEmail, flaw }: Key): boolean {
    if (flaw !== undefined) return false
    const isShown = keyTypeOf(serviceAccountEmail) === 'auth'
    return isShown || this.#reading.options.rememberedType?.(uid)?.type === 'auth'
  }

  /** Whether a policy asks for the type of a key that no verdict depends on, and nobody knows it. */
  #wantsType({ uid, serviceAccountEmail, flaw }: Key): boolean {
    const { typesWhereOff = false, rememberedType } = this.#reading.options
    if (!typesWhereOff || flaw !== undefined || keyTypeOf(serviceAccountEmail) === 'auth') return false
    return rememberedType?.(uid) === undefined
  }

  /** Whether projects are asked because there is no search to go by. */
  get #asksInstead(): boolean {
    return !this.#services.isSearched && this.#reading.options.mode !== 'assets'
  }

  #priorityOf(project: Project, shows: NonNullable<Start['shows']>): number {
    const candidates = shows === 'flawed' ? 'unrestricted' : shows
    const earlier = this.#reading.options.earlierProject?.(project.number)
    const gemini = this.#services.status(project).state
    return readingPriorityOf({
      earlier,
      candidates,
      gemini,
      tieBreak: tieBreakOf(project.number, this.#salt),
    })
  }

  /** Lets a project go before others that turns out to hold a key without restriction. */
  #raise(project: Project): void {
    const before = this.#waiting.get(project.number)
    const priority = before === undefined ? 0 : this.#priorityOf(project, 'unrestricted')
    if (before === undefined || priority <= before) return
    this.#waiting.set(project.number, priority)
    this.#crew.setPriority(project.number, priority)
  }

  async #look(project: Project, cause: Cause, { ask, shows }: Start): Promise<void> {
    this.#waiting.delete(project.number)
    if (this.#fatal !== undefined) return
    const status = ask ? await this.#ask(project, ask) : this.#services.decided(project)
    if (this.#projects.isGone(project.number)) return
    const isWanted = this.#typesWanted.has(project.number)
    if (cause === 'candidate' && status?.state === 'off' && shows !== 'flawed' && !isWanted) return
    const read = await readProjectKeys(this.#reading.google, project)
    if (read.error && isGone(read.error, project)) return this.#projects.markGone(project)
    if (read.error && isWanted && this.#services.status(project).state === 'off') {
      // No verdict depends on it.
      this.#typesUnread += 1
      return
    }
    if (read.error && isOurOwn(read.error, project)) throw read.error
    if (read.error) this.results.fail(project.number, placedIn(project, read.error))
    // Half a project does not replace its inventory, but is better than none.
    if (read.error && cause === 'candidate') return
    await this.#handOut(project, read, await this.#settled(project, read.found, cause))
    this.results.found(project.number, read.found.length)
  }

  async #handOut(
    project: Project,
    { found, unnamed, error }: ProjectKeys,
    status: GeminiApiStatus,
  ): Promise<void> {
    const { options, listener, send } = this.#reading
    if (unnamed.length > 0) {
      listener.gap(unnamedItems('keys', `projects/${project.number}`, unnamed, 'api'))
    }
    const readAt = options.now()
    const observations = found.map((key) => listed(key, project, status, readAt))
    const completed = await this.#enrichment.ofProject(project, observations)
    await send(error === undefined ? withReplacements(completed) : completed)
  }

  /** Whether the Gemini API is on, asked for now where a fresh key makes that matter. */
  async #settled(project: Project, keys: readonly Key[], cause: Cause): Promise<GeminiApiStatus> {
    const decided = this.#services.decided(project)
    if (decided) return decided
    const each = cause === 'no inventory' || this.#asksInstead || this.#services.isDoubted
    const matters = keys.some((key) => isCandidate(key) && (each || namesGemini(key)))
    return matters ? this.#ask(project, 'needed') : this.#services.status(project)
  }

  async #ask(project: Project, why: NonNullable<Start['ask']>): Promise<GeminiApiStatus> {
    const isNeeded = why === 'needed' || this.#services.isDoubted
    const status = await (isNeeded ? this.#services.ask(project) : this.#services.check(project))
    const hasInventory = this.results.cause(project.number) === 'candidate' || this.#latent.size > 0
    const isMissed = status.state === 'on' && status.source.from === 'services.get'
    if (isMissed && this.#services.isTrusted && hasInventory) {
      this.#services.distrust(project)
      for (const latent of [...this.#latent.values()]) this.start(latent, 'candidate', { ask: 'needed' })
    }
    return status
  }

  #stop(error: unknown): void {
    this.#fatal ??= error
    this.#reading.stop()
  }
}

function typesUnread(projects: number): string {
  const where = projects === 1 ? '1 project' : `${projects} projects`
  return `Whether keys without API restriction are standard keys could not be read in ${where} where the Gemini API is off: what the policy asks for of standard keys is not known there.`
}

/** Whether a live key says that the Gemini API was once on in its project, or may say so. */
function namesGemini(key: Key): boolean {
  return isCandidate(key) && (key.flaw !== undefined || restrictsToGemini(key))
}

/** What `keys.list` gave for a project. */
interface ProjectKeys extends Elements<Key> {
  /** Why the rest is missing, where the listing did not come to its end. */
  readonly error?: ApiError
}

/** Reads all keys of a project, at most a few hundred; a failure is a result. */
export async function readProjectKeys(google: GoogleClient, project: Project): Promise<ProjectKeys> {
  const keys = new Map<string, Key>()
  const unnamed: number[] = []
  let before = 0
  try {
    for await (const page of listKeys(google, `projects/${project.number}`)) {
      const read = elementsOf(page, (element) => keyOfList(element, project))
      // A listing that shifts between pages shows some keys twice.
      for (const key of read.found) if (!keys.has(key.name)) keys.set(key.name, key)
      for (const position of read.unnamed) unnamed.push(before + position)
      before += page.length
    }
    return { found: [...keys.values()], unnamed }
  } catch (error) {
    return { found: [...keys.values()], unnamed, error: apiError(error) }
  }
}
