import { dayOf, monthDay } from '../../calendar.js'
import { type Advice, adviceText } from '../../errors.js'
import type { Day, Instant } from '../../model.js'
import type { AssetChangeKind } from '../../policy/asset-change.js'
import type { Policy } from '../../policy/policy.js'
import type { KeyRecord, RecordedProject } from '../../records/key-record.js'
import { byUrgency } from '../../records/urgency.js'
import { keyBlocks, keySentence } from '../digest/thread.js'
import { ACCOUNT_WAY_WORDS } from '../glossary.js'
import { actionText, matterText, ownerText, titleOf, trafficText } from '../key-words.js'
import { type SlackMessage, slackMessage } from '../slack/message.js'
import type { MessageBlock, Table } from '../slack/message-blocks.js'
import { counted, listed, sentenceCase } from '../wording.js'

/** A change that is reported, with the keys of it that ask for something. */
export interface ReportedChange {
  readonly kind: AssetChangeKind
  readonly at: Instant
  readonly project: RecordedProject
  readonly keys: readonly KeyRecord[]
}

interface EventMessage {
  readonly message: SlackMessage
  readonly thread: readonly SlackMessage[]
}

/** A key with the change by which it is reported. */
interface ReportedKey {
  readonly record: KeyRecord
  readonly change: ReportedChange
}

/** Rows of a table, and keys of a thread. */
const MOST = 10

/**
 * One message on all changes that came together: of one key all that there is to say, of several a table, and the
 * steps for each in the thread.
 */
export function eventMessage(
  changes: readonly ReportedChange[],
  { policy, asOf }: { readonly policy: Pick<Policy, 'owners'>; readonly asOf: Day },
): EventMessage {
  const keys = reportedKeys(changes)
  const headline = headlineOf(changes, keys)
  const end: MessageBlock = { kind: 'small', text: originText(changes, asOf) }
  const [first, ...others] = keys
  if (first === undefined)
    return { message: slackMessage(headline, [headlineBlock(headline), end]), thread: [] }
  if (others.length === 0) {
    const { record } = first
    const blocks = [headlineBlock(headline), ...keyBlocks(record, mentionOf(record, policy)), end]
    return { message: slackMessage(`${headline}. ${keySentence(record)}`, blocks), thread: [] }
  }
  const said = `${headline}. Most urgent: ${keySentence(first.record)}`
  return {
    message: slackMessage(said, [headlineBlock(headline), tableOf(keys, asOf), end]),
    thread: keys
      .slice(0, MOST)
      .map(({ record }) => slackMessage(keySentence(record), keyBlocks(record, mentionOf(record, policy)))),
  }
}

/** That messages of the feed cannot be read: once for many. */
export function unreadableMessage({
  why,
  advice,
}: {
  readonly why: string
  readonly advice: Advice
}): SlackMessage {
  const headline = 'A message of the asset feed could not be read'
  const { say, command } = advice
  return slackMessage(`${headline}: ${why}. To do: ${adviceText(advice)}.`, [
    headlineBlock(headline),
    { kind: 'paragraph', text: `${sentenceCase(why)}.` },
    { kind: 'step', say: `${sentenceCase(say)}.`, ...(command !== undefined && { command }) },
    { kind: 'small', text: `Further ones of today are recorded and not posted. ${DAILY}` },
  ])
}

function headlineBlock(text: string): MessageBlock {
  return { kind: 'headline', text }
}

/** Each key once, by the first change that names it, the most urgent one first. */
function reportedKeys(changes: readonly ReportedChange[]): readonly ReportedKey[] {
  const keys = new Map<string, ReportedKey>()
  for (const change of inOrder(changes)) {
    for (const record of change.keys) {
      if (!keys.has(record.key.name)) keys.set(record.key.name, { record, change })
    }
  }
  return [...keys.values()].sort((one, other) => byUrgency(one.record, other.record))
}

/** A key's own change says more of it than that of its project. */
function inOrder(changes: readonly ReportedChange[]): readonly ReportedChange[] {
  const isWide = ({ kind }: ReportedChange) => Number(kind === 'gemini-enabled')
  return [...changes].sort((one, other) => isWide(one) - isWide(other) || (one.at < other.at ? -1 : 1))
}

function headlineOf(changes: readonly ReportedChange[], keys: readonly ReportedKey[]): string {
  const [only] = keys
  if (only !== undefined && keys.length === 1) return ONE_KEY[only.change.kind](only.record)
  const statements = STATEMENTS.flatMap(({ kind, say }) => {
    const its = keys.filter(({ change }) => change.kind === kind)
    const projects = new Set(its.map(({ change }) => change.project.id))
    return its.length === 0 ? [] : [say(its.length, [...projects])]
  })
  return statements.length === 0
    ? `${counted(changes.length, 'change')} of keys`
    : sentenceCase(statements.join('; '))
}

