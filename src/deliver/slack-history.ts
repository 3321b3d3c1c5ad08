import type { WebClient } from '@slack/web-api'
import * as z from 'zod'
import type { Instant } from '../model.js'

/** What a message tells, and of which run: what its metadata says. */
export interface PostedRun {
  readonly audit: string
  readonly run: Instant
  readonly tells: 'digest' | 'failure'
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
  event_payload: z.object({ audit: z.string(), run: z.string(), tells: z.string() }),
})

/** Messages cannot be older than their run, but clocks differ. */
const SKEW_SECONDS = 600
const PAGE = 200
const MOST_PAGES = 50

/** What of an answer is looked at; `metadata` may be any app's. */
const answer = z.object({
  messages: z
    .array(
      z.object({
        ts: z.string().optional(),
        metadata: z.unknown().optional(),
        files: z.array(z.object({ name: z.string().nullish() })).nullish(),
      }),
    )
    .nullish(),
  response_metadata: z.object({ next_cursor: z.string().nullish() }).nullish(),
})

/** An answer without the form that Slack documents: it tells nothing about the channel. */
export class NotSlacks extends Error {
  override readonly name = 'NotSlacks'

  constructor() {
    super('an answer that is not Slack’s')
  }
}

/** More messages than are looked through: whether the one looked for is among them is not known. */
export class HistoryTooLong extends Error {}

/**
 * The `ts` of the message that tells this of the run, or undefined when the channel has none. Throws the client's
 * errors, among them `missing_scope` where the token may not read the channel.
 */
export async function findPosted(
  client: WebClient,
  channel: string,
  posted: PostedRun,
): Promise<string | undefined> {
  const oldest = String(Date.parse(posted.run) / 1000 - SKEW_SECONDS)
  let cursor: string | undefined
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { messages, next } = pageOf(
      await client.conversations.history({
        channel,
        oldest,
        limit: PAGE,
        include_all_metadata: true,
        ...(cursor === undefined ? {} : { cursor }),
      }),
    )
    const found = messages.find((message) => isOf(message.metadata, posted))
    if (found !== undefined) return stampOf(found)
    if (next === undefined) return undefined
    cursor = next
  }
  throw new HistoryTooLong(`${channel} has more than ${MOST_PAGES * PAGE} messages since ${posted.run}`)
}

/** What of a thread stands under a message: its last reply, counted from 1, and the names of its files. */
export async function findReplies(
  client: WebClient,
  channel: string,
  ts: string,
): Promise<{ readonly parts: number; readonly files: readonly string[] }> {
  const found = { parts: 0, files: [] as string[] }
  let cursor: string | undefined
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { messages, next } = pageOf(
      await client.conversations.replies({
        channel,
        ts,
        limit: PAGE,
        include_all_metadata: true,
        ...(cursor === undefined ? {} : { cursor }),
      }),
    )
    for (const message of messages) {
      const part = partMetadata.safeParse(message.metadata).data
      found.parts = Math.max(found.parts, part?.event_payload.part ?? 0)
      found.files.push(...(message.files ?? []).flatMap(({ name }) => name ?? []))
    }
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

function pageOf(value: unknown) {
  const page = answer.safeParse(value).data
  if (page === undefined) throw new NotSlacks()
  return { messages: page.messages ?? [], next: page.response_metadata?.next_cursor || undefined }
}

function isOf(value: unknown, { audit, run, tells }: PostedRun): boolean {
  const payload = metadata.safeParse(value).data?.event_payload
  return payload?.audit === audit && payload.run === run && payload.tells === tells
}
