import { dayOf, monthDay } from '../../calendar.js'
import type { Verdict } from '../../model.js'
import { VERDICTS } from '../../model.js'
import { useOf } from '../../records/affected.js'
import { unexpected } from '../../records/gap-record.js'
import type { KeyRecord } from '../../records/key-record.js'
import type { WaiverNotice } from '../../records/run-policy.js'
import type { JudgedRunRecord } from '../../records/run-record.js'
import { evidenceOf } from '../evidence.js'
import { gapLine, unreadText, wholeGap } from '../gap-words.js'
import { VERDICT_COUNTS, WAIVER_STATES, WAIVER_WORDS } from '../glossary.js'
import { hygieneText } from '../hygiene-words.js'
import { actionText, changeText, matterText, ownerText, titleOf, trafficText } from '../key-words.js'
import { statementText } from '../news/headline.js'
import type { News } from '../news/statement.js'
import { changesText, partitionText, stakesText, tilesOf } from '../news/summary.js'
import { list, type MessageBlock, type Table } from '../slack/message-blocks.js'
import { amount, counted, scopeText, sentenceCase } from '../wording.js'
import type { DigestFacts } from './digest-facts.js'

/** The message below its first line, the most important parts first. */
export function bodyOf(facts: DigestFacts, news: News): readonly MessageBlock[] {
  const { run, affected, links = [] } = facts
  return [
    ...archiveBlocks(run),
    ...paragraph(stakesText(news, run)),
    ...tilesBlock(news),
    ...paragraph(partitionText(news, run.asOf)),
    ...paragraph(changesText(news, run)),
    ...(affected.count === 0 ? [] : [keysTable(affected.worst, affected.count - affected.worst.length)]),
    ...paragraph(hygieneText(run)),
    ...attentionList(run),
    ...coverageBlocks(facts),
    { kind: 'links', links },
  ]
}

/** What a terminal says above its table: each statement of the news, then what stands behind it. */
export function newsBlocks({ run }: DigestFacts, news: News): readonly MessageBlock[] {
  const statements = news.statements.map((statement) => statementText(statement, news, run, true))
  const more = [partitionText(news, run.asOf), changesText(news, run), hygieneText(run)].filter(
    (text) => text !== undefined,
  )
  return [
    ...archiveBlocks(run),
    ...(statements.length === 1 && !news.isQuiet ? [] : list('News', statements)),
    ...paragraph(stakesText(news, run)),
    ...more.flatMap(paragraph),
  ]
}

/** What a terminal says below its table: all of it, since there is no thread. */
export function wholeBody(facts: DigestFacts): readonly MessageBlock[] {
  const { run, gaps } = facts
  return [
    ...list('What the traffic shows', evidenceOf(run)),
    ...attentionList(run),
    ...exceptionsList(facts),
    ...list('Could not be read', unexpected(gaps).map(wholeGap)),
    ...paragraph(coverageText(facts)),
    ...readingList(run),
  ]
}

function paragraph(text: string | undefined): readonly MessageBlock[] {
  return text === undefined ? [] : [{ kind: 'paragraph', text }]
}

/** What is wrong with the archive comes first: all that is compared hangs on it. */
export function archiveBlocks({ coverage }: JudgedRunRecord): readonly MessageBlock[] {
  return list('The archive needs attention', coverage.archive ?? [])
}

function tilesBlock(news: News): readonly MessageBlock[] {
  // What else is to be looked at has a line of its own.
  const tiles = tilesOf(news)
    .filter(({ name }) => name !== 'toLookAt')
    .map(({ label, count, note }) => ({
      label,
      value: note === undefined ? amount(count) : `${amount(count)} (${note})`,
    }))
  return [{ kind: 'tiles', tiles }]
}

/** A coloured mark and a word: never colour alone. */
const MARKS = {
  stopped: '🔴',
  'stopped-earlier': '🔴',
  'in-use': '🟠',
  unused: '🟡',
  'not-known': '🟡',
} as const

/** The key's news in a cell: what happened to it, and what is wrong with it. */
function happenedText(record: KeyRecord, saidAbove: string | undefined): string {
  const change = changeText(record)
  const matter = matterText(record)
  const said = [
    ...(change === undefined ? [] : [change]),
    trafficText(record),
    ...(matter === saidAbove ? [] : [matter]),
  ]
  return sentenceCase(said.join('; '))
}

function markOf(record: KeyRecord): string {
  if (record.verdict === 'unknown') return '⚪'
  return record.verdict === 'due' && useOf(record) !== 'stopped' ? '🔵' : MARKS[useOf(record)]
}

/** The keys; what is the same for all of them is said once, above them. */
function keysTable(records: readonly KeyRecord[], more: number): Table {
  const matter = sameFor(records, matterText)
  const action = sameFor(records, actionText)
  const said = [
    ...(matter === undefined ? [] : [`each: ${matter}`]),
    ...(action === undefined ? [] : [`to do for each: ${action}`]),
  ]
  return {
    kind: 'table',
    title: ['Most urgent', ...said].join(', '),
    head: ['Key', 'Project, owner', 'What happened', ...(action === undefined ? ['To do'] : [])],
    rows: records.map((record) => [
      titleOf(record),
      `${record.key.project.id}, ${ownerText(record)}`,
      `${markOf(record)} ${happenedText(record, matter)}`,
      ...(action === undefined ? [actionText(record)] : []),
    ]),
    more,
    elsewhere: 'in the CSV file of the thread',
  }
}

/** What is the same for all of several keys. */
function sameFor(records: readonly KeyRecord[], textOf: (record: KeyRecord) => string): string | undefined {
  const texts = new Set(records.map(textOf))
  return records.length > 1 && texts.size === 1 ? [...texts][0] : undefined
}