/** What happened to a single key. */
const ONE_KEY: Readonly<Record<AssetChangeKind, (record: KeyRecord) => string>> = {
  'gemini-enabled': (record) =>
    `Gemini API switched on in ${record.key.project.id} over ${titleOf(record)}, ${matterText(record)}`,
  'key-made': (record) => `New key in ${record.key.project.id}: ${titleOf(record)}, ${matterText(record)}`,
  'restriction-removed': ({ key }) =>
    `API restriction removed: ${titleOf({ key })} in ${key.project.id} may now call any API`,
  'gemini-allowed': ({ key }) => `${titleOf({ key })} in ${key.project.id} may now call the Gemini API`,
  'key-changed': (record) =>
    `Key changed in ${record.key.project.id}: ${titleOf(record)}, ${matterText(record)}`,
}

interface Statement {
  readonly kind: AssetChangeKind
  readonly say: (keys: number, projects: readonly string[]) => string
}

/** The worst first. */
const STATEMENTS: readonly Statement[] = [
  {
    kind: 'gemini-enabled',
    say: (keys, projects) =>
      `Gemini API switched on in ${projectsText(projects)} over ${counted(keys, 'key')}`,
  },
  {
    kind: 'restriction-removed',
    say: (keys, projects) =>
      `API restriction removed from ${counted(keys, 'key')} in ${projectsText(projects)}`,
  },
  {
    kind: 'key-changed',
    say: (keys, projects) =>
      `${counted(keys, 'changed key')} without API restriction in ${projectsText(projects)}`,
  },
  {
    kind: 'gemini-allowed',
    say: (keys, projects) =>
      `${counted(keys, 'key')} may now call the Gemini API in ${projectsText(projects)}`,
  },
  {
    kind: 'key-made',
    say: (keys, projects) => `${counted(keys, 'new key')} in ${projectsText(projects)}`,
  },
]

const NAMED_PROJECTS = 2

function projectsText(projects: readonly string[]): string {
  return projects.length <= NAMED_PROJECTS ? listed(projects) : counted(projects.length, 'project')
}

/** What happened to a key, in a cell. */
const CELL: Readonly<Record<AssetChangeKind, string>> = {
  'gemini-enabled': 'Gemini API switched on',
  'key-made': 'New key',
  'restriction-removed': 'API restriction removed',
  'gemini-allowed': 'Gemini API allowed',
  'key-changed': 'Changed',
}

function tableOf(keys: readonly ReportedKey[], asOf: Day): Table {
  const rows = keys
    .slice(0, MOST)
    .map(({ record, change }) => [
      titleOf(record),
      `${record.key.project.id}, ${ownerText(record)}`,
      `${CELL[change.kind]} ${momentText(change.at, asOf)}; ${matterText(record)}; ${trafficText(record)}`,
      todoText(record),
    ])
  return {
    kind: 'table',
    title: 'What to do, step by step, is in the thread',
    head: ['Key', 'Project, owner', 'What happened', 'To do'],
    rows,
    more: keys.length - rows.length,
    elsewhere: 'in the records',
  }
}

/** What a run asks of a key only once the Gemini API is on is said here before that. */
function todoText(record: KeyRecord): string {
  const isOpen = record.verdict === 'latent' && record.key.apiRestriction === 'none'
  return isOpen ? ACCOUNT_WAY_WORDS['restrict-before-use'] : actionText(record)
}

/** Who is called: the owner, by whom something was just changed. */
function mentionOf({ key }: KeyRecord, { owners }: Pick<Policy, 'owners'>): { mention?: string } {
  const mention = key.project.owner === undefined ? undefined : owners.slack.get(key.project.owner)
  return mention === undefined ? {} : { mention }
}

/** When it happened, and what this message is not. */
function originText(changes: readonly ReportedChange[], asOf: Day): string {
  const times = changes.map(({ at }) => at).sort()
  const [first] = times
  const last = times.at(-1)
  if (first === undefined || last === undefined) return DAILY
  const span = [...new Set([momentText(first, asOf), momentText(last, asOf)])].join(' to ')
  return `Changed ${span} UTC, judged by what Google shows now. ${DAILY}`
}

const DAILY = 'The daily digest counts all keys.'

/** `07:00`, or `Nov 22 07:00` on another day. */
function momentText(at: Instant, asOf: Day): string {
  const day = dayOf(at, 'UTC')
  return `${day === asOf ? '' : `${monthDay(day, asOf)} `}${at.slice(11, 16)}`
}
