import { searchResources } from '../google/cloudasset.js'
import { type ApiError, isOutOfTime } from '../google/errors.js'
import { isEnabled } from '../google/serviceusage.js'
import { GEMINI_API, type Instant, type Project } from '../model.js'
import { SERVICE_ASSET } from './assets.js'
import { apiError, isGone, isOurOwn, placedIn } from './failures.js'
import { COMPARE, extent, gapOf, searchIncomplete } from './gap-causes.js'
import { InheritedServices } from './inherited-services.js'
import type { GeminiApiStatus } from './observation.js'
import type { Projects } from './projects.js'
import type { Reading } from './reading.js'
import { covers } from './scopes.js'
import { ENABLED_GEMINI, enabledIn } from './wire-service.js'

/**
 * In which projects the Gemini API is enabled: by a search over the scopes, by asking a project where the search is
 * no evidence, and by what folders and the organization enable for all projects below. That a project is not found
 * says only then that the API is off there, when the search went to its end everywhere and no asked project has
 * shown it wrong.
 */
export class Services {
  readonly #reading: Reading
  readonly #projects: Projects
  readonly #inherited: InheritedServices
  /** By project number. */
  readonly #found = new Map<string, Instant>()
  readonly #asked = new Map<string, GeminiApiStatus>()
  /** Projects that were to be asked when time was up, by number. */
  readonly #refused = new Map<string, ApiError>()
  readonly #late = new Map<string, ApiError>()
  readonly #lateSearches: ApiError[] = []
  /** When the search was through everywhere; undefined while or when it was not. */
  #searchedAt: Instant | undefined
  /** The first project that the search turned out to have missed. */
  #missed: Project | undefined
  /** Why no project can be asked, once that is known. */
  #unaskable: ApiError | undefined

  constructor(reading: Reading, projects: Projects) {
    this.#reading = reading
    this.#projects = projects
    this.#inherited = new InheritedServices(reading)
  }

  /** The searches that were not done when time was up. */
  get late(): readonly ApiError[] {
    return this.#lateSearches
  }