/** Lines of the policy that ran out, end soon, or match nothing. */
export function attentionList(run: JudgedRunRecord): readonly MessageBlock[] {
  const lines = (run.policy.notices ?? []).map((notice) => noticeLine(notice, run))
  return list('The policy needs attention', lines)
}

/** Exceptions of the policy, those that concern the most keys first, then what ends first. */
export function exceptionsList({ run, gaps }: DigestFacts): readonly MessageBlock[] {
  const holding = [...(run.policy.holding ?? [])].sort((one, other) =>
    byWeight(one) < byWeight(other) ? -1 : 1,
  )
  return list('Exceptions in force', [
    ...(run.policy.exclusions ?? []).map(
      ({ subject, reason, approvedBy, until }) =>
        `exclusion of ${subject}, until ${until}: ${reason}; approved by ${approvedBy}`,
    ),
    ...holding.map((notice) => noticeLine(notice, run)),
    ...gaps.filter((gap) => gap.known).map((gap) => `known gap: ${gapLine(gap)}`),
  ])
}

function byWeight({ kind, until, subject }: WaiverNotice): string {
  return JSON.stringify([kind !== 'deadline', until ?? '9999', subject, kind])
}

function noticeLine(notice: WaiverNotice, run: JudgedRunRecord): string {
  const { kind, state, subject, until, reason, approvedBy } = notice
  const end = until === undefined ? '' : ` (until ${until})`
  const what = kind === 'deadline' ? movedDeadline(subject, run) : `${WAIVER_WORDS[kind]} for ${subject}`
  const how = state === 'holding' ? '' : ` ${WAIVER_STATES[state]}`
  return `${what}${how}${end}: ${reason}; approved by ${approvedBy}`
}

/** What the policy has made of a rule's deadline: moved it, or switched the rule off. */
function movedDeadline(rule: string, { policy }: JudgedRunRecord): string {
  const moved = policy.overrides.find((override) => override.rule === rule)
  if (moved === undefined) return `deadline for ${rule}`
  return moved.date === 'none' ? `switch-off of ${rule}` : `deadline for ${rule} moved to ${moved.date}`
}

/** What was not read, then what was, in a line each. */
function coverageBlocks(facts: DigestFacts): readonly MessageBlock[] {
  const { run, gaps, part } = facts
  const unread = unexpected(gaps)
  const help = part === undefined ? ' How to fix it is in the thread.' : ''
  return [
    ...(unread.length === 0 ? [] : paragraph(`Could not read: ${unreadText(unread)}.${help}`)),
    ...paragraph(coverageText(facts)),
    ...readingList(run),
  ]
}

/** How the organization was read, where that was not the usual way. */
export function readingList({ coverage }: JudgedRunRecord): readonly MessageBlock[] {
  return list('How the organization was read', coverage.reading ?? [])
}

const NOT_AFFECTED = VERDICTS.filter((verdict) => !['overdue', 'due', 'unknown', 'exempt'].includes(verdict))

/** `20 keys in 20 projects: 4 auth keys, 10 that cannot reach Gemini. 3 exceptions in force.` */
export function coverageText({ run, affected }: DigestFacts): string {
  const { coverage, counts, policy } = run
  const others = NOT_AFFECTED.filter((verdict) => counts.verdict[verdict] > 0)
    .map((verdict) => verdictText(verdict, counts.verdict[verdict]))
    .join(', ')
  const excluded = Object.values(coverage.excluded.verdict).reduce((sum, count) => sum + count, 0)
  const exceptions = (policy.exclusions ?? []).length + (policy.holding ?? []).length
  const said = [
    `${counted(counts.keys, 'key')} in ${counted(coverage.projects, 'project')}${others && `: ${others}`}`,
    ...(coverage.inactive === 0
      ? []
      : [`${counted(coverage.inactive, 'key')} of inactive projects not judged`]),
    ...(coverage.excluded.projects === 0
      ? []
      : [`${counted(coverage.excluded.projects, 'project')} with ${counted(excluded, 'key')} excluded`]),
    ...(affected.ownerless === 0
      ? []
      : [`owner unknown for ${amount(affected.ownerless)} of ${counted(affected.count, 'key')}`]),
    ...(exceptions === 0 ? [] : [`${counted(exceptions, 'exception')} in force`]),
    ...listingText(run),
  ]
  return `${said.map(sentenceCase).join('. ')}.`
}

/** How old what is known of projects and keys may be: "nothing is overdue" must not sound fresher than it is. */
function listingText({ coverage: { listing }, asOf }: JudgedRunRecord): readonly string[] {
  if (listing === undefined) return []
  const shown = `${monthDay(dayOf(listing.readAt, 'UTC'), asOf)} ${listing.readAt.slice(11, 16)} UTC`
  return [`as the inventory showed it on ${shown}; changes of the last hours may be missing`]
}

function verdictText(verdict: Verdict, count: number): string {
  const { one, many } = VERDICT_COUNTS[verdict]
  return `${amount(count)} ${count === 1 ? one : many}`
}

/** Which run this is: at the end of all that is said. */
export function originOf({ run, policy, part }: DigestFacts): readonly string[] {
  return [
    ...(part === undefined ? [] : [`keys of ${part}`]),
    scopeText(run.scope),
    `audit ${run.audit}`,
    ...(run.asOfOverridden ? [`judged by ${run.asOf}, not by its own day`] : []),
    ...(policy.contact === undefined ? [] : [`questions: ${policy.contact}`]),
    `${run.tool.name} ${run.tool.version}`,
  ]
}
