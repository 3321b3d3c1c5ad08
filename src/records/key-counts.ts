import type { KeyType, Verdict } from '../model.js'
import { byRule, type Rule } from '../policy/rules.js'
import { type Judged, openFindings, strictestFinding } from './findings.js'

export interface RuleCounts {
  /** Keys with a finding of the rule that is not exempt and whose deadline is ahead. */
  readonly due: number
  /** The same, with a deadline that has come. */
  readonly overdue: number
}

export interface Counts {
  /** All keys that have records, but for the deleted ones. */
  readonly keys: number
  /** Of the same keys. */
  readonly type: Readonly<Record<KeyType, number>>
  /** By verdict; the deleted ones are counted here alone. */
  readonly verdict: Readonly<Record<Verdict, number>>
  /**
   * Keys that are `unknown` for nothing but their type, by the verdict that they would have as standard keys:
   * only verdicts that occur, and absent where there is no such key.
   */
  readonly ifStandard?: Readonly<Partial<Record<Verdict, number>>>
  /** Affected keys by what asks something of them; a key counts under each such rule. */
  readonly rule: Readonly<Record<Rule, RuleCounts>>
  /**
   * The same keys, each once: under the strictest rule that asks something of it, as reports count them; absent in
   * records of version 0.1.0.
   */
  readonly strictest?: Readonly<Record<Rule, RuleCounts>>
}

/** Counts keys by type, verdict and rule, in any order. */
export class KeyCounts {
  readonly #type: Record<KeyType, number> = { standard: 0, auth: 0, unknown: 0 }
  readonly #verdict: Record<Verdict, number> = {
    overdue: 0,
    due: 0,
    unknown: 0,
    exempt: 0,
    latent: 0,
    compliant: 0,
    'not-affected': 0,
    deleted: 0,
  }
  readonly #ifStandard: Partial<Record<Verdict, number>> = {}
  readonly #rule = noRules()
  readonly #strictest = noRules()

  add(type: KeyType, judged: Judged & { readonly ifStandard?: Verdict }): void {
    const { verdict, ifStandard } = judged
    this.#verdict[verdict] += 1
    if (verdict === 'deleted') return
    this.#type[type] += 1
    if (ifStandard !== undefined) this.#ifStandard[ifStandard] = (this.#ifStandard[ifStandard] ?? 0) + 1
    for (const { rule, state } of openFindings(judged)) this.#rule[rule][state] += 1
    const strictest = strictestFinding(judged)
    if (strictest !== undefined) this.#strictest[strictest.rule][strictest.state] += 1
  }

  get counts(): Counts {
    return structuredClone({
      keys: this.#type.standard + this.#type.auth + this.#type.unknown,
      type: this.#type,
      verdict: this.#verdict,
      ...(Object.keys(this.#ifStandard).length > 0 && { ifStandard: this.#ifStandard }),
      rule: this.#rule,
      strictest: this.#strictest,
    })
  }
}

function noRules(): Record<Rule, { due: number; overdue: number }> {
  return byRule(() => ({ due: 0, overdue: 0 }))
}
