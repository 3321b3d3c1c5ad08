import { weekday } from '../../calendar.js'
import type { Affected, RuleShare, Use } from '../../records/affected.js'
import type { KeyRecord } from '../../records/key-record.js'
import { isQuiet, type JudgedRunRecord } from '../../records/run-record.js'
import { countToLookAt } from '../hygiene-words.js'
import {
  NEWS_KINDS,
  type News,
  type NewsDeadline,
  type NewsKind,
  type NewsTotals,
  type Statement,
} from './statement.js'

/** What news are made of. */
export interface NewsFacts {
  readonly run: JudgedRunRecord
  readonly affected: Affected
}

/** The news of a run that judged keys. */
export function makeNews({ run, affected }: NewsFacts): News {
  const shares = affected.shares.flatMap((share) => withDeadline(share, run))
  const statements = [
    ...stopped(affected, shares),
    ...stoppedUnjudged(affected),
    ...authStopped(affected),
    ...inUse(affected, shares),
    ...newStandardKeys(run),
    ...sumOf('not-working', shares, 'stopped-earlier'),
    ...overdue('overdue-unused', shares, 'unused'),
    ...overdue('overdue-not-known', shares, 'not-known'),
    ...due(shares),
    ...none(run),
    ...unjudged(run, affected),
    ...fixed(run),
  ]
  return {
    isIncomplete: run.outcome === 'incomplete',
    isQuiet:
      isQuietDay(run) &&
      affected.shares.every(({ uses }) => uses.stopped === 0) &&
      affected.authStopped === 0,
    statements: statements.sort((one, other) => one.rank - other.rank),
    totals: totalsOf(run, shares),
    partition: shares.map(({ share, deadline }) => ({
      rule: share.rule,
      keys: share.keys,
      unrestricted: share.unrestricted,
      deadline,
    })),
  }
}

/** Whether one line is enough: nothing happened since the run before, and it is no Monday. */
function isQuietDay({ changes, asOf, asOfOverridden }: JudgedRunRecord): boolean {
  return isQuiet(changes) && asOfOverridden !== true && weekday(asOf) !== 'Monday'
}

/** Some affected keys and their deadline. */
interface Dated {
  readonly share: RuleShare
  readonly deadline: NewsDeadline
}

function withDeadline(share: RuleShare, { policy }: JudgedRunRecord): readonly Dated[] {
  const { rule, daysLeft } = share
  const { date, ...deadline } = policy.deadlines[rule]
  if (date === 'none') return []
  const isMoved = policy.overrides.some((override) => override.rule === rule && override.date === date)
  return [{ share, deadline: { ...deadline, rule, date, isMoved, daysLeft } }]
}

function statement(
  kind: NewsKind,
  keys: number,
  partOf: Statement['partOf'],
  more: Partial<Statement> = {},
): readonly Statement[] {
  if (keys === 0) return []
  return [{ kind, rank: NEWS_KINDS.indexOf(kind), keys, partOf, rules: [], numbers: {}, ...more }]
}

/** One statement on the keys of several shares with a use. */
function sumOf(
  kind: NewsKind,
  shares: readonly Dated[],
  use: Use,
  more: Partial<Statement> = {},
): readonly Statement[] {
  const rules = shares
    .map(({ share }) => ({ rule: share.rule, keys: share.uses[use] }))
    .filter(({ keys }) => keys > 0)
  return statement(kind, sum(rules.map(({ keys }) => keys)), 'affected', { rules, ...more })
}

function stopped({ largestStopped: largest }: Affected, shares: readonly Dated[]): readonly Statement[] {
  return sumOf('stopped', shares, 'stopped', isAffected(largest) ? { largest } : {})
}

function isAffected(record: KeyRecord | undefined): record is KeyRecord {
  return record !== undefined && record.verdict !== 'unknown'
}

function stoppedUnjudged({ unjudged: { uses } }: Affected): readonly Statement[] {
  return statement('stopped-unjudged', uses.stopped, 'again')
}

function authStopped({ authStopped: keys, largestAuthStopped: largest }: Affected): readonly Statement[] {
  return statement('auth-stopped', keys, 'auth', largest ? { largest } : {})
}

