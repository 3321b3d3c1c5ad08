import type { Day } from '../model.js'
import { byRule, type PublishedDeadline, type Rule } from './rules.js'

/** When a rule takes effect, and by which source. */
export interface Deadline extends Omit<PublishedDeadline, 'date'> {
  readonly rule: Rule
  /** The first day on which the rule is overdue; `none` switches the rule off. */
  readonly date: Day | 'none'
  /** Present when the policy has moved the deadline: why, and who approved it. */
  readonly moved?: { readonly reason: string; readonly approvedBy: string; readonly until?: Day }
}

/** What Google has published. The policy file may move each of them. */
export const GOOGLE_DEADLINES: Readonly<Record<Rule, Deadline>> = byRule((rule, { deadline }) => ({
  rule,
  ...deadline,
}))

/** The deadlines that hold on a day: Google's, but for those that an override moves on that day. */
export function deadlinesOn(
  asOf: Day,
  overrides: readonly { readonly deadline: Deadline; readonly until?: Day }[],
): Readonly<Record<Rule, Deadline>> {
  const moved = overrides.filter(({ until }) => until === undefined || asOf <= until)
  return {
    ...GOOGLE_DEADLINES,
    ...Object.fromEntries(moved.map(({ deadline }) => [deadline.rule, deadline])),
  }
}
