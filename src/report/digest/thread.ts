import type { Step } from '../../model.js'
import { openFindings } from '../findings.js'
import { unexpected } from '../gap-record.js'
import type { Change, KeyRecord } from '../key-record.js'
import { type SlackMessage, slackMessage } from '../slack/message.js'
import { list, type Part } from '../slack/parts.js'
import { counted } from '../wording.js'
import type { DigestFacts } from './facts.js'
import { unreadCounts, wholeGap } from './gap-words.js'
import { actionText, ownerText, reasonText, titleOf, usageText } from './key-words.js'

/** Messages in a thread. */
const MOST = 10

/** Changes that concern a key's owner anew. */
const CALLING: readonly Change[] = ['new', 'worse']

/** The replies under the digest: what was not read, then the keys, changed ones first, each with what to do. */
export function threadOf(facts: DigestFacts): readonly SlackMessage[] {
  const { affected } = facts
  const gaps = gapsMessage(facts)
  const room = MOST - gaps.length
  const keys = affected.length <= room ? affected : changedFirst(affected).slice(0, room - 1)
  const rest = affected.length - keys.length
  return [
    ...gaps,
    ...keys.map((record) => keyMessage(record, facts)),
    ...(rest === 0 ? [] : [restMessage(rest)]),
  ]
}

function changedFirst(affected: readonly KeyRecord[]): readonly KeyRecord[] {
  return [...affected.filter(isChanged), ...affected.filter((record) => !isChanged(record))]
}

function isChanged({ change }: KeyRecord): boolean {
  return change !== undefined && change !== 'same'
}

function gapsMessage({ gaps }: DigestFacts): readonly SlackMessage[] {
  const told = unexpected(gaps)
  if (told.length === 0) return []
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
function stepOf(step: Step, index: number): Part {
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
