import { shortDay, shortMonth } from '../../calendar.js'
import type { Day } from '../../model.js'
import { RULE_TABLE, RULES, type Rule } from '../../policy/rules.js'
import type { Affected, RuleShare } from '../../records/affected.js'
import type { EnforcementCounts } from '../../records/enforcement.js'
import type { RunDeadline } from '../../records/run-policy.js'
import type { JudgedRunRecord } from '../../records/run-record.js'
import { counted, countedRule, deadlineText, listed } from '../wording.js'

/** What one rule asks of some keys: never added to what another says, since they differ in what is known. */
export interface Statement {
  readonly rule: Rule
  readonly state: 'overdue' | 'due'
  readonly keys: number
  readonly projects: number
  readonly deadline: RunDeadline & { readonly date: Exclude<RunDeadline['date'], 'none'> }
  readonly daysLeft: number
  /** Whether the policy has set the date instead of Google's. */
  readonly isMoved: boolean
  readonly traffic?: EnforcementCounts
  /** Keys with accepted calls that are not only refused by now. */
  readonly inUse: number
  /** Keys that worked and are only refused by now. */
  readonly broken: number
  /** Keys whose traffic is not known. */
  readonly unseen: number
}

/** What every rule says of the run, the worst first: overdue before due, in force before announced, then most in use. */
export function statementsOf(run: JudgedRunRecord, affected: Affected): readonly Statement[] {
  const states = ['overdue', 'due'] as const
  return states.flatMap((state) =>
    RULES.flatMap((rule) => statement(run, affected, rule, state)).sort(
      (one, other) =>
        Number(isAnnounced(one)) - Number(isAnnounced(other)) ||
        other.broken + other.inUse - (one.broken + one.inUse) ||
        other.keys - one.keys,
    ),
  )
}

const NONE: RuleShare = { projects: 0, inUse: 0, broken: 0, unseen: 0, daysLeft: 0 }

function statement(
  run: JudgedRunRecord,
  affected: Affected,
  rule: Rule,
  state: 'overdue' | 'due',
): readonly Statement[] {
  const keys = run.counts.rule[rule][state]
  const { date, ...deadline } = run.policy.deadlines[rule]
  if (keys === 0 || date === 'none') return []
  const { projects, daysLeft, inUse, broken, unseen } = affected.rules[`${rule} ${state}`] ?? NONE
  const traffic = run.enforcement[rule]
  return [
    {
      rule,
      state,
      keys,
      projects,
      deadline: { ...deadline, date },
      daysLeft,
      isMoved: run.policy.overrides.some((override) => override.rule === rule && override.date === date),
      ...(state === 'due' || traffic === undefined ? {} : { traffic }),
      inUse,
      broken,
      unseen,
    },
  ]
}

/** Whether Google has announced the deadline without having been seen to carry it out. */
export function isAnnounced({ deadline }: Statement): boolean {
  return deadline.status === 'announced'
}

/** How a first line says a statement, as seen from a day: with its projects, or in as few words as can be. */
export function headlineText(statement: Statement, asOf: Day, length: 'long' | 'short'): string {
  const { rule, keys, projects, state, daysLeft } = statement
  const who = countedRule(keys, rule)
  const date = whenNamed(statement, asOf)
  if (length === 'short') {
    const announced = isAnnounced(statement) ? ' (announced)' : ''
    if (state === 'due') return `${who} due in ${counted(daysLeft, 'day')}${announced}`
    return [`${who} past ${date}`, ...useOf(statement)].join(', ')
  }
  const place = projects === 0 ? '' : ` in ${counted(projects, 'project')}`
  const is = keys === 1 ? 'is' : 'are'
  const when = state === 'due' ? `due by ${date} (${counted(daysLeft, 'day')} left)` : `past ${date}`
  return [`${who}${place} ${is} ${when}`, ...useOf(statement)].join(', ')
}

/** `June 19`, `Google's announced September date`. */
function whenNamed(statement: Statement, asOf: Day): string {
  const { date, precision } = statement.deadline
  const day = precision === 'day' ? shortDay(date, asOf) : shortMonth(date, asOf)
  if (!isAnnounced(statement)) return day
  return `${statement.isMoved ? 'the' : "Google's"} announced ${day} date`
}

/** Never "none in use" where the traffic of a key is not known; of keys that nothing calls it goes without saying. */
function useOf({ rule, inUse, broken, unseen, state }: Statement): readonly string[] {
  const none = state === 'overdue' && unseen === 0 && !RULE_TABLE[rule].isUncalled ? ['none in use'] : []
  const use = inUse === 0 ? (broken === 0 ? none : []) : [`${inUse} in use`]
  return [...(broken === 0 ? [] : [`${broken} newly refused`]), ...use]
}

/** `3 unrestricted keys in 2 projects are past June 19, 2026 (in force)`. */
export function statementText(statement: Statement): string {
  const { rule, keys, projects } = statement
  const where = projects === 0 ? '' : ` in ${counted(projects, 'project')}`
  return `${countedRule(keys, rule)}${where} ${keys === 1 ? 'is' : 'are'} ${whenOf(statement)}`
}

function whenOf(statement: Statement): string {
  const { state, deadline, daysLeft } = statement
  const date = deadlineText(deadline)
  if (state === 'due') {
    const left = `${counted(daysLeft, 'day')} left`
    return isAnnounced(statement)
      ? `due by the announced date, ${date} (${left})`
      : `due by ${date} (${left})`
  }
  return isAnnounced(statement) ? `past the announced date, ${date}` : `past ${date} (in force)`
}

/** What the traffic since the deadline shows: `2 in use, 1 only refused`; or that it is not known. */
export function trafficOf({ traffic, keys }: Statement): string | undefined {
  if (traffic === undefined) return undefined
  if (traffic.unknown === keys) return 'traffic not known'
  const { newlyRefused = 0, inconclusive = 0 } = traffic
  const shares = [
    [newlyRefused, 'newly refused'],
    [traffic.accepted - newlyRefused, 'in use'],
    [traffic.onlyRefused, 'only refused'],
    [traffic.noCalls, 'without calls'],
    [inconclusive, 'inconclusive'],
    [traffic.unknown, 'not known'],
  ] as const
  return listed(shares.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`))
}
