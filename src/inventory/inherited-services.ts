import PQueue from 'p-queue'
import { enabledBelow } from '../google/serviceusage.js'
import { timeLimitOf } from '../google/time-limit.js'
import { GEMINI_API, type Instant, type Project } from '../model.js'
import { isService } from '../policy/facts.js'
import { apiError } from './failures.js'
import type { Reading } from './reading.js'

/** Policies that are asked for at once. */
const AT_ONCE = 4

/** Failures without an answer between them after which no more policies are asked for: the feature is a preview. */
const ENOUGH = 3

/** Milliseconds for one policy: no verdict is kept waiting for a preview that does not answer. */
const TIME_LIMIT = 30_000

/**
 * Which folders and organizations enable the Gemini API for every project below them. The search may show it; else
 * the policies above a project are read where that matters, each once. What Google does not answer is noted, and
 * is no gap.
 */
export class InheritedServices {
  readonly #reading: Reading
  readonly #enabled = new Map<string, Instant>()
  readonly #asked = new Map<string, Promise<void>>()
  readonly #crew = new PQueue({ concurrency: AT_ONCE })
  #failures = 0

  constructor(reading: Reading) {
    this.#reading = reading
  }

  /** The search shows it enabled for everything below `folders/N` or `organizations/N`. */
  found(place: string, readAt: Instant): void {
    this.#enabled.set(place, readAt)
  }

  /** When it was seen to be enabled above a project; undefined while that is not known. */
  seenAbove({ ancestors }: Project): Instant | undefined {
    const place = ancestors.find((name) => this.#enabled.has(name))
    return place === undefined ? undefined : this.#enabled.get(place)
  }

  /** Reads the policies above a project that were not read yet, until one enables it. */
  async readAbove(project: Project): Promise<void> {
    if (this.seenAbove(project) !== undefined) return
    await Promise.all(project.ancestors.map((place) => this.#once(place)))
  }

  #once(place: string): Promise<void> {
    const asked = this.#asked.get(place) ?? this.#crew.add(() => this.#read(place))
    this.#asked.set(place, asked)
    return asked
  }

  async #read(place: string): Promise<void> {
    const { google, options, listener, signal } = this.#reading
    if (this.#failures >= ENOUGH) return
    const timeLimit = timeLimitOf(TIME_LIMIT, signal)
    try {
      const services = await enabledBelow(google.until(timeLimit.signal, timeLimit.left), place)
      this.#failures = 0
      if (services.some((service) => isService(service, GEMINI_API))) this.#enabled.set(place, options.now())
    } catch (error) {
      apiError(error)
      this.#failures += 1
      listener.note({ inheritedServices: 'not-read' })
    } finally {
      timeLimit.end()
    }
  }
}
