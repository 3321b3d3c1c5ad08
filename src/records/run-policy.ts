import type { Day, DeadlineStatus } from '../model.js'
import type { Deadline } from '../policy/deadlines.js'
import type { Exclusion, Override, Policy, Waiver } from '../policy/policy.js'
import { byRule, type Rule } from '../policy/rules.js'
import type { WaiverState } from '../policy/waivers.js'

/** A deadline by which keys were judged. */
export interface RunDeadline {
  /** The deadline, or `none` where the policy switches the rule off. */
  readonly date: Day | 'none'
  /** Whether the day is known or the month alone. */
  readonly precision: 'day' | 'month'
  /** What Google has made of it: carried out, or announced and not seen in force. */
  readonly status: DeadlineStatus
  /** Where the date comes from. */
  readonly source: string
  /** When the source was last looked at, where that is known. */
  readonly checked?: Day
}

/** A deadline that the policy sets instead of Google's. */
export interface RunOverride {
  /** The rule whose deadline the policy sets. */
  readonly rule: Rule
  /** The deadline, or `none`. */
  readonly date: Day | 'none'
  /** The last day on which it holds. */
  readonly until?: Day
  /** Why, as the policy says. */
  readonly reason: string
  /** Who approved it. */
  readonly approvedBy: string
}

/** Projects or folders that were left out. */
export interface RunExclusion {
  /** The project or folder. */
  readonly subject: string
  /** The last day on which it holds. */
  readonly until: Day
  /** Why, as the policy says. */
  readonly reason: string
  /** Who approved it. */
  readonly approvedBy: string
}

/** A line of the policy and how it stands on the run's day. */
export interface WaiverNotice {
  /** Which part of the policy it stands in. */
  readonly kind: Waiver['kind']
  /** How it stands on the run's day. */
  readonly state: WaiverState
  /** What it is about: a key, project, folder, subject of a gap, or rule. */
  readonly subject: string
  /** The last day on which it holds. */
  readonly until?: Day
  /** Why, as the policy says. */
  readonly reason: string
  /** Who approved it. */
  readonly approvedBy: string
}

/** What the run record says of the policy that was applied. */
export interface RunPolicy {
  /** Of the policy file's text; absent for the built-in policy. */
  readonly sha256?: string
  /** The file or object that it was read from, or the built-in one. */
  readonly source: string
  /** By which keys were judged. */
  readonly deadlines: Readonly<Record<Rule, RunDeadline>>
  /** Deadlines that the policy sets instead of Google's. */
  readonly overrides: readonly RunOverride[]
  /** Absent where nothing is left out. */
  readonly exclusions?: readonly RunExclusion[]
  /** How many exemptions hold, end within 14 days, have run out, or match nothing. */
  readonly exemptions: Readonly<Record<WaiverState, number>>
  /** Whatever ends soon, has run out or matches nothing; absent when there is nothing. */
  readonly notices?: readonly WaiverNotice[]
  /** Whatever else holds: exemptions, known gaps and moved deadlines; absent when there is nothing. */
  readonly holding?: readonly WaiverNotice[]
}

/** What the run record says of a policy, whose waivers are sorted by their state on the run's day. */
export function runPolicy(
  policy: Policy,
  waivers: Readonly<Record<WaiverState, readonly Waiver[]>>,
): RunPolicy {
  const notices = noticesOf(waivers, ['ended', 'endingSoon', 'unmatched'])
  const holding = noticesOf(waivers, ['holding']).filter(({ kind }) => kind !== 'exclusion')
  const exclusions = [...waivers.holding, ...waivers.endingSoon].filter(
    (waiver) => waiver.kind === 'exclusion',
  )
  return {
    ...(policy.sha256 === undefined ? {} : { sha256: policy.sha256 }),
    source: policy.source,
    deadlines: byRule((rule) => runDeadline(policy.deadlines[rule])),
    overrides: policy.overrides.map(runOverride),
    ...(exclusions.length === 0 ? {} : { exclusions: exclusions.map(runExclusion) }),
    exemptions: {
      holding: exemptionsAmong(waivers.holding),
      endingSoon: exemptionsAmong(waivers.endingSoon),
      ended: exemptionsAmong(waivers.ended),
      unmatched: exemptionsAmong(waivers.unmatched),
    },
    ...(notices.length === 0 ? {} : { notices }),
    ...(holding.length === 0 ? {} : { holding }),
  }
}

function runDeadline({ date, precision, status, source, checked }: Deadline): RunDeadline {
  return { date, precision, status, source, ...(checked === undefined ? {} : { checked }) }
}

function runOverride({ deadline, until, reason, approvedBy }: Override): RunOverride {
  return {
    rule: deadline.rule,
    date: deadline.date,
    ...(until === undefined ? {} : { until }),
    reason,
    approvedBy,
  }
}

function runExclusion({ subject, until, reason, approvedBy }: Exclusion): RunExclusion {
  return { subject, until, reason, approvedBy }
}

function exemptionsAmong(waivers: readonly Waiver[]): number {
  return waivers.filter(({ kind }) => kind === 'exemption').length
}

function noticesOf(
  waivers: Readonly<Record<WaiverState, readonly Waiver[]>>,
  states: readonly WaiverState[],
): readonly WaiverNotice[] {
  return states.flatMap((state) =>
    waivers[state].map((waiver) => ({
      kind: waiver.kind,
      state,
      subject: waiver.kind === 'deadline' ? waiver.deadline.rule : waiver.subject,
      ...(waiver.until === undefined ? {} : { until: waiver.until }),
      reason: waiver.reason,
      approvedBy: waiver.approvedBy,
    })),
  )
}
