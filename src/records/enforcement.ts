import { addDays } from '../calendar.js'
import type { Day, KeyFacts, Usage } from '../model.js'
import type { JudgedKey } from '../policy/judgement-types.js'
import { RULES, type Rule } from '../policy/rules.js'
import { type SinceDeadline, trafficOf, trafficSince } from '../policy/traffic.js'
import { hasStopped, isNewlyRefused } from '../policy/traffic-classes.js'
import { stoppedOn } from '../policy/traffic-facts.js'
import { openFindings } from './findings.js'

/** What counting needs to know of the deadlines. */
export type RuleDeadlines = Readonly<Record<Rule, { readonly date: string }>>

/**
 * What the traffic of the affected keys that are past a rule's deadline shows since that day, or since traffic
 * is known if that is later. A key is in exactly one of `accepted`, `onlyRefused`, `noCalls`, `inconclusive`
 * and `unknown`.
 */
export interface EnforcementCounts {
  /** The deadline day. */
  readonly since: string
  /** The first day of which the traffic is known, where the deadline lies before it. */
  readonly seenFrom?: Day
  /** Keys with accepted calls to the Gemini API. */
  readonly accepted: number
  /** Of these, keys that have stopped working, refused or failing, when there are any. */
  readonly stopped?: number
  /** Of those, the refused ones, when there are any. */
  readonly newlyRefused?: number
  /**
   * Keys that were accepted before and are only refused since. Where the deadline lies before `seenFrom`, what
   * was before is not known, and all keys count here that were only refused.
   */
  readonly onlyRefused: number
  /** Keys without a call of the Gemini API. */
  readonly noCalls: number
  /**
   * Keys with calls from which nothing follows, when there are any: they failed otherwise, or were refused and
   * not seen accepted before the deadline either.
   */
  readonly inconclusive?: number
  /** Keys whose traffic is not known. */
  readonly unknown: number
}

/** Keys of many projects that stopped working within two days: what no single key or project explains. */
export interface StopEvent {
  /** The first of these days, in UTC. */
  readonly since: Day
  /** Keys that stopped working then, whatever their verdict. */
  readonly keys: number
  /** The projects that hold them. */
  readonly projects: number
  /** Whether all of them are standard keys. */
  readonly allStandard: boolean
  /** Whether all of them have an API restriction. */
  readonly allRestricted: boolean
}

/** What calls show of each rule whose deadline has come, and of all keys together. */
export type EnforcementRecord = Readonly<Partial<Record<Rule, EnforcementCounts>>> & {
  /** Where keys of many projects stopped at once; absent where none did. */
  readonly event?: StopEvent
}

/** From so many keys in so many projects on it is an event. */
export const EVENT = { keys: 10, projects: 3 } as const

interface Counted {
  seenFrom?: Day | undefined
  stopped: number
  newlyRefused: number
  readonly keys: Record<SinceDeadline, number>
}

/**
 * Counts, for each rule whose deadline has come, which of its keys still had calls accepted: evidence about
 * what Google carries out, next to what it announced.
 */
export class Enforcement {
  readonly #since = new Map<Rule, string>()
  readonly #counted = new Map<Rule, Counted>()
  readonly #stops = new Stops()

  constructor(deadlines: RuleDeadlines, asOf: string) {
    for (const rule of RULES) {
      const { date } = deadlines[rule]
      if (date === 'none' || date > asOf) continue
      this.#since.set(rule, date)
      this.#counted.set(rule, nothing())
    }
  }

  key({ facts, judgement }: JudgedKey): void {
    this.#stops.add(facts)
    for (const { rule, state, deadline } of openFindings(judgement)) {
      const counted = this.#counted.get(rule)
      if (state === 'overdue' && counted !== undefined) count(counted, facts, deadline)
    }
  }

  counts(): EnforcementRecord {
    const counts: Partial<Record<Rule, EnforcementCounts>> = {}
    for (const [rule, counted] of this.#counted) counts[rule] = countsOf(counted, this.#since.get(rule) ?? '')
    const { event } = this.#stops
    return { ...counts, ...(event && { event }) }
  }
}

interface Stopped {
  keys: number
  readonly projects: Set<string>
  allStandard: boolean
  allRestricted: boolean
}

/** Keys that stopped working, by day. Memory grows with their projects. */
class Stops {
  readonly #days = new Map<Day, Stopped>()

  add(facts: KeyFacts): void {
    const day = stoppedOn(facts)
    if (day === undefined) return
    const stopped = this.#days.get(day) ?? noneStopped()
    this.#days.set(day, stopped)
    stopped.keys += 1
    stopped.projects.add(facts.project.number)
    stopped.allStandard &&= facts.type === 'standard'
    stopped.allRestricted &&= facts.apiRestriction !== 'none'
  }

  /** The two days on which most keys stopped, the newer ones of equals, where they are an event. */
  get event(): StopEvent | undefined {
    const events = [...this.#days.keys()]
      .map((since) => ({ since, ...this.#twoDays(since) }))
      .filter(({ keys, projects }) => keys >= EVENT.keys && projects >= EVENT.projects)
    return events.sort((one, other) => other.keys - one.keys || (one.since < other.since ? 1 : -1))[0]
  }

  #twoDays(since: Day): Omit<StopEvent, 'since'> {
    const days = [since, addDays(since, 1)].flatMap((day) => this.#days.get(day) ?? [])
    return {
      keys: days.reduce((sum, { keys }) => sum + keys, 0),
      projects: new Set(days.flatMap(({ projects }) => [...projects])).size,
      allStandard: days.every(({ allStandard }) => allStandard),
      allRestricted: days.every(({ allRestricted }) => allRestricted),
    }
  }
}

function noneStopped(): Stopped {
  return { keys: 0, projects: new Set(), allStandard: true, allRestricted: true }
}

function nothing(): Counted {
  return {
    stopped: 0,
    newlyRefused: 0,
    keys: { accepted: 0, 'only-refused': 0, 'no-calls': 0, inconclusive: 0, unknown: 0 },
  }
}

function count(counted: Counted, facts: KeyFacts, deadline: Day): void {
  const traffic = trafficSince(deadline, facts.usage)
  counted.keys[traffic] += 1
  const shown = trafficOf(facts)
  if (traffic === 'accepted' && hasStopped(shown)) counted.stopped += 1
  if (traffic === 'accepted' && isNewlyRefused(shown)) counted.newlyRefused += 1
  counted.seenFrom = laterSeen(counted.seenFrom, facts.usage, deadline)
}

/** Windows differ by a day at most, where midnight falls into the reading: the last one is true of all. */
function laterSeen(seenFrom: Day | undefined, usage: Usage, deadline: Day): Day | undefined {
  if ('unknown' in usage || usage.since <= (seenFrom ?? deadline)) return seenFrom
  return usage.since
}

function countsOf({ seenFrom, stopped, newlyRefused, keys }: Counted, since: string): EnforcementCounts {
  return {
    since,
    ...(seenFrom === undefined ? {} : { seenFrom }),
    accepted: keys.accepted,
    ...(stopped === 0 ? {} : { stopped }),
    ...(newlyRefused === 0 ? {} : { newlyRefused }),
    onlyRefused: keys['only-refused'],
    noCalls: keys['no-calls'],
    ...(keys.inconclusive === 0 ? {} : { inconclusive: keys.inconclusive }),
    unknown: keys.unknown,
  }
}
