import { dayOf, longDay, monthDay } from '../../calendar.js'
import { adviceText } from '../../errors.js'
import { canonical, sha256 } from '../../records/canonical.js'
import { unexpected } from '../../records/gap-record.js'
import { type Failure, failureLine } from '../../records/recommendation.js'
import type { FailedRunRecord, JudgedRunRecord, RunRecord } from '../../records/run-record.js'
import { unreadText } from '../gap-words.js'
import { hygieneText } from '../hygiene-words.js'
import { headerText, newsLine, quietText } from '../news/headline.js'
import { makeNews } from '../news/news.js'
import type { News } from '../news/statement.js'
import { stakesText } from '../news/summary.js'
import { LIMITS } from '../slack/limits.js'
import { type SlackMessage, slackMessage } from '../slack/message.js'
import { list, type MessageBlock } from '../slack/message-blocks.js'
import { amount, scopeText } from '../wording.js'
import { archiveBlocks, bodyOf, originOf } from './body.js'
import type { DigestFacts } from './digest-facts.js'
import { threadOf } from './thread.js'

/** What Slack gets of a run: one message and its thread. */
export interface Digest {
  readonly message: SlackMessage
  readonly thread: readonly SlackMessage[]
}

/** The digest of a run that judged keys: one line on a quiet day. */
export function digest(facts: DigestFacts): Digest {
  const news = makeNews(facts)
  const { run } = facts
  const parts: readonly MessageBlock[] = news.isQuiet
    ? [paragraph(firstLine(facts, news)), ...archiveBlocks(run), ...unreadOnQuietDay(facts, news)]
    : [{ kind: 'headline', text: firstLine(facts, news) }, ...bodyOf(facts, news)]
  const end: MessageBlock = {
    kind: 'small',
    text: originText(run, facts.head ?? headOfRecord(run), originOf(facts)),
  }
  return { message: slackMessage(sentence(facts, news), [...parts, end]), thread: threadOf(facts, news) }
}

/** The first line of the message: the headline, or all that a quiet day is worth. */
export function firstLine(facts: DigestFacts, news = makeNews(facts)): string {
  return news.isQuiet ? quietText(news, facts) : headerText(news, facts, LIMITS.header)
}

/**
 * The message in sentences, for notifications and screen readers: the words of the header, whatever of the news
 * the header has no room for, and at the end which run it is.
 */
export function sentence(facts: DigestFacts, news = makeNews(facts)): string {
  const { run, part } = facts
  const line = news.isQuiet ? quietText(news, facts) : `${newsLine(news, facts)}.`
  const stakes = news.isQuiet ? undefined : stakesText(news, run)
  const hygiene = news.isQuiet ? undefined : hygieneText(run)
  const said = [
    line,
    ...(stakes === undefined ? [] : [`${stakes}.`]),
    ...(hygiene === undefined ? [] : [`${hygiene}.`]),
    ...unreadSentence(facts),
    ...(run.coverage.archive ?? []),
    `Gemini API keys of ${scopeText(run.scope)}${part === undefined ? '' : `, keys of ${part} only`}, ${longDay(run.asOf)}.`,
  ]
  return said.join(' ')
}

function unreadSentence({ gaps }: DigestFacts): readonly string[] {
  const unread = unexpected(gaps)
  return unread.length === 0 ? [] : [`Could not read: ${unreadText(unread)}.`]
}

/** What a quiet day says besides its line, where the run is incomplete. */
function unreadOnQuietDay(facts: DigestFacts, news: News): readonly MessageBlock[] {
  return news.isIncomplete ? unreadSentence(facts).map(paragraph) : []
}

/** Which run it is, with the beginning of its record's digest: a witness outside of the archive. */
function originText(run: RunRecord, head: string, origin: readonly string[]): string {
  const time = `${monthDay(dayOf(run.run, 'UTC'), run.asOf)} ${run.run.slice(11, 16)} UTC`
  return [...origin, time, head.slice(0, 12).replace(/(.{4})(?=.)/g, '$1 ')].join(' · ')
}

/** SHA-256 of a run record: the head of its archive. */
function headOfRecord(run: RunRecord): string {
  return sha256(canonical(run))
}

/** What is known of a failed run besides its record. */
export interface FailedFacts {
  readonly failure: Failure
  /** The newest run of which something is known. */
  readonly lastKnown?: JudgedRunRecord | undefined
}

/** The digest of a run that failed: why, what to do, and what was known last. */
export function failedDigest(run: FailedRunRecord, { failure, lastKnown }: FailedFacts): Digest {
  const scope = scopeText(run.scope)
  const { reason, problems, next } = failure
  const known = lastKnown === undefined ? [] : [lastKnownText(lastKnown, run)]
  const more = next === undefined ? [] : [`${adviceText(next)}.`]
  const said = [
    `The audit failed: ${failureLine(failure)}`,
    ...known,
    ...more,
    `Gemini API keys of ${scope}, ${longDay(run.asOf)}.`,
  ]
  const message = slackMessage(said.join(' '), [
    { kind: 'headline', text: 'The audit failed: nothing is known of today' },
    ...(problems.length === 0
      ? [paragraph(reason)]
      : list(
          reason,
          problems.map(({ says }) => says),
        )),
    ...known.map((text): MessageBlock => ({ kind: 'paragraph', text, bold: true })),
    ...more.map(paragraph),
    {
      kind: 'small',
      text: originText(run, headOfRecord(run), [
        scope,
        `audit ${run.audit}`,
        `${run.tool.name} ${run.tool.version}`,
      ]),
    },
  ])
  return { message, thread: [] }
}

/** `Last known, Nov 25: 53 affected, 24 in use.` */
function lastKnownText({ asOf, counts, uses }: JudgedRunRecord, run: FailedRunRecord): string {
  const { overdue, due, unknown } = counts.verdict
  const stopped = (uses?.stopped ?? 0) + (uses?.['stopped-earlier'] ?? 0)
  const said = [
    `${amount(overdue + due)} affected`,
    ...(uses === undefined ? [] : [`${amount(uses['in-use'])} in use`]),
    ...(stopped === 0 ? [] : [`${amount(stopped)} not working`]),
    ...(unknown === 0 ? [] : [`${amount(unknown)} could not be judged`]),
  ]
  return `Last known, ${monthDay(asOf, run.asOf)}: ${said.join(', ')}.`
}

/** The same digest, marked as one that may have been posted before. */
export function repeated({ message, thread }: Digest): Digest {
  const [first, ...rest] = message.parts
  const note = paragraph(
    'Repeated: an earlier attempt ended before it could note whether it had posted this, and the token may not ' +
      'read the channel to find out.',
  )
  const marked = slackMessage('', [...(first === undefined ? [] : [first]), note, ...rest])
  return { message: { ...marked, text: `Repeated: ${message.text}` }, thread }
}

function paragraph(text: string): MessageBlock {
  return { kind: 'paragraph', text }
}
