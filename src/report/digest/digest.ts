import { longDay } from '../../calendar.js'
import { joined, recommendationIn, withoutRecommendation } from '../../records/recommendation.js'
import type { FailedRunRecord } from '../../records/run-record.js'
import { type SlackMessage, slackMessage } from '../slack/message.js'
import { list, type MessageBlock } from '../slack/message-blocks.js'
import { scopeText } from '../wording.js'
import { bodyOf } from './body.js'
import type { DigestFacts } from './facts.js'
import { headline, sentence } from './headline.js'
import { isQuietDay, quietLine } from './quiet.js'
import { threadOf } from './thread.js'

/** What Slack hears of a run: one message and its thread. */
export interface Digest {
  readonly message: SlackMessage
  readonly thread: readonly SlackMessage[]
}

/** The digest of a run that judged keys: one line on a quiet day. */
export function digest(facts: DigestFacts): Digest {
  const parts: readonly MessageBlock[] = isQuietDay(facts.run)
    ? [paragraph(quietLine(facts))]
    : [{ kind: 'headline', text: headline(facts) }, ...bodyOf(facts)]
  return { message: slackMessage(sentence(facts), parts), thread: threadOf(facts) }
}

/** The digest of a run that failed: that nothing was judged, why, and what to do. */
export function failedDigest(run: FailedRunRecord): Digest {
  const scope = scopeText(run.scope)
  const error = withoutRecommendation(run.error)
  const [reason = '', ...problems] = error.split('\n').map((line) => line.replace(/^- /, ''))
  const recommendation = recommendationIn(run.error)
  const last = recommendation === undefined ? [] : [recommendation]
  const why = joined([reason, problems.join('; '), ...last].filter((text) => text !== ''))
  const said = `The Gemini API key audit of ${scope} on ${longDay(run.asOf)} failed, and no key was judged: ${why}`
  const message = slackMessage(said, [
    { kind: 'headline', text: 'The audit of the Gemini API keys failed' },
    { kind: 'paragraph', text: 'No key was judged: nothing is known about today.', bold: true },
    ...(problems.length === 0 ? [paragraph(reason)] : list(reason, problems)),
    ...last.map(paragraph),
    {
      kind: 'small',
      text: `${scope} · audit ${run.audit} · run ${run.run} · ${run.tool.name} ${run.tool.version}`,
    },
  ])
  return { message, thread: [] }
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
