import type { KeyAccount } from '../account.js'
import type { KeyType, Verdict } from '../model.js'
import { HYGIENE_RULES, type HygieneRule, isAccountUnknown } from '../policy/hygiene.js'
import { byRule, type Rule } from '../policy/rules.js'
import { type Judged, type Looked, openFindings, openHygiene, strictestFinding } from './findings.js'

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
  /**
   * Keys of which no deadline asks anything, by what else is to be looked at; a key counts under each such row, and
   * what is exempt under none. Absent in records of earlier versions.
   */
  readonly hygiene?: Readonly<Record<HygieneRule, number>>
  /** The same keys, each once, by verdict: only verdicts that occur, and absent where there is no such key. */
  readonly toLookAt?: Readonly<Partial<Record<Verdict, number>>>
  /**
   * Auth keys of whose account the state or the roles could not be read, so that more may have to be looked at; absent
   * where there are none.
   */
  readonly accountUnknown?: number
}

type Counted = Judged & Looked & { readonly ifStandard?: Verdict }

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
  readonly #hygiene = noHygiene()
  readonly #toLookAt: Partial<Record<Verdict, number>> = {}
  #accountUnknown = 0

  /** `account`: as which an auth key acts, as far as that is known. */
  add(type: KeyType, account: KeyAccount | undefined, judged: Counted): void {
    const { verdict, ifStandard } = judged
    this.#verdict[verdict] += 1
    if (verdict === 'deleted') return
    this.#type[type] += 1
    if (isAccountUnknown(type, account)) this.#accountUnknown += 1
    if (ifStandard !== undefined) this.#ifStandard[ifStandard] = (this.#ifStandard[ifStandard] ?? 0) + 1
    for (const { rule, state } of openFindings(judged)) this.#rule[rule][state] += 1
    const strictest = strictestFinding(judged)
    if (strictest !== undefined) this.#strictest[strictest.rule][strictest.state] += 1
    if (judged.hygiene !== undefined) this.#look(verdict, openHygiene(judged))
  }

  #look(verdict: Verdict, open: readonly { readonly id: HygieneRule }[]): void {
    for (const { id } of open) this.#hygiene[id] += 1
    if (open.length > 0) this.#toLookAt[verdict] = (this.#toLookAt[verdict] ?? 0) + 1
  }

  get counts(): Counts {
    return structuredClone({
      keys: this.#type.standard + this.#type.auth + this.#type.unknown,
      type: this.#type,
      verdict: this.#verdict,
      ...(Object.keys(this.#ifStandard).length > 0 && { ifStandard: this.#ifStandard }),
      rule: this.#rule,
      strictest: this.#strictest,
      hygiene: this.#hygiene,
      ...(Object.keys(this.#toLookAt).length > 0 && { toLookAt: this.#toLookAt }),
      ...(this.#accountUnknown > 0 && { accountUnknown: this.#accountUnknown }),
    })
  }
}

function noHygiene(): Record<HygieneRule, number> {
  // Each row is among them, which the compiler does not see.
  return Object.fromEntries(HYGIENE_RULES.map((id) => [id, 0])) as Record<HygieneRule, number>
}

function noRules(): Record<Rule, { due: number; overdue: number }> {
  return byRule(() => ({ due: 0, overdue: 0 }))
}
