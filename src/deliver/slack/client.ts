import { type Logger, LogLevel, WebClient } from '@slack/web-api'
import * as z from 'zod'

/** Bytes of an answer, unpacked: a page of 200 messages of a channel has a few megabytes at the most. */
const LARGEST = 32 * 2 ** 20

/** An answer that no method of Slack's gives. */
class AnswerTooLarge extends Error {
  override readonly name = 'AnswerTooLarge'

  constructor() {
    super('an answer that is too large')
  }
}

/**
 * `fetch` for one Slack API. It reads no answer beyond a limit, hands Slack's client only answers that have the
 * form that it relies on, and sends the token to the API alone: the client would send it to the address
 * for uploads as well.
 * @see https://docs.slack.dev/reference/methods/files.getUploadURLExternal
 */
function fetchFor(api: string): typeof fetch {
  return async (input, init) => {
    const url = String(input)
    const headers = new Headers(init?.headers)
    if (!url.startsWith(api)) headers.delete('authorization')
    const response = await fetch(url, { ...init, headers })
    const body = await bodyOf(response)
    const { status, statusText } = response
    const isAnswer = url.startsWith(api) && status === 200
    return new Response(EMPTY.includes(status) ? null : isAnswer ? formed(body, url, api) : body, {
      status,
      statusText,
      headers: response.headers,
    })
  }
}

/** Statuses that have no body. */
const EMPTY: readonly number[] = [204, 205, 304]

async function bodyOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let room = LARGEST
  for await (const chunk of response.body ?? []) {
    room -= chunk.byteLength
    if (room < 0) throw new AnswerTooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

const text = z.string().optional().catch(undefined)

/** Metadata may be any app's; of ours the payload holds texts and numbers. */
const metadata = z.object({
  event_type: z.string(),
  event_payload: z.record(z.string(), z.union([z.string(), z.number()])),
})

const message = z.object({
  ts: text,
  user: text,
  bot_id: text,
  metadata: metadata.optional().catch(undefined),
  files: z.array(z.object({ name: text })).nullish(),
})

const flag = z.boolean().optional().catch(undefined)

/** Where a message was posted, or what a channel is. */
const channel = z.object({ is_archived: flag, is_member: flag }).optional().catch(undefined)

/**
 * What this program needs of answers. Nothing else of one is kept: Slack's client walks through all of it, and
 * what nests deep enough would end the program.
 */
const answer = z.object({
  ok: z.boolean(),
  error: text,
  needed: text,
  ts: text,
  /** Of a reply, the message names its thread. */
  message: z.object({ thread_ts: text }).optional().catch(undefined),
  upload_url: text,
  file_id: text,
  messages: z.array(message).optional(),
  user: text,
  user_id: text,
  bot_id: text,
  team: text,
  channel,
  response_metadata: z.object({ next_cursor: text }).optional().catch(undefined),
})

/** What stands for an answer that is none of Slack's: it is no code of an error. */
const FOREIGN = JSON.stringify({ ok: false, error: 'Not an answer of Slack' })

function formed(body: string, url: string, api: string): string {
  const parsed = answer.safeParse(jsonIn(body))
  if (!parsed.success) return FOREIGN
  const { data } = parsed
  const isUpload = url.endsWith('/files.getUploadURLExternal') && data.ok
  if (isUpload && !(isUploadUrl(data.upload_url, api) && data.file_id)) return FOREIGN
  return JSON.stringify(data)
}

function jsonIn(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

/** Files go to hosts of Slack's own only, or to where the API itself is. */
function isUploadUrl(value: string | undefined, api: string): boolean {
  if (value === undefined || !URL.canParse(value)) return false
  const { protocol, hostname, origin } = new URL(value)
  return origin === new URL(api).origin || (protocol === 'https:' && /\.slack(-gov)?\.com$/.test(hostname))
}

/** The client writes warnings and whole requests to the console; what matters is in errors. */
const QUIET: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  setName() {},
  getLevel: () => LogLevel.ERROR,
}

export interface SlackClientOptions {
  readonly token: string
  /** Ends with `/api/`. */
  readonly url: string
  /** Milliseconds for a request. */
  readonly timeout: number
}

/**
 * Slack's own client without its retries: it would post a message again whose answer was lost, and wait for
 * half an hour. Waiting and trying again are ours.
 */
export function slackClient({ token, url, timeout }: SlackClientOptions): WebClient {
  return new WebClient(token, {
    slackApiUrl: url,
    fetch: fetchFor(url),
    timeout,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    logger: QUIET,
  })
}