  /** Searches all scopes. Failures become gaps, or are made up for by asking each project that matters. */
  async search(): Promise<void> {
    const { options } = this.#reading
    const readAt = options.now()
    let complete = true
    for (const scope of options.scopes) complete = (await this.#searchIn(scope, readAt)) && complete
    if (complete) this.#searchedAt = readAt
  }

  /** Whether not being found is evidence as far as is known. */
  get isTrusted(): boolean {
    return this.#searchedAt !== undefined && this.#missed === undefined
  }

  /** Whether the search has missed a project, so that absence from it says nothing. */
  get isDoubted(): boolean {
    return this.#missed !== undefined
  }

  /** Whether the search went through, whatever became known of it later. */
  get isSearched(): boolean {
    return this.#searchedAt !== undefined
  }

  /** What was found or answered about a project; undefined when it was neither found nor asked. */
  decided(project: Project): GeminiApiStatus | undefined {
    const readAt = this.#found.get(project.number)
    if (readAt !== undefined) return { state: 'on', source: { from: 'assets', readAt } }
    const inheritedAt = this.#inherited.seenAbove(project)
    if (inheritedAt !== undefined) return { state: 'on', source: { from: 'inherited', readAt: inheritedAt } }
    return this.#asked.get(project.number)
  }

  /** What is known about a project at this moment, with what its absence from the search says. */
  status(project: Project): GeminiApiStatus {
    const decided = this.decided(project)
    if (decided) return decided
    if (this.#searchedAt === undefined || this.#missed !== undefined) return this.#unknown()
    return { state: 'off', source: { from: 'assets', readAt: this.#searchedAt } }
  }

  /** Asks the project itself. A failure becomes a gap and leaves it unknown. */
  async ask(project: Project): Promise<GeminiApiStatus> {
    return this.#settle(project, await this.#answer(project))
  }

  /**
   * Asks a project that the search has not shown, whether it should have. Where there is no answer, absence goes on
   * to say what it did.
   */
  async check(project: Project): Promise<GeminiApiStatus> {
    const subject = `projects/${project.number}`
    try {
      return await this.#settle(project, await this.#asking(subject))
    } catch (error) {
      const failure = apiError(error)
      if (isGone(failure, project)) this.#projects.markGone(project)
      else if (isOurOwn(failure, project)) this.#unaskable ??= failure
      return this.status(project)
    }
  }

  /** Reads what is enabled above a project for all projects there. */
  async readAbove(project: Project): Promise<void> {
    await this.#inherited.readAbove(project)
  }

  /** From now on absence from the search says nothing: it has missed this project. */
  distrust(project: Project): void {
    this.#missed = project
    this.#reading.listener.remark(
      `The search for enabled services does not show the Gemini API in projects/${project.number}, where it is enabled; each project with a candidate key is asked instead.`,
    )
  }

  /** Reports that absence from the search was all that is known of some projects, where that says nothing. */
  reportUnsure(projects: Iterable<Project>): void {
    const unsure = [...projects].find((project) => this.decided(project) === undefined)
    if (this.#missed === undefined || unsure === undefined) return
    const { options, listener } = this.#reading
    const subject = options.scopes.find((scope) => covers(scope, unsure)) ?? `projects/${unsure.number}`
    listener.gap(searchIncomplete(subject, this.#missed.number))
  }

  /** Reports the projects that were not asked for want of time. */
  reportLate(): void {
    const reached = extent(this.#asked.size - this.#late.size, this.#asked.size, 'projects')
    for (const [number, error] of this.#late) {
      this.#reading.listener.gap(gapOf('services', `projects/${number}`, error, reached))
    }
  }

  async #searchIn(scope: string, readAt: Instant): Promise<boolean> {
    const { google, listener } = this.#reading
    let readable = true
    try {
      for await (const page of searchResources(google, scope, SERVICE_ASSET, ENABLED_GEMINI)) {
        for (const element of page) {
          const place = enabledIn(element)
          if (place) this.#noteFound(place, readAt)
          readable &&= place !== undefined
        }
        listener.progress('projects with the Gemini API', this.#found.size)
      }
    } catch (error) {
      this.#unsearched(scope, apiError(error))
      return false
    }
    if (!readable) this.#misread(scope)
    return readable
  }

  #unsearched(scope: string, error: ApiError): void {
    const { listener } = this.#reading
    if (isOutOfTime(error)) {
      this.#lateSearches.push(error)
      listener.gap(gapOf('services', scope, error, this.#extent()))
    } else {
      this.#refused.set(scope, error)
    }
  }

  #extent(): string {
    return `${this.#found.size.toLocaleString('en')} projects with the Gemini API`
  }

  /** Reports the scopes that could not be searched, once their projects are known. */
  reportRefusals(): void {
    const { options, listener } = this.#reading
    for (const [scope, refused] of this.#refused) {
      const error = this.#projects.placed(scope, refused)
      if (options.mode !== 'auto') listener.gap(gapOf('services', scope, error, this.#extent()))
      else
        listener.remark({
          problem: error.problem,
          instead: 'each project with a candidate key is asked instead',
          goal: 'search',
        })
    }
  }

  #noteFound(place: string, readAt: Instant): void {
    const [kind, number = ''] = place.split('/')
    if (kind === 'projects') this.#found.set(number, readAt)
    else this.#inherited.found(place, readAt)
  }

  #misread(scope: string): void {
    this.#reading.listener.gap({
      missing: 'services',
      subject: scope,
      problem: {
        code: 'MALFORMED',
        cause: `the search for enabled services of ${scope} gave results that cannot be read`,
        advice: COMPARE,
      },
      fingerprint: { parts: ['search'] },
    })
  }

  async #answer(project: Project): Promise<GeminiApiStatus> {
    const subject = `projects/${project.number}`
    try {
      return await this.#asking(subject)
    } catch (error) {
      const failure = apiError(error)
      if (isGone(failure, project)) {
        this.#projects.markGone(project)
        return this.#unknown()
      }
      if (isOurOwn(failure, project)) this.#unaskable = failure
      if (isOutOfTime(failure)) this.#late.set(project.number, failure)
      else this.#reading.listener.gap(gapOf('services', subject, placedIn(project, failure), this.#extent()))
      return this.#unknown()
    }
  }

  async #asking(subject: string): Promise<GeminiApiStatus> {
    const { google, options } = this.#reading
    if (this.#unaskable) throw this.#unaskable.forSubject(subject)
    const enabled = await isEnabled(google, subject, GEMINI_API)
    return { state: enabled ? 'on' : 'off', source: { from: 'services.get', readAt: options.now() } }
  }

  /** A project that does not have it enabled itself may inherit it. */
  async #settle(project: Project, answer: GeminiApiStatus): Promise<GeminiApiStatus> {
    if (answer.state !== 'on') await this.readAbove(project)
    this.#asked.set(project.number, answer)
    return this.decided(project) ?? answer
  }

  #unknown(): GeminiApiStatus {
    return { state: 'unknown', source: { from: 'none', readAt: this.#reading.options.now() } }
  }
}
