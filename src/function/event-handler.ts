import { readSettings } from '../config/config.js'
import { DEFAULTS } from '../config/options.js'
import { type FeedMessage, readFeedMessage } from '../inventory/feed-message.js'
import type { Instant } from '../model.js'
import type { AssetChange } from '../policy/asset-change.js'
import { assembleEvents } from '../run/events/assemble.js'
import { failureOf, type Settled, settleChanges } from '../run/events/events.js'
import { type Unreadable, UnreadableMessages, unreadableText } from '../run/events/unreadable.js'
import type { HandlerDependencies } from './handler.js'

/** What the function takes from its process. */
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
 * `AUDIT_EVENT_WINDOW` become one message.
 */
export function createEventHandler(
  dependencies: EventHandlerDependencies,
): (event: unknown) => Promise<void> {
  const unreadable = new UnreadableMessages()
  const length = dependencies.window ?? windowOf(dependencies)
  const window = new EventWindow<FeedNews, Settled>(length, (messages) =>
    settled(messages, unreadable, dependencies),
  )
  return async (event) => {
    const message = readFeedMessage(event)
    if (message.kind === 'nothing') return
    if (message.kind === 'unreadable') dependencies.report(unreadableText(message))
    const outcome = await window.add(message)
    if (outcome.kind === 'done') return
    if (outcome.fault !== undefined) dependencies.report(outcome.fault)
    if (outcome.again) throw new ComesAgain(outcome.error)
    dependencies.report(outcome.error)
  }
}

/** Wrong settings are reported with the first message. */
function windowOf({ env }: HandlerDependencies): number {
  return readSettings({ flags: {}, env }).values.eventWindow ?? DEFAULTS.eventWindow
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
      for (const failure of await unreadable.report(unreadableIn(messages), parts)) report(failure)
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

interface Waiting<Item, Result> {
  readonly item: Item
  readonly settle: (result: Promise<Result>) => void
}

/** Items that are handled together before the window is over. */
const MOST = 200

/**
 * Gathers what comes within a time, counted from the first, and has it handled together: one message instead of many.
 * What comes while others are handled waits for its own turn.
 */
export class EventWindow<Item, Result> {
  readonly #length: number
  readonly #handle: (items: readonly Item[]) => Promise<readonly Result[]>
  #waiting: Waiting<Item, Result>[] = []
  #timer: NodeJS.Timeout | undefined
  #turn: Promise<unknown> = Promise.resolve()

  /** `length` in milliseconds; `handle` gives a result for each item, in their order. */
  constructor(length: number, handle: (items: readonly Item[]) => Promise<readonly Result[]>) {
    this.#length = length
    this.#handle = handle
  }

  /** Resolves when the item was handled together with those that came in the same window. */
  add(item: Item): Promise<Result> {
    return new Promise((settle) => {
      this.#waiting.push({ item, settle })
      if (this.#waiting.length >= MOST) this.#close()
      else this.#timer ??= setTimeout(() => this.#close(), this.#length)
    })
  }

  #close(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const gathered = this.#waiting
    this.#waiting = []
    const handled = this.#turn.then(() => this.#handle(gathered.map(({ item }) => item)))
    this.#turn = handled.catch(() => undefined)
    for (const [index, { settle }] of gathered.entries())
      settle(handled.then((results) => results[index] as Result))
  }
}
