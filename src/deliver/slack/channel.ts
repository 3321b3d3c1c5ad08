import { setTimeout } from 'node:timers/promises'
import type { KnownBlock, WebClient } from '@slack/web-api'
import type { SlackMessage } from '../../report/slack/message.js'
import type { DeliveryError } from '../delivery.js'
import { slackClient } from './client.js'
import { slackError } from './error.js'
import type { Failure } from './failure.js'
import { type Attempt, WaitBudget } from './failure.js'
import {
  type Author,
  authorOf,
  EVENT_TYPE,
  findPosted,
  findReplies,
  LostReply,
  PART_TYPE,
  type PostedRun,
  stampOf,
} from './posted.js'

/** A file for a thread. */
export interface SlackFile {
  readonly name: string
  readonly title: string
  readonly content: string | Buffer
  /** A picture in words, for those who do not see it. */
  readonly says?: string
}

/** What a channel gets of a run. */
export interface SlackPost extends PostedRun {
  readonly message: SlackMessage
  /** Replies in their order. */
  readonly thread: readonly SlackMessage[]
  readonly file?: SlackFile
  /** A picture for the thread. */
  readonly picture?: SlackFile
  /** Asked before each thing that is posted; nothing is when it rejects. */
  readonly renew?: () => Promise<void>
}

/** What stands in the channel of an earlier attempt; `unreadable` where the token may not look, or not far enough. */
export type Earlier = { readonly ts: string } | 'absent' | 'unreadable'

/** A digest that stands in the channel. */
export interface Posted {
  /** The message's ID in its channel. */
  readonly ts: string
  /** What of the thread and the file failed. */
  readonly problems: readonly DeliveryError[]
}

export interface SlackOptions {
  readonly token: string
  /** A channel ID. */
  readonly channel: string
  /** Slack's, or the simulator's; ends with `/api/`. */
  readonly url: string
  /** Milliseconds for a request. */
  readonly timeout?: number
  /** Milliseconds from one message to the next. @see https://docs.slack.dev/apis/web-api/rate-limits */
  readonly pause?: number
  /** Seconds that a delivery waits in all because Slack asks it to. */
  readonly waitBudget?: number
  /** Resolves after so many milliseconds. */
  readonly wait?: (milliseconds: number) => Promise<unknown>
}

/** What a message is called. */
const NAMES = { digest: 'digest', failure: 'digest', event: 'message on a change' } as const

/** How often a message is tried whose request was lost. */
const ATTEMPTS = 3

const ABOUT_BLOCKS: readonly string[] = ['invalid_blocks', 'invalid_blocks_format', 'msg_blocks_too_long']

/** One Slack channel, as far as digests need it. */
export class SlackChannel {
  /** `slack:C0456`. */
  readonly to: string
  readonly #client: WebClient
  readonly #channel: string
  readonly #pause: number
  readonly #wait: (milliseconds: number) => Promise<unknown>
  readonly #waitBudget: WaitBudget
  #messages = 0
  #author: Promise<Author> | undefined
  #renew: () => Promise<void> = () => Promise.resolve()

  constructor({ token, channel, url, ...options }: SlackOptions) {
    this.to = `slack:${channel}`
    this.#client = slackClient({ token, url, timeout: options.timeout ?? 30_000 })
    this.#channel = channel
    this.#pause = options.pause ?? 1_000
    this.#wait = options.wait ?? setTimeout
    this.#waitBudget = new WaitBudget(options.waitBudget ?? 300, this.#wait)
  }

