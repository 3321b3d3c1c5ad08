import { type JudgedKey, RULES, type Rule, type Usage } from '../model.js'
import { openFindings } from './findings.js'

/** What counting needs to know of the deadlines. */
export type RuleDeadlines = Readonly<Record<Rule, { readonly date: string }>>

/** What the traffic of the keys that are past a rule's deadline shows since that day. */
export interface EnforcementCounts {
  /** The deadline day. */
  readonly since: string
  /** Keys with accepted calls to the Gemini API. */
  readonly accepted: number
  /** Keys with calls, none of them accepted. */
  readonly onlyRefused: number
  readonly noCalls: number
  /** Keys whose traffic is not known. */
  readonly unknown: number
}

type Traffic = Exclude<keyof EnforcementCounts, 'since'>

/**
 * Counts, for each rule whose deadline has come, which of its keys still had calls accepted: evidence about
 * what Google carries out, next to what it announced.
 */
export class Enforcement {
  readonly #since = new Map<Rule, string>()
  readonly #counts = new Map<Rule, Record<Traffic, number>>()

  constructor(deadlines: RuleDeadlines, asOf: string) {
    for (const rule of RULES) {
      const { date } = deadlines[rule]
      if (date === 'none' || date > asOf) continue
      this.#since.set(rule, date)
      this.#counts.set(rule, { accepted: 0, onlyRefused: 0, noCalls: 0, unknown: 0 })
    }
  }

  key({ facts, judgement }: JudgedKey): void {
    for (const { rule, state, deadline } of openFindings(judgement)) {
      const counts = this.#counts.get(rule)
      if (state === 'overdue' && counts !== undefined) counts[trafficSince(facts.usage, deadline)] += 1
    }
  }

  counts(): Readonly<Partial<Record<Rule, EnforcementCounts>>> {
    const counted: Partial<Record<Rule, EnforcementCounts>> = {}
    for (const [rule, counts] of this.#counts) {
      counted[rule] = { since: this.#since.get(rule) ?? '', ...counts }
    }
    return counted
  }
}

function trafficSince(usage: Usage, day: string): Traffic {
  if ('unknown' in usage) return 'unknown'
  const since = usage.daily.filter((calls) => calls.day >= day)
  if (since.some(({ accepted }) => accepted > 0)) return 'accepted'
  return since.some(({ refused }) => refused > 0) ? 'onlyRefused' : 'noCalls'
}
