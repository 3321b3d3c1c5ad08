import type { SlackChannel, SlackWorkspace } from '../world/world.js'
import type { Block } from './blocks.js'
import { SlackError } from './slack-error.js'

/** A message as it stands in a channel. */
export interface Message {
  readonly channel: string
  readonly ts: string
  readonly threadTs?: string
  readonly text: string
  readonly blocks: readonly Block[]
  readonly metadata?: unknown
  /** Everything that was sent, for tests that look at options. */
  readonly sent: Readonly<Record<string, unknown>>
}

/** A message before it has its place. */
export type Draft = Omit<Message, 'ts'>

/** A file as it was shared. */
export interface SharedFile {
  readonly id: string
  readonly name: string
  readonly title: string
  readonly content: Buffer
  readonly channel: string
  readonly threadTs?: string
  readonly comment?: string
}

/** Slack's state: channels, what was posted, which files were shared. */
export class Workspace {
  readonly #messages: Message[] = []
  readonly files: SharedFile[] = []

  constructor(
    private readonly settings: () => SlackWorkspace,
    private readonly now: () => Date,
  ) {}

  get messages(): readonly Message[] {
    return this.#messages
  }

  /** @throws SlackError where the channel is unknown, or not one the bot can write to. */
  channel(id: unknown, reads = false): SlackChannel {
    const found = this.settings().channels.find((channel) => channel.id === id || `#${channel.name}` === id)
    if (!found) throw new SlackError('channel_not_found')
    if (!reads && found.isArchived) throw new SlackError('is_archived')
    if (!found.isMember) throw new SlackError(found.isPrivate ? 'channel_not_found' : 'not_in_channel')
    return found
  }

  /** Puts a message into its channel; its `ts` is later than every other one's. */
  post(draft: Draft): Message {
    const message = { ...draft, ts: this.#nextTs() }
    this.#messages.push(message)
    return message
  }

  /** Top-level messages of a channel, newest first. */
  history(channel: string): readonly Message[] {
    return this.#messages
      .filter((message) => message.channel === channel && message.threadTs === undefined)
      .toReversed()
  }

  /** A message and its replies, oldest first. @throws SlackError `thread_not_found`. */
  thread(channel: string, ts: string): readonly Message[] {
    const thread = this.#messages.filter(
      (message) => message.channel === channel && (message.ts === ts || message.threadTs === ts),
    )
    if (!thread.some((message) => message.ts === ts)) throw new SlackError('thread_not_found')
    return thread
  }

  /** Seconds and a counter, so that equal moments still give rising stamps. */
  #nextTs(): string {
    const seconds = Math.floor(this.now().getTime() / 1000)
    return `${seconds}.${String(this.#messages.length + 1).padStart(6, '0')}`
  }
}
