import type { Rule } from '../../model.js'
import { RULES } from '../../model.js'
import type { EnforcementCounts } from '../enforcement.js'
import { openFindings } from '../findings.js'
import type { KeyRecord } from '../key-record.js'
import type { RunDeadline } from '../run-policy.js'
import type { JudgedRunRecord } from '../run-record.js'
import { counted, countedRule, deadlineText, listed } from '../wording.js'

/** What one rule asks of some keys: never added to what another says, since they differ in what is known. */
export interface Statement {
  readonly rule: Rule
  readonly state: 'overdue' | 'due'
  readonly keys: number
  readonly projects: number
  readonly deadline: RunDeadline & { readonly date: Exclude<RunDeadline['date'], 'none'> }
  readonly daysLeft: number
  readonly traffic?: EnforcementCounts
}

/** What every rule says of the run: overdue before due, in force before announced. */
export function statementsOf(run: JudgedRunRecord, affected: readonly KeyRecord[]): readonly Statement[] {
  const states = ['overdue', 'due'] as const
  return states.flatMap((state) =>
    RULES.flatMap((rule) => statement(run, affected, rule, state)).sort(
      (one, other) => Number(isAnnounced(one)) - Number(isAnnounced(other)),
    ),
  )
}

function statement(
  run: JudgedRunRecord,
  affected: readonly KeyRecord[],
  rule: Rule,
  state: 'overdue' | 'due',
): readonly Statement[] {
  const keys = run.counts.rule[rule][state]
  const { date, ...deadline } = run.policy.deadlines[rule]
  if (keys === 0 || date === 'none') return []
  const found = affected.flatMap((record) =>
    openFindings(record)
      .filter((finding) => finding.rule === rule && finding.state === state)
      .map(({ daysLeft }) => ({ daysLeft, project: record.key.project.number })),
  )
  const traffic = run.enforcement[rule]
  return [
    {
      rule,
      state,
      keys,
      projects: new Set(found.map(({ project }) => project)).size,
      deadline: { ...deadline, date },
      daysLeft: found[0]?.daysLeft ?? 0,
      ...(state === 'due' || traffic === undefined ? {} : { traffic }),
    },
  ]
}

/** Whether Google has announced the deadline without having been seen to carry it out. */
export function isAnnounced({ deadline }: Statement): boolean {
  return deadline.status === 'announced'
}

/** `3 unrestricted keys past June 19, 2026 (in force)`. */
export function shortOf(statement: Statement): string {
  return `${countedRule(statement.keys, statement.rule)} ${whenOf(statement)}`
}

/** `3 unrestricted keys in 2 projects are past June 19, 2026 (in force)`. */
export function saidOf(statement: Statement): string {
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