/** Announced dates each by itself: they differ in what is known of them. */
function inUse({ mostUsed: largest }: Affected, shares: readonly Dated[]): readonly Statement[] {
  const overdue = shares.filter(({ share }) => share.state === 'overdue')
  const most = largest === undefined ? {} : { largest }
  const inForce = overdue.filter(({ deadline }) => deadline.status === 'in-force')
  const announced = overdue.filter(({ deadline }) => deadline.status === 'announced')
  return [
    ...sumOf('in-use-in-force', inForce, 'in-use', { ...most, ...partlyFailing(inForce) }),
    ...announced.flatMap((dated) =>
      sumOf('in-use-announced', [dated], 'in-use', {
        ...most,
        ...partlyFailing([dated]),
        deadline: dated.deadline,
      }),
    ),
  ]
}

function partlyFailing(shares: readonly Dated[]): Partial<Statement> {
  const keys = sum(shares.map(({ share }) => share.partlyFailing))
  return keys === 0 ? {} : { numbers: { partlyFailing: keys } }
}

function newStandardKeys({ changes }: JudgedRunRecord): readonly Statement[] {
  return statement('new-standard', changes.newStandardKeys ?? 0, 'again')
}

function overdue(
  kind: NewsKind,
  shares: readonly Dated[],
  use: 'unused' | 'not-known',
): readonly Statement[] {
  const past = shares.filter(({ share }) => share.state === 'overdue')
  const usedEarlier = sum(past.map(({ share }) => share.usedEarlier))
  return sumOf(kind, past, use, use === 'unused' && usedEarlier > 0 ? { numbers: { usedEarlier } } : {})
}

/** Due keys, the next deadline first; those that do not work are counted where that is said. */
function due(shares: readonly Dated[]): readonly Statement[] {
  const ahead = shares.filter(({ share }) => share.state === 'due')
  return ahead
    .sort((one, other) => one.deadline.daysLeft - other.deadline.daysLeft)
    .flatMap(({ share, deadline }) => {
      const keys = dueKeys(share)
      const inUse = share.uses['in-use']
      const numbers = inUse === 0 ? {} : { inUse, ...partlyFailing([{ share, deadline }]).numbers }
      return statement('due', keys, 'affected', { rules: [{ rule: share.rule, keys }], numbers, deadline })
    })
}

function dueKeys({ uses }: RuleShare): number {
  return uses['in-use'] + uses.unused + uses['not-known']
}

function none({ counts }: JudgedRunRecord): readonly Statement[] {
  const { overdue, due, exempt, unknown } = counts.verdict
  if (overdue + due > 0) return []
  const numbers = { judged: counts.keys - unknown, ...(exempt === 0 ? {} : { exempt }) }
  return [{ ...only('none'), keys: 0, partOf: 'affected', numbers }]
}

function only(kind: NewsKind): Pick<Statement, 'kind' | 'rank' | 'rules'> {
  return { kind, rank: NEWS_KINDS.indexOf(kind), rules: [] }
}

function unjudged({ counts }: JudgedRunRecord, { unjudged }: Affected): readonly Statement[] {
  const { overdueIfStandard } = unjudged
  const numbers = overdueIfStandard === 0 ? {} : { overdueIfStandard }
  return statement('unjudged', counts.verdict.unknown, 'unjudged', { numbers })
}

function fixed({ changes }: JudgedRunRecord): readonly Statement[] {
  return statement('fixed', changes.fixed ?? 0, 'fixed')
}

function totalsOf({ counts }: JudgedRunRecord, shares: readonly Dated[]): NewsTotals {
  const overdue = shares.filter(({ share }) => share.state === 'overdue')
  const announced = overdue.filter(({ deadline }) => deadline.status === 'announced')
  const due = shares.filter(({ share }) => share.state === 'due')
  return {
    affected: sum(shares.map(({ share }) => share.keys)),
    stopped: usedIn(shares, 'stopped'),
    stoppedEarlier: usedIn(shares, 'stopped-earlier'),
    inUsePastDeadline: usedIn(overdue, 'in-use'),
    inUseAnnounced: usedIn(announced, 'in-use'),
    overdueUnused: usedIn(overdue, 'unused'),
    overdueNotKnown: usedIn(overdue, 'not-known'),
    due: sum(due.map(({ share }) => dueKeys(share))),
    dueInUse: usedIn(due, 'in-use'),
    dueNotKnown: usedIn(due, 'not-known'),
    unjudged: counts.verdict.unknown,
    exempt: counts.verdict.exempt,
    toLookAt: countToLookAt(counts),
  }
}

function usedIn(shares: readonly Dated[], use: Use): number {
  return sum(shares.map(({ share }) => share.uses[use]))
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
