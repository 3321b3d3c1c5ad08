import { searchResources } from '../google/cloudasset.js'
import { isOutOfTime } from '../google/errors.js'
import { timeLimitOf } from '../google/time-limit.js'
import { type AlsoReaches, GEMINI_API, type Instant, type Observation, type Project } from '../model.js'
import { apiRestrictionOf, isCandidate } from '../policy/facts.js'
import { SERVICE_ASSET } from './assets.js'
import { apiError } from './failures.js'
import type { Reading } from './reading.js'
import { covers } from './scopes.js'
import type { Services } from './services.js'
import { enabledInAny, enabledService } from './wire-service.js'

/** Projects of one search: their enabled services make a few pages, and their numbers an address that is no trouble. */
const TOGETHER = 50

/**
 * As many as Google takes for sure: it documents ten comparisons in a query, and not whether alternatives count each.
 * @see https://docs.cloud.google.com/asset-inventory/docs/query-syntax
 */
const TOGETHER_FOR_SURE = 10

/** Projects that are searched in one reading, the most urgent first: a third of a minute of the quota. */
const MOST = 2_000

/** Milliseconds for one search. */
const TIME_LIMIT = 30_000

/** Services of one project that are named. */
const NAMED = 25

/** Whether it is asked what a key reaches besides: it has no API restriction, and can call the Gemini API or may. */
export function isReachAsked({ key, gemini }: Pick<Observation, 'key' | 'gemini'>): boolean {
  if (key.flaw !== undefined || gemini === 'off' || !isCandidate(key)) return false
  return apiRestrictionOf(key.restrictions) === 'none'
}

/**
 * Which services besides the Gemini API are enabled in projects that hold a key without API restriction: by searches for
 * many projects each, never for a project alone while others wait. No verdict rests on it, so that a failure is no gap.
 */
export class OtherServices {
  readonly #reading: Reading
  readonly #services: Services
  /** Numbers of all projects that are, or were, to be searched. */
  readonly #expected = new Set<string>()
  /** Those that were not searched yet, by number. */
  readonly #waiting = new Map<string, Project>()
  /** By project number. */
  readonly #found = new Map<string, AlsoReaches>()
  /** One search at a time, so that each finds all that wait meanwhile. */
  #turn: Promise<unknown> = Promise.resolve()
  #failure: string | undefined
  #together = TOGETHER

  constructor(reading: Reading, services: Services) {
    this.#reading = reading
    this.#services = services
  }

  /** Takes note of a project that will be asked for, so that others can be searched together with it. */
  expect(project: Project): void {
    const { number } = project
    const isFull = this.#expected.size >= MOST
    if (this.#expected.has(number) || isFull || !this.#isShown(project)) return
    this.#expected.add(number)
    this.#waiting.set(number, project)
  }

  /** What keys without API restriction reach in a project besides the Gemini API. */
  async of(project: Project): Promise<AlsoReaches> {
    if (!this.#isShown(project)) return this.#services.isSearched ? BEHIND : UNSEARCHED
    this.expect(project)
    const searched = this.#turn.then(() => this.#searchFor(project))
    this.#turn = searched.catch(() => undefined) // the one that asked gets it
    await searched
    return this.#found.get(project.number) ?? TOO_MANY
  }

  /** Whether the search for enabled services shows a project itself. */
  #isShown(project: Project): boolean {
    return this.#services.isSearched && this.#services.decided(project)?.source.from === 'assets'
  }

  /** Searches a project together with others of its scope that wait. */
  async #searchFor(project: Project): Promise<void> {
    if (!this.#waiting.delete(project.number)) return
    const { options } = this.#reading
    const scope = options.scopes.find((each) => covers(each, project)) ?? `projects/${project.number}`
    const others = [...this.#waiting.values()]
      .filter((each) => covers(scope, each))
      .slice(0, this.#together - 1)
    const numbers = [project, ...others].map(({ number }) => number)
    for (const number of numbers) this.#waiting.delete(number)
    const found = await this.#search(scope, numbers)
    for (const number of numbers) this.#found.set(number, reachedIn(found, number))
  }

  async #search(scope: string, numbers: readonly string[]): Promise<Found> {
    const { google, options, signal } = this.#reading
    if (this.#failure !== undefined) return { unknown: this.#failure }
    const readAt = options.now()
    const services = new Map(numbers.map((number) => [`projects/${number}`, new Set<string>()]))
    const timeLimit = timeLimitOf(TIME_LIMIT, signal)
    const limited = google.until(timeLimit.signal, timeLimit.left)
    try {
      for await (const page of searchResources(limited, scope, SERVICE_ASSET, enabledInAny(numbers))) {
        for (const element of page) {
          const shown = enabledService(element)
          if (shown === undefined) return this.#giveUp(UNREADABLE)
          if (shown) services.get(shown.place ?? '')?.add(shown.service)
        }
      }
      return { services, readAt }
    } catch (error) {
      const met = apiError(error).underlying
      if (met.reason === 'INVALID_ARGUMENT' && numbers.length > TOGETHER_FOR_SURE) {
        this.#together = TOGETHER_FOR_SURE
        return await this.#searchInParts(scope, numbers)
      }
      return isOutOfTime(met) ? this.#giveUp(TOO_LATE) : this.#giveUp(met.because, met.fix)
    } finally {
      timeLimit.end()
    }
  }

  async #searchInParts(scope: string, numbers: readonly string[]): Promise<Found> {
    const services = new Map<string, ReadonlySet<string>>()
    const readAt = this.#reading.options.now()
    for (let at = 0; at < numbers.length; at += TOGETHER_FOR_SURE) {
      const found = await this.#search(scope, numbers.slice(at, at + TOGETHER_FOR_SURE))
      if ('unknown' in found) return found
      for (const [place, its] of found.services) services.set(place, its)
    }
    return { services, readAt }
  }

  /** Nothing more is searched in this reading: no verdict is kept waiting for what none rests on. */
  #giveUp(why: string, fix?: string): Found {
    if (this.#failure === undefined) {
      const advice = fix === undefined ? '' : `. To read it: ${fix}`
      this.#reading.listener.remark(
        `${why}; which other APIs keys without API restriction reach is not known${advice}`,
      )
    }
    this.#failure ??= why
    return { unknown: why }
  }
}

/** The enabled services by `projects/NUMBER`, or why they are not known. */
type Found =
  | { readonly unknown: string }
  | { readonly services: ReadonlyMap<string, ReadonlySet<string>>; readonly readAt: Instant }

const WHY = 'the other enabled services of the project are not known'
const UNSEARCHED = { unknown: `${WHY}: no search of the asset inventory has shown them` }
const BEHIND = {
  unknown: `${WHY}: the search of the asset inventory does not show the Gemini API in the project itself, so it may be behind`,
}
const UNREADABLE = 'The search for all enabled services gave results that cannot be read'
const TOO_LATE = 'The search for all enabled services did not end in time'
const TOO_MANY = {
  unknown: `${WHY}: no more than ${MOST.toLocaleString('en')} projects are searched in a run`,
}

/** A search that does not show the Gemini API where an earlier one did is not whole. */
function reachedIn(found: Found, number: string): AlsoReaches {
  if ('unknown' in found) return { unknown: found.unknown }
  const all = found.services.get(`projects/${number}`) ?? new Set()
  if (!all.has(GEMINI_API)) return BEHIND
  const others = [...all].filter((service) => service !== GEMINI_API).sort()
  const more = others.length - NAMED
  return { ...(more > 0 && { more }), readAt: found.readAt, services: others.slice(0, NAMED) }
}
