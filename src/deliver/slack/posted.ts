import type { WebClient } from '@slack/web-api'
import * as z from 'zod'
import type { Instant } from '../../model.js'
import { SHA_256 } from '../../records/canonical.js'

/** What a message tells, and of which run: what its metadata says. */
export interface PostedRun {
  readonly audit: string
  readonly run: Instant
  readonly tells: 'digest' | 'failure' | 'event'
  /** SHA-256 of the run record: the digest of a run is posted once, its failures are distinguished. */
  readonly sha256: string
  /** Of a message on changes between runs: what each of them is known by. */
  readonly events?: readonly string[]
}

/** Who posts: by this, and not by what stands in its metadata alone, a message is known to be ours. */
export interface Author {
  readonly userId: string
  /** Absent for a token that is no bot's. */
  readonly botId?: string
}

/** The type of our messages' metadata. @see https://docs.slack.dev/messaging/message-metadata */
export const EVENT_TYPE = 'gemini_key_audit_run'

/** The type of the metadata of replies. */
export const PART_TYPE = 'gemini_key_audit_part'

const partMetadata = z.object({
  event_type: z.literal(PART_TYPE),
  event_payload: z.object({ part: z.number() }),
})

const metadata = z.object({
  event_type: z.literal(EVENT_TYPE),
  event_payload: z.object({
    audit: z.string(),
    run: z.string(),
    tells: z.string(),
    sha256: z.string().regex(SHA_256),
    events: z.string().optional(),
  }),
})

/** Messages cannot be older than their run, but clocks differ. */
const SKEW_SECONDS = 600
const PAGE = 200
const MOST_PAGES = 50

/** A message without its place in the channel, or a page that leads back to itself: no answer of Slack's. */
export class NotSlacks extends Error {
  override readonly name = 'NotSlacks'

  constructor() {
    super('an answer that is not Slack’s')
  }
}

/** A reply whose answer names another thread, or none: it does not stand under the digest. */
export class LostReply extends Error {
  override readonly name = 'LostReply'
}

/** More messages than are looked through: whether the one looked for is among them is not known. */
export class HistoryTooLong extends Error {}

/** Whose token it is. Throws the client's errors. @see https://docs.slack.dev/reference/methods/auth.test */
export async function authorOf(client: WebClient): Promise<Author> {
  const { user_id: userId, bot_id: botId } = await client.auth.test()
  if (!userId) throw new NotSlacks()
  return { userId, ...(botId ? { botId } : {}) }
}

interface Posting {
  readonly user?: string | undefined
  readonly bot_id?: string | undefined
}

function isBy({ userId, botId }: Author, { user, bot_id }: Posting): boolean {
  return botId === undefined ? user === userId && bot_id === undefined : bot_id === botId
}

/**
 * The `ts` of the message by us that tells this of the run, or undefined when the channel has none. Throws the client's
 * errors, among them `missing_scope` where the token may not read the channel.
 */
export async function findPosted(
  client: WebClient,
  channel: string,
  posted: PostedRun,
  author: Author,
): Promise<string | undefined> {
  const oldest = String(Date.parse(posted.run) / 1000 - SKEW_SECONDS)
  let cursor: string | undefined
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { messages = [], response_metadata } = await client.conversations.history({
      channel,
      oldest,
      limit: PAGE,
      include_all_metadata: true,
      ...(cursor === undefined ? {} : { cursor }),
    })
    const found = messages.find((message) => isBy(author, message) && isOf(message.metadata, posted))
    if (found !== undefined) return stampOf(found)
    const next = nextOf(response_metadata, cursor)
    if (next === undefined) return undefined
    cursor = next
  }
  throw new HistoryTooLong(`${channel} has more than ${MOST_PAGES * PAGE} messages since ${posted.run}`)
}

/** What of our thread stands under a message: its last reply, counted from 1, and the names of its files. */
export async function findReplies(
  client: WebClient,
  channel: string,
  ts: string,
  author: Author,
): Promise<{ readonly parts: number; readonly files: readonly string[] }> {
  const found = { parts: 0, files: [] as string[] }
  let cursor: string | undefined
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { messages = [], response_metadata } = await client.conversations.replies({
      channel,
      ts,
      limit: PAGE,
      include_all_metadata: true,
      ...(cursor === undefined ? {} : { cursor }),
    })
    for (const message of messages.filter((each) => isBy(author, each))) {
      const part = partMetadata.safeParse('metadata' in message ? message.metadata : undefined).data
      found.parts = Math.max(found.parts, part?.event_payload.part ?? 0)
      found.files.push(...(message.files ?? []).flatMap(({ name }) => name ?? []))
    }
    const next = nextOf(response_metadata, cursor)
    if (next === undefined) return found
    cursor = next
  }
  throw new HistoryTooLong(`the thread of ${ts} in ${channel} has more than ${MOST_PAGES * PAGE} messages`)
}

/** The `ts` of a message, by which Slack knows it. Throws where an answer has none. */
export function stampOf({ ts }: { readonly ts?: string | undefined }): string {
  if (typeof ts !== 'string' || !/^\d{1,16}\.\d{1,16}$/.test(ts)) throw new NotSlacks()
  return ts
}

/** The next page, if there is one. Throws where it is the one that was just read: there would be no end. */
function nextOf(
  metadata: { readonly next_cursor?: string } | undefined,
  cursor: string | undefined,
): string | undefined {
  const next = metadata?.next_cursor || undefined
  if (next !== undefined && next === cursor) throw new NotSlacks()
  return next
}

/** Failed attempts at a run have records of their own, and report the same. */
function isOf(value: unknown, { audit, run, tells, sha256, events }: PostedRun): boolean {
  const payload = metadata.safeParse(value).data?.event_payload
  if (events !== undefined) {
    const named = payload?.events?.split(' ') ?? []
    return (
      payload?.audit === audit && payload.tells === tells && events.every((event) => named.includes(event))
    )
  }
  if (payload?.audit !== audit || payload.run !== run || payload.tells !== tells) return false
  return tells === 'failure' || payload.sha256 === sha256
}
