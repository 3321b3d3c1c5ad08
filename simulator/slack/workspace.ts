import { createHash } from 'node:crypto'
import type { Call } from '../wire/call.js'
import type { SlackChannel, SlackWorkspace } from '../world/world.js'
import { type Arguments, argumentsOf } from './arguments.js'
import type { Block } from './blocks.js'
import { SlackError } from './slack-error.js'

/** @throws SlackError where the token is missing, wrong, no longer good, or has none of the scopes that do. */
export function authorize(
  workspace: SlackWorkspace,
  call: Call,
  args: Arguments,
  scopes: readonly string[],
): void {
  const token = bearer(call) ?? args['token']
  if (typeof token !== 'string' || token === '') throw new SlackError('not_authed')
  const known = workspace.tokens.find((candidate) => candidate.token === token)
  if (!known) {
    if (workspace.tokens.length > 0 || !token.startsWith('xoxb-')) throw new SlackError('invalid_auth')
    return
  }
  if (known.state !== 'active') throw new SlackError(known.state)
  if (scopes.length > 0 && !scopes.some((scope) => known.scopes.includes(scope))) {
    throw new SlackError('missing_scope', { needed: scopes.join(','), provided: known.scopes.join(',') })
  }
}

/** What a bot of this kind asks for: what a token that the world does not name has. */
const USUAL_SCOPES = [
  'chat:write',
  'files:write',
  'channels:read',
  'groups:read',
  'channels:history',
  'groups:history',
] as const

/** The scopes of the token of a call. Slack names them in a header of every answer. */
export function scopesOf(workspace: SlackWorkspace, call: Call): readonly string[] {
  const token = bearer(call) ?? argumentsOf(call)['token']
  return workspace.tokens.find((candidate) => candidate.token === token)?.scopes ?? USUAL_SCOPES
}

/** Each token is another app's; the first one that the world names is the audit's. */
export function authorOf({ tokens }: SlackWorkspace, call: Call): string {
  const token = bearer(call) ?? String(argumentsOf(call)['token'])
  const usual = tokens[0]?.token ?? 'xoxb-simulated'
  if (token === usual) return USUAL_AUTHOR
  return createHash('sha256').update(token).digest('hex').slice(0, 10).toUpperCase()
}

const USUAL_AUTHOR = '0SIMULATED'

function bearer(call: Call): string | undefined {
  return /^Bearer (.+)$/.exec(call.headers.authorization ?? '')?.[1]
}

/** A message as it stands in a channel. */
export interface Message {
  readonly channel: string
  /** Which of the workspace's apps: what its user and bot IDs end with. */
  readonly author: string
  readonly ts: string
  readonly threadTs?: string
  readonly text: string
  readonly blocks: readonly Block[]
  readonly files: readonly SharedFile[]
  readonly metadata?: unknown
  /** Everything that was sent, for tests that look at options. */
  readonly sent: Readonly<Record<string, unknown>>
}

/** A message before it has its place. */
export type Draft = Omit<Message, 'ts'>

export interface SharedFile {
  readonly id: string
  readonly name: string
  readonly title: string
  readonly content: Buffer
}

/** Where files are shared; without a channel they stay private to the bot. */
export interface Sharing {
  readonly channel?: string
  readonly author: string
  readonly threadTs?: string
  readonly comment: string
  readonly sent: Readonly<Record<string, unknown>>
}

/** Slack's state: what was posted where, which files were shared, which channels were joined. */
export class Workspace {
  readonly #messages: Message[] = []
  readonly #files: SharedFile[] = []
  readonly #joined = new Set<string>()

  constructor(
    private readonly settings: () => SlackWorkspace,
    private readonly now: () => Date,
  ) {}

  /** Everything that was posted, threads included, oldest first. */
  get messages(): readonly Message[] {
    return this.#messages
  }

  get files(): readonly SharedFile[] {
    return this.#files
  }

  /** A channel that the bot can see. @throws SlackError `channel_not_found`. */
  visible(idOrName: unknown): SlackChannel {
    const found = this.settings().channels.find(({ id, name }) => id === idOrName || `#${name}` === idOrName)
    const isMember = found !== undefined && (found.isMember || this.#joined.has(found.id))
    if (!found || (found.isPrivate && !isMember)) throw new SlackError('channel_not_found')
    return { ...found, isMember }
  }

  /** A channel that the bot is in; to write to, it must not be archived. @throws SlackError. */
  channel(idOrName: unknown, toRead = false): SlackChannel {
    const found = this.visible(idOrName)
    if (!toRead && found.isArchived) throw new SlackError('is_archived')
    if (!found.isMember) throw new SlackError('not_in_channel')
    return found
  }

  join(id: string): void {
    this.#joined.add(id)
  }

  /** Puts a message into its channel; its `ts` is later than every other one's. */
  post(draft: Draft): Message {
    const message = { ...draft, ts: this.#nextTs() }
    this.#messages.push(message)
    return message
  }

  /** Answers as for a message, which stands nowhere. */
  lose(draft: Draft): Message {
    return { ...draft, ts: this.#nextTs() }
  }

  /** Shares files, in a message of their own where there is a channel. */
  share(files: readonly SharedFile[], { channel, author, threadTs, comment, sent }: Sharing): void {
    this.#files.push(...files)
    if (!channel) return
    this.post({ channel, author, text: comment, blocks: [], files, sent, ...(threadTs && { threadTs }) })
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
