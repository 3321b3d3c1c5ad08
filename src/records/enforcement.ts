import type { Day, KeyFacts, Usage } from '../model.js'
import type { JudgedKey } from '../policy/judgement.js'
import { RULES, type Rule } from '../policy/rules.js'
import { type SinceDeadline, trafficOf, trafficSince } from '../policy/traffic.js'
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
  /** Of these, keys that are only refused since the day of their last accepted call, when there are any. */
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

interface Counted {
  seenFrom?: Day | undefined
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

  constructor(deadlines: RuleDeadlines, asOf: string) {
    for (const rule of RULES) {
      const { date } = deadlines[rule]
      if (date === 'none' || date > asOf) continue
      this.#since.set(rule, date)
      this.#counted.set(rule, nothing())
    }
  }

  key({ facts, judgement }: JudgedKey): void {
    for (const { rule, state, deadline } of openFindings(judgement)) {
      const counted = this.#counted.get(rule)
      if (state === 'overdue' && counted !== undefined) count(counted, facts, deadline)
    }
  }

  counts(): Readonly<Partial<Record<Rule, EnforcementCounts>>> {
    const counts: Partial<Record<Rule, EnforcementCounts>> = {}
    for (const [rule, counted] of this.#counted) counts[rule] = countsOf(counted, this.#since.get(rule) ?? '')
    return counts
  }
}

function nothing(): Counted {
  return {
    newlyRefused: 0,
    keys: { accepted: 0, 'only-refused': 0, 'no-calls': 0, inconclusive: 0, unknown: 0 },
  }
}

function count(counted: Counted, facts: KeyFacts, deadline: Day): void {
  const traffic = trafficSince(deadline, facts.usage)
  counted.keys[traffic] += 1
  if (traffic === 'accepted' && trafficOf(facts) === 'newly-refused') counted.newlyRefused += 1
  counted.seenFrom = laterSeen(counted.seenFrom, facts.usage, deadline)
}

/** Windows differ by a day at most, where midnight falls into the reading: the last one is true of all. */
function laterSeen(seenFrom: Day | undefined, usage: Usage, deadline: Day): Day | undefined {
  if ('unknown' in usage || usage.since <= (seenFrom ?? deadline)) return seenFrom
  return usage.since
}

function countsOf({ seenFrom, newlyRefused, keys }: Counted, since: string): EnforcementCounts {
  return {
    since,
    ...(seenFrom === undefined ? {} : { seenFrom }),
    accepted: keys.accepted,
    ...(newlyRefused === 0 ? {} : { newlyRefused }),
    onlyRefused: keys['only-refused'],
    noCalls: keys['no-calls'],
    ...(keys.inconclusive === 0 ? {} : { inconclusive: keys.inconclusive }),
    unknown: keys.unknown,
  }
}
