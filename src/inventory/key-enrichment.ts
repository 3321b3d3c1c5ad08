import PQueue from 'p-queue'
import type { AuthKeyBlocker, Key, Observation, Project, Usage } from '../model.js'
import { needsAuthKey } from './blocker.js'
import { ListedPolicies } from './listed-policies.js'
import { PerProjectQuery, type Reply } from './per-project-query.js'
import type { Projects } from './projects.js'
import type { Reading } from './reading.js'
import { isUsageRead, readUsage, type UsageOf, windowBefore } from './usage.js'

/** Projects that are asked at once; the quotas do the rest. */
const AT_ONCE = 16

/**
 * Completes keys by what is asked project by project: their traffic, and whether auth keys can be made there.
 * One request each, and only of projects with a key that it matters to.
 */
export class KeyEnrichment {
  readonly #usage: PerProjectQuery<UsageOf>
  readonly #blocker: PerProjectQuery<AuthKeyBlocker>

  constructor(reading: Reading, projects: Projects) {
    const window = windowBefore(reading.options.now())
    this.#usage = new PerProjectQuery(reading, 'usage', (google, subject) =>
      readUsage(google, subject, window),
    )
    const policies = new ListedPolicies(reading, projects)
    this.#blocker = new PerProjectQuery(reading, 'policy', (google, subject) =>
      policies.read(google, subject),
    )
  }

  /** All keys of a project, completed: those that are handed out at once. */
  ofProject(project: Project, keys: readonly Observation[]): Promise<readonly Observation[]> {
    return this.#completed(
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
          its,
          () => this.#usage.once(project),
          () => this.#blocker.once(project),
        ),
      ),
    )
    return (await Promise.all(completed)).flat()
  }

  /** Tells what could not be read. */
  tellFailures(): void {
    this.#usage.tellFailures()
    this.#blocker.tellFailures()
  }

  async #completed(
    keys: readonly Observation[],
    askUsage: () => Promise<Reply<UsageOf>>,
    askBlocker: () => Promise<Reply<AuthKeyBlocker>>,
  ): Promise<readonly Observation[]> {
    const [usage, blocker] = await Promise.all([
      keys.some(isUsageRead) ? askUsage() : undefined,
      keys.some(needsAuthKey) ? askBlocker() : undefined,
    ])
    return keys.map((found) => ({
      ...found,
      ...(usage && isUsageRead(found) && { usage: usageIn(usage, found.key) }),
      ...(blocker && needsAuthKey(found) && { blocker: blockerIn(blocker) }),
    }))
  }
}

/** Whether a project is asked for anything for the sake of a key; most are complete as they are. */
export function isIncomplete(found: Observation): boolean {
  return isUsageRead(found) || needsAuthKey(found)
}

function usageIn(reply: Reply<UsageOf>, key: Key): Usage {
  return 'answer' in reply ? reply.answer(key) : { unknown: reply.error.because }
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
