import { readSettings } from './config/config.js'
import type { HandlerDependencies } from './handler.js'
import { type FeedMessage, readFeedMessage } from './inventory/feed-message.js'
import type { Instant } from './model.js'
import type { AssetChange } from './policy/asset-change.js'
import { assembleEvents } from './run/events/assemble.js'
import { failureOf, type Settled, settleChanges } from './run/events/events.js'
import { type Unreadable, UnreadableMessages, unreadableText } from './run/events/unreadable.js'
import { EventWindow } from './run/events/window.js'

/** What the function takes from its surroundings. */
export interface EventHandlerDependencies extends HandlerDependencies {
  /** Milliseconds for which changes are gathered, instead of `AUDIT_EVENT_WINDOW`. */
  readonly window?: number
}

/** A message of the feed that something has to be done about. */
type FeedNews = Exclude<FeedMessage, { readonly kind: 'nothing' }>

/**
 * Thrown so that the framework answers 500, and Pub/Sub brings the message again. What it prints is the sentence: there
 * is no bug whose stack would help.
 */
class ComesAgain extends Error {
  override readonly name = 'ComesAgain'

  constructor(message: string) {
    super(message)
    this.stack = message
  }
}

/**
 * The function of single changes: one CloudEvent is one message of the asset feed. Resolves when the message is done
 * with, also where it cannot be read or failed for good; throws where it is to come again. Messages that come within
 * `AUDIT_EVENT_WINDOW` are told together.
 */
export function createEventHandler(
  surroundings: EventHandlerDependencies,
): (event: unknown) => Promise<void> {
  const unreadable = new UnreadableMessages()
  const length = surroundings.window ?? windowOf(surroundings)
  const window = new EventWindow<FeedNews, Settled>(length, (messages) =>
    settled(messages, unreadable, surroundings),
  )
  return async (event) => {
    const message = readFeedMessage(event)
    if (message.kind === 'nothing') return
    if (message.kind === 'unreadable') surroundings.report(unreadableText(message))
    const outcome = await window.add(message)
    if (outcome.kind === 'done') return
    if (outcome.fault !== undefined) surroundings.report(outcome.fault)
    if (outcome.again) throw new ComesAgain(outcome.error)
    surroundings.report(outcome.error)
  }
}

/** Wrong settings are told with the first message. */
function windowOf({ env }: HandlerDependencies): number {
  return readSettings({ flags: {}, env }).values.eventWindow ?? 10_000
}

const DONE: Settled = { kind: 'done' }

/** Never rejects. */
async function settled(
  messages: readonly FeedNews[],
  unreadable: UnreadableMessages,
  { env, now, limits, interruption, report }: HandlerDependencies,
): Promise<readonly Settled[]> {
  const watch = interruption?.watch()
  try {
    const use = { now: () => now().toISOString() as Instant, limits, stop: watch?.signal }
    const parts = await assembleEvents({ flags: {}, env }, use)
    try {
      const outcomes = await settleChanges(changesIn(messages), parts)
      for (const failure of await unreadable.tell(unreadableIn(messages), parts)) report(failure)
      const rest = outcomes.values()
      return messages.map(({ kind }) => (kind === 'change' ? (rest.next().value ?? DONE) : DONE))
    } finally {
      parts.end()
    }
  } catch (error) {
    return messages.map(({ kind }) => (kind === 'change' ? failureOf(error) : DONE))
  } finally {
    watch?.end()
  }
}

function changesIn(messages: readonly FeedNews[]): readonly AssetChange[] {
  return messages.flatMap((message) => (message.kind === 'change' ? [message.change] : []))
}

function unreadableIn(messages: readonly FeedNews[]): readonly Unreadable[] {
  return messages.flatMap((message) => (message.kind === 'unreadable' ? [message] : []))
}
