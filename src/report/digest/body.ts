import { VERDICTS, type Verdict } from '../../model.js'
import { unexpected } from '../../records/gap-record.js'
import type { WaiverNotice } from '../../records/run-policy.js'
import { evidenceOf } from '../evidence.js'
import { list, type MessageBlock } from '../slack/message-blocks.js'
import { counted, listed, scopeText } from '../wording.js'
import { changeLines } from './change-words.js'
import type { DigestFacts } from './facts.js'
import { gapLines, wholeGap } from './gap-words.js'
import { actionText, changeText, ownerText, shortReason, titleOf, trafficText } from './key-words.js'
import { type Statement, statementsOf, statementText, trafficOf } from './statements.js'

/** How much is said: what fits five seconds, or whatever there is to say. */
export type Detail = 'brief' | 'whole'

/** The message below its first line, the most important parts first. */
export function bodyOf(facts: DigestFacts, detail: Detail = 'brief'): readonly MessageBlock[] {
  const { run, affected, gaps } = facts
  const statements = statementsOf(run, affected)
  const unread = unexpected(gaps)
  const notRead = list('Not read', detail === 'brief' ? gapLines(unread) : unread.map(wholeGap))
  const incomplete = run.outcome === 'incomplete'
  return [
    ...(incomplete ? notRead : []),
    ...list('Overdue', statements.filter(({ state }) => state === 'overdue').map(withTraffic)),
    ...list('Next', statements.filter(({ state }) => state === 'due').map(withTraffic)),
    ...list('Changed', changeLines(run)),
    ...worstKeys(facts),
    ...(detail === 'brief' ? [] : list('What the traffic shows', evidenceOf(run))),
    ...list('Coverage', coverageLines(facts)),
    ...(incomplete ? [] : notRead),
    ...list(
      'The policy wants a look',
      (run.policy.notices ?? []).map((notice) => noticeLine(notice, run)),
    ),
    ...holdingList(run, detail),
    { kind: 'small', text: originOf(facts) },
  ]
}

function withTraffic(statement: Statement): string {
  const traffic = trafficOf(statement) ?? useText(statement)
  return traffic === undefined ? statementText(statement) : `${statementText(statement)}: ${traffic}`
}

/** Where nothing is counted since a deadline: what is in use now. */
function useText({ inUse, broken }: Statement): string | undefined {
  const shares = [
    ...(broken === 0 ? [] : [`${broken} newly refused`]),
    ...(inUse === 0 ? [] : [`${inUse} in use`]),
  ]
  return shares.length === 0 ? undefined : listed(shares)
}

function worstKeys({ affected }: DigestFacts): readonly MessageBlock[] {
  if (affected.count === 0) return []
  return [
    {
      kind: 'table',
      title: 'Most urgent',
      head: ['Key', 'Project', 'Owner', 'Why', 'Traffic', 'What to do'],
      rows: affected.worst.map((record) => [
        titleOf(record),
        record.key.project.id,
        ownerText(record),
        `${changeText(record)}${shortReason(record)}`,
        trafficText(record),
        actionText(record),
      ]),
      more: affected.count - affected.worst.length,
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

function coverageLines({ run, gaps, affected }: DigestFacts): readonly string[] {
  const { coverage, counts, policy } = run
  const others = verdictsLine(counts.verdict, NOT_BY_RULE)
  const known = gaps.filter((gap) => gap.known)
  const excluded = Object.values(coverage.excluded.verdict).reduce((sum, count) => sum + count, 0)
  return [
    `${counted(counts.keys, 'key')} in ${counted(coverage.projects, 'project')}${others && `: ${others}`}`,
    affected.ownerless === 0
      ? ''
      : `Owner unknown: ${affected.ownerless} of ${counted(affected.count, 'affected key')}`,
    coverage.inactive === 0 ? '' : `${counted(coverage.inactive, 'key')} of inactive projects not judged`,
    coverage.excluded.projects === 0
      ? ''
      : `${counted(coverage.excluded.projects, 'project')} with ${counted(excluded, 'key')} excluded by the policy`,
    ...(policy.exclusions ?? []).map(
      ({ subject, reason, approvedBy, until }) =>
        `Excluded until ${until}: ${subject} (${reason}; approved by ${approvedBy})`,
    ),
    ...gapLines(known).map((line) => `Known gap: ${line}`),
    ...(coverage.reading ?? []),
  ].filter((line) => line !== '')
}

const STATES: Readonly<Record<WaiverNotice['state'], string>> = {
  holding: 'holds',
  ended: 'has run out',
  endingSoon: 'ends soon',
  unmatched: 'matches nothing',
}

/** Waivers that hold and are named in five seconds. */
const HOLDING = 5

/** Moved deadlines, which concern the most keys, then what ends first. Exclusions are told with the coverage. */
function holdingList(run: DigestFacts['run'], detail: Detail): readonly MessageBlock[] {
  const holding = [...(run.policy.holding ?? [])].sort((one, other) =>
    byWeight(one) < byWeight(other) ? -1 : 1,
  )
  const lines = holding.map((notice) => noticeLine(notice, run))
  const named = detail === 'brief' ? HOLDING : lines.length
  return list('Waived by the policy', lines.slice(0, named)).map((part) => ({
    ...part,
    more: Math.max(0, lines.length - named),
    elsewhere: 'in the run record',
  }))
}

function byWeight({ kind, until, subject }: WaiverNotice): string {
  return JSON.stringify([kind !== 'deadline', until ?? '9999', subject, kind])
}

function noticeLine(notice: WaiverNotice, run: DigestFacts['run']): string {
  const { kind, state, subject, until, reason, approvedBy } = notice
  const end = until === undefined ? '' : ` (until ${until})`
  const what = kind === 'deadline' ? movedDeadline(subject, run) : `${kind.replace('-', ' ')} for ${subject}`
  return `${what} ${STATES[state]}${end}: ${reason}; approved by ${approvedBy}`
}

/** What the policy has made of a rule's deadline: moved it, or switched the rule off. */
function movedDeadline(rule: string, { policy }: DigestFacts['run']): string {
  const moved = policy.overrides.find((override) => override.rule === rule)
  if (moved === undefined) return `deadline for ${rule}`
  return moved.date === 'none' ? `switch-off of ${rule}` : `deadline for ${rule} moved to ${moved.date}`
}

function originOf({ run, policy, part }: DigestFacts): string {
  const judged = run.asOfOverridden ? `judged by ${run.asOf}, not by its own day` : `judged by ${run.asOf}`
  const contact = policy.contact === undefined ? [] : [`questions: ${policy.contact}`]
  return [
    ...(part === undefined ? [] : [`keys of ${part}`]),
    scopeText(run.scope),
    `audit ${run.audit}`,
    `run ${run.run}`,
    judged,
    `${run.tool.name} ${run.tool.version}`,
    ...contact,
  ].join(' · ')
}