  /**
   * Posts the message, then its thread and file. Throws a `DeliveryError` when the message does not stand in
   * the channel, or that is unclear; what fails after it is in `problems`, and the message stays. The failure
   * of a run is posted once, however often the run is tried, as far as the channel may be read.
   */
  async post(post: SlackPost): Promise<Posted> {
    this.#renew = post.renew ?? this.#renew
    const earlier = post.tells === 'failure' ? await this.#look(post) : undefined
    if (earlier?.kind === 'done' && earlier.value !== undefined) return { ts: earlier.value, problems: [] }
    const ts = await this.#postSurely(post)
    return { ts, problems: [...(await this.#reply(post, ts)), ...(await this.#uploads(post, ts))] }
  }

  /** Adds to a message that stands in the channel what is missing of its thread and file. */
  async complete(post: SlackPost, ts: string): Promise<Posted> {
    this.#renew = post.renew ?? this.#renew
    const found = await this.#waitBudget.attempt(async () =>
      findReplies(this.#client, this.#channel, ts, await this.#self()),
    )
    if (found.kind !== 'done') return { ts, problems: [slackError(found, this.to, 'Reading a thread')] }
    const { parts, files } = found.value
    const replies = await this.#reply(post, ts, parts)
    return { ts, problems: [...replies, ...(await this.#uploads(post, ts, files))] }
  }

  /** What an earlier attempt has left in the channel. Throws a `DeliveryError` if looking fails for now. */
  async look(run: PostedRun): Promise<Earlier> {
    const found = await this.#look(run)
    if (found.kind === 'done') return found.value === undefined ? 'absent' : { ts: found.value }
    const isClosed = found.kind === 'refused' && CLOSED.includes(found.code)
    if (isClosed || (found.kind === 'unclear' && found.isTooLong)) return 'unreadable'
    throw slackError(found, this.to, 'Looking for an earlier message')
  }

  /** The `ts` of the message about a run, if there is one. Throws a `DeliveryError` if it cannot look. */
  async find(run: PostedRun): Promise<string | undefined> {
    const found = await this.#look(run)
    if (found.kind === 'done') return found.value
    throw slackError(found, this.to, 'Looking for an earlier message')
  }

  /** A message whose answer was lost is posted again only when the channel shows that it is not there. */
  async #postSurely(post: SlackPost): Promise<string> {
    let lost: Failure = { kind: 'unsent', code: 'no attempt' }
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const sent = await this.#send(post.message, { metadata: metadataOf(post) })
      if (sent.kind === 'done') return sent.value
      if (sent.kind === 'refused' || sent.kind === 'limited' || sent.kind === 'lost')
        throw this.#error(sent, post)
      lost = sent
      if (sent.kind === 'unclear') {
        const found = await this.#look(post)
        if (found.kind !== 'done') throw this.#error(sent, post)
        if (found.value !== undefined) return found.value
        lost = { kind: 'unsent', code: sent.code }
      }
    }
    throw this.#error(lost, post)
  }

  #error(failure: Failure, { tells }: PostedRun): DeliveryError {
    return slackError(failure, this.to, `Posting the ${NAMES[tells]}`)
  }

  /** Stops at the first reply that fails: a thread with holes misleads. */
  async #reply(post: SlackPost, ts: string, from = 0): Promise<readonly DeliveryError[]> {
    const { thread } = post
    for (const [index, message] of [...thread.entries()].slice(from)) {
      const sent = await this.#send(message, { thread_ts: ts, metadata: partOf(post, index + 1) })
      if (sent.kind !== 'done') {
        return [
          slackError(
            sent,
            this.to,
            `Posting reply ${index + 1} of ${thread.length} under the ${NAMES[post.tells]}`,
          ),
        ]
      }
    }
    return []
  }

  /** Uploads what is not there yet; a file that fails keeps no other from being uploaded. */
  async #uploads(
    { file, picture }: SlackPost,
    ts: string,
    there: readonly string[] = [],
  ): Promise<readonly DeliveryError[]> {
    const problems: DeliveryError[] = []
    for (const each of [file ?? [], picture ?? []].flat()) {
      if (!there.includes(each.name)) problems.push(...(await this.#upload(each, ts)))
    }
    return problems
  }

  async #upload({ name, title, content, says }: SlackFile, ts: string): Promise<readonly DeliveryError[]> {
    await this.#renew()
    const uploaded = await this.#waitBudget.attempt(() =>
      this.#client.filesUploadV2({
        channel_id: this.#channel,
        thread_ts: ts,
        filename: name,
        title,
        ...(typeof content === 'string' ? { content } : { file: content }),
        ...(says === undefined ? {} : { alt_txt: says }),
      }),
    )
    return uploaded.kind === 'done' ? [] : [slackError(uploaded, this.to, `Uploading ${name}`)]
  }

  /** Posts in the richest form that Slack takes: its blocks, older blocks, or the sentence alone. */
  async #send(
    { text, blocks, plain }: SlackMessage,
    more: { thread_ts?: string; metadata: Metadata },
  ): Promise<Attempt<string>> {
    let sent: Attempt<string> = { kind: 'unsent', code: 'no form' }
    for (const form of [{ blocks }, { blocks: plain }, {}]) {
      sent = await this.#waitBudget.attempt(() => this.#postMessage({ text, ...form, ...more }))
      if (sent.kind !== 'refused' || !ABOUT_BLOCKS.includes(sent.code)) break
    }
    return sent
  }

  async #postMessage(message: {
    text: string
    blocks?: KnownBlock[]
    thread_ts?: string
    metadata: Metadata
  }): Promise<string> {
    if (this.#messages > 0) await this.#wait(this.#pause)
    this.#messages += 1
    await this.#renew()
    const posted = await this.#client.chat.postMessage({
      channel: this.#channel,
      unfurl_links: false,
      unfurl_media: false,
      ...message,
    })
    const ts = stampOf(posted)
    const { thread_ts } = message
    if (thread_ts !== undefined && posted.message?.thread_ts !== thread_ts) throw new LostReply()
    return ts
  }

  async #look(run: PostedRun): Promise<Attempt<string | undefined>> {
    await this.#wait(this.#pause)
    return this.#waitBudget.attempt(async () =>
      findPosted(this.#client, this.#channel, run, await this.#self()),
    )
  }

  /** Asked once; after a failure again. */
  #self(): Promise<Author> {
    this.#author ??= authorOf(this.#client).catch((error: unknown) => {
      this.#author = undefined
      throw error
    })
    return this.#author
  }
}

type Metadata = ReturnType<typeof metadataOf> | ReturnType<typeof partOf>

/** Slack's answers that say that the token may not read the channel, now or later. */
const CLOSED: readonly string[] = ['missing_scope', 'not_in_channel', 'channel_not_found', 'no_permission']

/** A reply says which one of its thread it is, so that a broken-off thread can be completed. */
function partOf({ audit, run }: PostedRun, part: number) {
  return { event_type: PART_TYPE, event_payload: { audit, run, part } }
}

function metadataOf({ audit, run, tells, sha256, events }: PostedRun) {
  const named = events === undefined ? {} : { events: events.join(' ') }
  return { event_type: EVENT_TYPE, event_payload: { audit, run, tells, sha256, ...named } }
}
