import type { Step } from '../../policy/judgement-types.js'
import { keyPage } from '../../policy/remedies/pages.js'
import { type Affected, isChanged, MOST_NAMED } from '../../records/affected.js'
import { openHygiene } from '../../records/findings.js'
import { unexpected } from '../../records/gap-record.js'
import type { Change, KeyRecord } from '../../records/key-record.js'
import { evidenceOf } from '../evidence.js'
import { unreadText, wholeGap } from '../gap-words.js'
import {
  actionText,
  callsText,
  changeText,
  matterText,
  ownerText,
  possibilities,
  possibilityText,
  titleOf,
  trafficText,
} from '../key-words.js'
import type { News } from '../news/statement.js'
import { type SlackMessage, slackMessage } from '../slack/message.js'
import { list, type MessageBlock } from '../slack/message-blocks.js'
import { counted } from '../wording.js'
import { exceptionsList } from './body.js'
import type { DigestFacts } from './digest-facts.js'

/** Changes that concern a key's owner anew. */
const CALLING: readonly Change[] = ['new', 'worse']

/**
 * The replies under the digest: the keys, changed ones first, each with what to do; then what was not read,
 * what the traffic shows, and what of the policy is in force. On a quiet day only what was not read, and only if
 * it matters.
 */
export function threadOf(facts: DigestFacts, news: News): readonly SlackMessage[] {
  const { affected } = facts
  if (news.isQuiet) return news.isIncomplete ? gapsMessage(facts) : []
  const more = [...gapsMessage(facts), ...evidenceMessage(facts), ...exceptionsMessage(facts)]
  const room = MOST_NAMED - more.length
  const keys = changedFirst(affected).slice(0, affected.count <= room ? room : room - 1)
  const rest = affected.count - keys.length
  return [
    ...keys.map((record) => keyMessage(record, facts)),
    ...more,
    ...(rest === 0 ? [] : [restMessage(rest)]),
  ]
}

/** As many as a message has room for: the changed ones are among the worst only if they are so themselves. */
function changedFirst({ worst, changed }: Affected): readonly KeyRecord[] {
  return [...changed, ...worst.filter((record) => !isChanged(record))]
}

function evidenceMessage({ run }: DigestFacts): readonly SlackMessage[] {
  const evidence = evidenceOf(run)
  return evidence.length === 0
    ? []
    : [slackMessage(evidence.join(' '), list('What the traffic shows', evidence))]
}

function exceptionsMessage(facts: DigestFacts): readonly SlackMessage[] {
  const blocks = exceptionsList(facts)
  return blocks.length === 0 ? [] : [slackMessage('Exceptions of the policy that are in force.', blocks)]
}

/** Readers of a part of the keys cannot grant what the auditor needs. */
function gapsMessage({ gaps, part }: DigestFacts): readonly SlackMessage[] {
  const unread = unexpected(gaps)
  if (unread.length === 0 || part !== undefined) return []
  return [
    slackMessage(
      `Could not read: ${unreadText(unread)}.`,
      list('What could not be read, why, and how to fix it', unread.map(wholeGap)),
    ),
  ]
}

function keyMessage(record: KeyRecord, { policy }: DigestFacts): SlackMessage {
  return slackMessage(keySentence(record), keyBlocks(record, mentionOf(record, policy)))
}

/** A key and what to do about it, as a sentence. */
export function keySentence(record: KeyRecord): string {
  const isNothing = record.remedy.action === 'none' && openHygiene(record).length === 0
  const todo = isNothing ? '' : ` To do: ${actionText(record)}.`
  return `${keyTitle(record)}, ${trafficText(record)}.${todo}`
}

/** A key, its owner and what is wrong with it, in a few words. */
function keyTitle(record: KeyRecord): string {
  const change = changeText(record)
  const what = `${change === undefined ? '' : `${change}, `}${matterText(record)}`
  return `${titleOf(record)} in ${record.key.project.id} (${ownerText(record)}): ${what}`
}

/** Each fact once: what happened is in the title, why and since when in the sentence on the impact. */
export function keyBlocks(
  record: KeyRecord,
  mention: { readonly mention?: string },
): readonly MessageBlock[] {
  const calls = callsText(record)
  return [
    { kind: 'paragraph', text: keyTitle(record), bold: true, ...mention },
    { kind: 'paragraph', text: record.impact },
    ...(calls === undefined ? [] : [{ kind: 'paragraph', text: `${calls}.` } as const]),
    ...list('What it may mean', possibilities(record).map(possibilityText)),
    ...stepsOf(record).map(stepOf),
    { kind: 'links', links: [{ label: 'Open the key', url: pageOf(record) }] },
    { kind: 'small', text: record.key.name },
  ]
}

/** Where no deadline asks anything: what there is to do about the worst that is to be looked at. */
function stepsOf(record: KeyRecord): readonly Step[] {
  return record.remedy.steps.length > 0 ? record.remedy.steps : (openHygiene(record)[0]?.steps ?? [])
}

function pageOf({ key }: KeyRecord): string {
  const { uid, project } = key
  return keyPage({ uid }, { id: project.id })
}

/** Steps are numbered: their order matters. */
function stepOf(step: Step, index: number): MessageBlock {
  return { kind: 'step', ...step, say: `${index + 1}. ${step.say}` }
}

/** Owners are mentioned only for keys that are new or have become worse, so that a mention keeps its meaning. */
function mentionOf(record: KeyRecord, { owners }: DigestFacts['policy']): { mention?: string } {
  const { change, key } = record
  const isCalling = isChanged(record) && (change === 'same' || CALLING.some((calling) => calling === change))
  if (!isCalling || key.project.owner === undefined) return {}
  const mention = owners.slack.get(key.project.owner)
  return mention === undefined ? {} : { mention }
}

function restMessage(rest: number): SlackMessage {
  const said = `${counted(rest, 'more affected key')}: all of them are in the CSV file of this thread, with what to do.`
  return slackMessage(said, [{ kind: 'paragraph', text: said }])
}
