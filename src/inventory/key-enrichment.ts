import PQueue from 'p-queue'
import type { GoogleClient } from '../google/client.js'
import { type ApiError, isOutOfTime } from '../google/errors.js'
import type { AuthKeyBlocker, GapKind, Key, Observation, Project, Usage } from '../model.js'
import { needsAuthKey } from './blocker.js'
import { apiError, isOurOwn, placedIn } from './failures.js'
import { extent, gapOf } from './gap-causes.js'
import { ListedPolicies } from './listed-policies.js'
import { isReachAsked, OtherServices } from './other-services.js'
import type { Projects } from './projects.js'
import type { Reading } from './reading.js'
import type { Services } from './services.js'
import { isUsageRead, mayBeInSeries, readUsage, type UsageOf, usageBy, windowBefore } from './usage.js'

/** Projects that are asked at once; the quotas do the rest. */
const AT_ONCE = 16

/**
 * Completes keys by what is asked project by project: their traffic, and whether auth keys can be made there,
 * one request each, and only of projects with a key that it matters to; and by the other services that are enabled
 * there, which are searched for many projects at once.
 */
export class KeyEnrichment {
  readonly #usage: PerProjectQuery<UsageOf>
  readonly #blocker: PerProjectQuery<AuthKeyBlocker>
  readonly #otherServices: OtherServices

  constructor(reading: Reading, projects: Projects, services: Services) {
    this.#otherServices = new OtherServices(reading, services)
    const window = windowBefore(reading.options.now())
    this.#usage = new PerProjectQuery(reading, 'usage', (google, subject) =>
      readUsage(google, subject, window),
    )
    const policies = new ListedPolicies(reading, projects)
    this.#blocker = new PerProjectQuery(reading, 'policy', (google, subject) =>
      policies.read(google, subject),
    )
  }

  /** Takes note of a key that will be completed, so that its project can be searched together with others. */
  expect(key: Key, project: Project): void {
    if (isReachAsked({ key, gemini: 'unknown' })) this.#otherServices.expect(project)
  }

  /** All keys of a project, completed: those that are handed out at once. */
  ofProject(project: Project, keys: readonly Observation[]): Promise<readonly Observation[]> {
    return this.#completed(
      project,
      keys,
      () => this.#usage.of(project),
      () => this.#blocker.of(project),
    )
  }

  /** A batch of keys of many projects, completed, in no order; other batches may hold keys of the same ones. */
  async ofMany(keys: readonly Observation[]): Promise<readonly Observation[]> {
    const crew = new PQueue({ concurrency: AT_ONCE })
    const completed = byProject(keys).map(([project, its]) =>
      crew.add(() =>
        this.#completed(
          project,
          its,
          () => this.#usage.once(project),
          () => this.#blocker.once(project),
        ),
      ),
    )
    return (await Promise.all(completed)).flat()
  }

  /** Reports what could not be read. */
  noteFailures(): void {
    this.#usage.noteFailures()
    this.#blocker.noteFailures()
  }

  async #completed(
    project: Project,
    keys: readonly Observation[],
    askUsage: () => Promise<Reply<UsageOf>>,
    askBlocker: () => Promise<Reply<AuthKeyBlocker>>,
  ): Promise<readonly Observation[]> {
    const [usage, blocker, alsoReaches] = await Promise.all([
      keys.some(isUsageRead) ? askUsage() : undefined,
      keys.some(needsAuthKey) ? askBlocker() : undefined,
      keys.some(isReachAsked) ? this.#otherServices.of(project) : undefined,
    ])
    return keys.map((found) => ({
      ...found,
      ...(usage && { usage: usageIn(usage, found) }),
      ...(blocker && needsAuthKey(found) && { blocker: blockerIn(blocker) }),
      ...(alsoReaches && isReachAsked(found) && { alsoReaches }),
    }))
  }
}

/** Whether a project is asked for anything for the sake of a key; most are complete as they are. */
export function isIncomplete(found: Observation): boolean {
  return isUsageRead(found) || needsAuthKey(found) || isReachAsked(found)
}

function usageIn(reply: Reply<UsageOf>, found: Observation): Usage {
  if ('answer' in reply)
    return isUsageRead(found) || mayBeInSeries(found) ? usageBy(reply.answer, found) : found.usage
  return isUsageRead(found) ? { unknown: reply.error.because } : found.usage
}

function blockerIn(reply: Reply<AuthKeyBlocker>): AuthKeyBlocker {
  return 'answer' in reply ? reply.answer : { state: 'unknown' }
}

function byProject(keys: readonly Observation[]): readonly (readonly [Project, readonly Observation[]])[] {
  const groups = new Map<string, Observation[]>()
  for (const found of keys) {
    const group = groups.get(found.project.number)
    if (group) group.push(found)
    else groups.set(found.project.number, [found])
  }
  return [...groups.values()].flatMap((its) => its.slice(0, 1).map(({ project }) => [project, its] as const))
}

/** An answer, or why there is none. */
type Reply<Answer> = { readonly answer: Answer } | { readonly error: ApiError }

/** Asks one project (`projects/123`). Throws `ApiError`. */
type Ask<Answer> = (google: GoogleClient, subject: string) => Promise<Answer>

/**
 * One question to many projects about something that no verdict on a key's access rests on. A failure leaves
 * the answer unknown and becomes a gap; one that would meet every project ends the asking, not the reading.
 */
export class PerProjectQuery<Answer> {
  readonly #reading: Reading
  readonly #missing: GapKind
  readonly #ask: Ask<Answer>
  readonly #failed = new Map<string, ApiError>()
  readonly #kept = new Map<string, Promise<Reply<Answer>>>()
  #started = 0
  #unaskable: ApiError | undefined

  constructor(reading: Reading, missing: GapKind, ask: Ask<Answer>) {
    this.#reading = reading
    this.#missing = missing
    this.#ask = ask
  }

  /** What a project answers, or why it does not. */
  async of(project: Project): Promise<Reply<Answer>> {
    const subject = `projects/${project.number}`
    this.#started += 1
    try {
      if (this.#unaskable) throw this.#unaskable.forSubject(subject)
      return { answer: await this.#ask(this.#reading.google, subject) }
    } catch (thrown) {
      const error = apiError(thrown)
      if (isOurOwn(error, project)) this.#unaskable ??= error
      this.#failed.set(project.number, placedIn(project, error))
      return { error }
    }
  }

  /** The same for a project that is come back to: its answer is kept, and it is asked once only. */
  once(project: Project): Promise<Reply<Answer>> {
    const kept = this.#kept.get(project.number) ?? this.of(project)
    this.#kept.set(project.number, kept)
    return kept
  }

  /** Reports the projects that did not answer. */
  noteFailures(): void {
    const late = [...this.#failed.values()].filter(isOutOfTime).length
    const reached = extent(this.#started - late, this.#started, 'projects')
    for (const [number, error] of this.#failed) {
      this.#reading.listener.gap(gapOf(this.#missing, `projects/${number}`, error, reached))
    }
  }
}
