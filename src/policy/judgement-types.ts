import type { Action, Day, DeadlineStatus, KeyFacts, Verdict } from '../model.js'
import type { HygieneRule, HygieneSeverity } from './hygiene.js'
import type { Decision, Exemption } from './policy.js'
import type { Rule } from './rules.js'

/**
 * - `unrestricted-auth-key`: an auth key that may call any API of its project
 * - `open-client-restriction`: the key has a list of clients that lets everybody in
 * - `made-before-gemini`: made before the Gemini API was offered, so most likely for another API
 */
export const NOTES = ['unrestricted-auth-key', 'open-client-restriction', 'made-before-gemini'] as const
export type Note = (typeof NOTES)[number]

/** One rule on one key, compared with its deadline. */
export interface Finding {
  /** The rule that applies to the key. */
  readonly rule: Rule
  /** The day from which the finding is overdue. */
  readonly deadline: Day
  /** What Google has made of the deadline: carried out, or announced and not seen in force. */
  readonly status: DeadlineStatus
  /** Calendar days from `asOf` to the deadline; negative once it has passed. */
  readonly daysLeft: number
  /** `due` while days are left, `overdue` from the deadline day on. */
  readonly state: 'due' | 'overdue'
  /** One sentence: which facts make the rule apply. */
  readonly because: string
}

/** An exemption of the policy that holds for a key on the run's day. */
export interface HoldingExemption {
  /** The rules that the key is exempt from. */
  readonly rules: readonly Rule[]
  /** Last day on which it holds. */
  readonly until: Day
  /** Why, as the policy says. */
  readonly reason: string
  /** Who approved it, as the policy says. */
  readonly approvedBy: string
}

/** What else is to be looked at: a finding that is no deadline. */
export interface HygieneFinding {
  readonly id: HygieneRule
  readonly severity: HygieneSeverity
  /** One sentence: which facts make it apply. */
  readonly because: string
  /** The exemption of the policy that holds for it; it is not counted then. */
  readonly exemption?: Decision
}

export interface Judgement {
  readonly verdict: Verdict
  /** Of a key that is unknown only for its type: the verdict that it would have as a standard key. */
  readonly ifStandard?: Verdict
  /** In the order of `RULES`; empty unless the key is judged by rules. */
  readonly findings: readonly Finding[]
  readonly notes: readonly Note[]
  readonly exemption?: HoldingExemption
  /** In the order of `HYGIENE_RULES`; absent where there are none. */
  readonly hygiene?: readonly HygieneFinding[]
  /** The entries of the policy for which the key shows a need; absent where there are none. */
  readonly exemptionsNeeded?: readonly Exemption[]
}

/** A step of a remedy: a sentence, and the command or page that does it. */
export interface Step {
  /** One sentence. */
  readonly say: string
  /** The command that does it, for a shell; to be read before it is run. */
  readonly command?: string
  /** The page that does it or explains it. */
  readonly url?: string
}

export interface Remedy {
  readonly action: Action
  readonly steps: readonly Step[]
}

/** A key with facts and judgement: what reports are made of. */
export interface JudgedKey {
  readonly facts: KeyFacts
  readonly judgement: Judgement
  /** Who owns the key, by the policy's `owners`; absent when nothing says. */
  readonly owner?: string
  /** One sentence for the key's owner: what stops, when, and what does not. */
  readonly impact: string
  readonly remedy: Remedy
  /** What to do about a finding of hygiene that the key has. */
  readonly hygieneSteps: (id: HygieneRule) => readonly Step[]
}
