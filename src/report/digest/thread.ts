import type { Step } from '../../model.js'
import { type Affected, isChanged, MOST_NAMED } from '../../records/affected.js'
import { openFindings } from '../../records/findings.js'
import { unexpected } from '../../records/gap-record.js'
import type { Change, KeyRecord } from '../../records/key-record.js'
import { evidenceOf } from '../evidence.js'
import { type SlackMessage, slackMessage } from '../slack/message.js'
import { list, type MessageBlock } from '../slack/message-blocks.js'
import { counted } from '../wording.js'
import type { DigestFacts } from './facts.js'
import { unreadCounts, wholeGap } from './gap-words.js'
import { actionText, ownerText, reasonText, titleOf, usageText } from './key-words.js'
import { isQuietDay } from './quiet.js'

/** Changes that concern a key's owner anew. */
const CALLING: readonly Change[] = ['new', 'worse']

/**
 * The replies under the digest: the keys, changed ones first, each with what to do; then what was not read,
 * and what the traffic shows. On a quiet day only what was not read, and only if it matters.
 */
export function threadOf(facts: DigestFacts): readonly SlackMessage[] {
  const { affected, run } = facts
  if (isQuietDay(run)) return run.outcome === 'incomplete' ? gapsMessage(facts) : []
  const more = [...gapsMessage(facts), ...evidenceMessage(facts)]
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

/** Those who are told a part of the keys cannot grant what the auditor needs. */
function gapsMessage({ gaps, part }: DigestFacts): readonly SlackMessage[] {
  const told = unexpected(gaps)
  if (told.length === 0 || part !== undefined) return []
  return [
    slackMessage(
      `Not read: ${unreadCounts(told)}.`,
      list('What was not read, why, and what makes it readable', told.map(wholeGap)),
    ),
  ]
}

function keyMessage(record: KeyRecord, { policy }: DigestFacts): SlackMessage {
  const { key } = record
  const title = `${titleOf(record)} in ${key.project.id}`
  const owner = ownerText(record)
  return slackMessage(
    `${title} (${owner}) is ${record.verdict}: ${reasonText(record)}. To do: ${actionText(record)}.`,
    [
      {
        kind: 'paragraph',
        text: `${title}: ${reasonText(record)}`,
        bold: true,
        ...mentionOf(record, policy),
      },
      ...list('Facts', [
        `Owner: ${owner}; project ${key.project.id} (${key.project.number})`,
        `Key: ${key.name}`,
        ...openFindings(record).map(({ because }) => because),
        usageText(record.usage),
      ]),
      { kind: 'paragraph', text: record.impact },
      ...record.remedy.steps.map(stepOf),
    ],
  )
}

/** Steps are numbered: their order matters. */
function stepOf(step: Step, index: number): MessageBlock {
  return { kind: 'step', ...step, say: `${index + 1}. ${step.say}` }
}

/** Owners are called for keys that are new or have become worse, so that a call keeps its meaning. */
function mentionOf({ change, key }: KeyRecord, { owners }: DigestFacts['policy']): { mention?: string } {
  if (change === undefined || !CALLING.includes(change) || key.project.owner === undefined) return {}
  const mention = owners.slack.get(key.project.owner)
  return mention === undefined ? {} : { mention }
}

function restMessage(rest: number): SlackMessage {
  const said = `${counted(rest, 'more affected key')}: all of them are in the CSV file of this thread, with what to do.`
  return slackMessage(said, [{ kind: 'paragraph', text: said }])
}
