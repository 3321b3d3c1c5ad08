import { VERDICTS, type Verdict } from '../../model.js'
import { evidenceOf } from '../evidence.js'
import { type GapRecord, unexpected } from '../gap-record.js'
import type { WaiverNotice } from '../run-policy.js'
import type { JudgedRunRecord } from '../run-record.js'
import { list, type Part } from '../slack/parts.js'
import { counted, scopeText } from '../wording.js'
import { changeLines } from './change-words.js'
import type { DigestFacts } from './facts.js'
import { gapLine } from './gap-words.js'
import { actionText, ownerText, reasonText, titleOf } from './key-words.js'
import { type Statement, saidOf, statementsOf, trafficOf } from './statements.js'

/** Keys in the digest's table; the thread and its file have the rest. */
const WORST = 10

/** The message below its first line, the most important parts first; `gapText` says a gap in one line. */
export function bodyOf(facts: DigestFacts, gapText: (gap: GapRecord) => string = gapLine): readonly Part[] {
  const { run, affected, gaps } = facts
  const statements = statementsOf(run, affected)
  const notRead = list('Not read', unexpected(gaps).map(gapText))
  const incomplete = run.outcome === 'incomplete'
  return [
    ...(incomplete ? notRead : []),
    ...list('Overdue', statements.filter(({ state }) => state === 'overdue').map(withTraffic)),
    ...list('Next', statements.filter(({ state }) => state === 'due').map(saidOf)),
    ...list('Changed', changeLines(run)),
    ...worstKeys(facts),
    ...list('What the traffic shows', evidenceOf(run)),
    ...list('Coverage', coverageLines(run, gaps)),
    ...(incomplete ? [] : notRead),
    ...list('The policy wants a look', (run.policy.notices ?? []).map(noticeLine)),
    { kind: 'small', text: originOf(facts) },
  ]
}

function withTraffic(statement: Statement): string {
  const traffic = trafficOf(statement)
  return traffic === undefined ? saidOf(statement) : `${saidOf(statement)}: ${traffic}`
}

function worstKeys({ affected }: DigestFacts): readonly Part[] {
  if (affected.length === 0) return []
  return [
    {
      kind: 'table',
      title: 'Most urgent',
      head: ['Key', 'Project', 'Owner', 'Why', 'What to do'],
      rows: affected
        .slice(0, WORST)
        .map((record) => [
          titleOf(record),
          record.key.project.id,
          ownerText(record),
          reasonText(record),
          actionText(record),
        ]),
      more: Math.max(0, affected.length - WORST),
    },
  ]
}

const SAID: Readonly<Record<Verdict, string>> = {
  overdue: 'overdue',
  due: 'due',
  unknown: 'could not be judged',
  exempt: 'exempt',
  latent: 'latent (the Gemini API is off)',
  compliant: 'compliant',
  'not-affected': 'not affected',
  deleted: 'deleted (not counted)',
}

/** `4 compliant, 10 not affected`. Overdue and due keys are told by rule, never as one number. */
function verdictsLine(counts: Partial<Record<Verdict, number>>, told: readonly Verdict[]): string {
  return told
    .filter((verdict) => (counts[verdict] ?? 0) > 0)
    .map((verdict) => `${counts[verdict]} ${SAID[verdict]}`)
    .join(', ')
}

const NOT_BY_RULE = VERDICTS.filter((verdict) => verdict !== 'overdue' && verdict !== 'due')

function coverageLines(run: JudgedRunRecord, gaps: readonly GapRecord[]): readonly string[] {
  const { coverage, counts, policy } = run
  const others = verdictsLine(counts.verdict, NOT_BY_RULE)
  const known = gaps.filter((gap) => gap.known)
  const excluded = Object.values(coverage.excluded.verdict).reduce((sum, count) => sum + count, 0)
  return [
    `${counted(counts.keys, 'key')} in ${counted(coverage.projects, 'project')}${others && `: ${others}`}`,
    coverage.inactive === 0 ? '' : `${counted(coverage.inactive, 'key')} of inactive projects not judged`,
    coverage.excluded.projects === 0
      ? ''
      : `${counted(coverage.excluded.projects, 'project')} with ${counted(excluded, 'key')} excluded by the policy`,
    ...(policy.exclusions ?? []).map(
      ({ subject, reason, approvedBy, until }) =>
        `Excluded until ${until}: ${subject} (${reason}; approved by ${approvedBy})`,
    ),
    ...known.map((gap) => `Known gap: ${gapLine(gap)}`),
    ...(coverage.reading ?? []),
  ].filter((line) => line !== '')
}

const STATES: Readonly<Record<WaiverNotice['state'], string>> = {
  ended: 'has run out',
  endingSoon: 'ends soon',
  unmatched: 'matches nothing',
}

function noticeLine({ kind, state, subject, until, reason, approvedBy }: WaiverNotice): string {
  const end = until === undefined ? '' : ` (until ${until})`
  return `${kind.replace('-', ' ')} for ${subject} ${STATES[state]}${end}: ${reason}; approved by ${approvedBy}`
}

function originOf({ run, policy }: DigestFacts): string {
  const judged = run.asOfOverridden ? `judged by ${run.asOf}, not by its own day` : `judged by ${run.asOf}`
  const contact = policy.contact === undefined ? [] : [`questions: ${policy.contact}`]
  return [
    scopeText(run.scope),
    `audit ${run.audit}`,
    `run ${run.run}`,
    judged,
    `${run.tool.name} ${run.tool.version}`,
    ...contact,
  ].join(' · ')
}
