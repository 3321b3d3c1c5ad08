import * as z from 'zod'

/** Bytes of an answer, unpacked: a page of 200 messages of a channel has a few megabytes at the most. */
const LARGEST = 32 * 2 ** 20

/** An answer that no method of Slack's gives. */
export class AnswerTooLarge extends Error {
  override readonly name = 'AnswerTooLarge'

  constructor() {
    super('an answer that is too large')
  }
}

/**
 * `fetch` for one Slack API. It reads no answer beyond a limit, hands Slack's client only answers that have the
 * form that it relies on, and shows the token to nobody but the API: the client would send it to the address
 * for uploads as well.
 * @see https://docs.slack.dev/reference/methods/files.getUploadURLExternal
 */
export function fetchFor(api: string, largest = LARGEST): typeof fetch {
  return async (input, init) => {
    const url = String(input)
    const headers = new Headers(init?.headers)
    if (!url.startsWith(api)) headers.delete('authorization')
    const response = await fetch(url, { ...init, headers })
    const text = await textOf(response, largest)
    const { status, statusText } = response
    const isAnswer = url.startsWith(api) && status === 200
    return new Response(EMPTY.includes(status) ? null : isAnswer ? formed(text, url, api) : text, {
      status,
      statusText,
      headers: response.headers,
    })
  }
}

/** Statuses that have no body. */
const EMPTY: readonly number[] = [204, 205, 304]

async function textOf(response: Response, largest: number): Promise<string> {
  const chunks: Uint8Array[] = []
  let room = largest
  for await (const chunk of response.body ?? []) {
    room -= chunk.byteLength
    if (room < 0) throw new AnswerTooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** The parts of an answer that Slack's client reaches into. */
const answer = z.looseObject({
  response_metadata: z
    .object({ next_cursor: z.string().optional().catch(undefined) })
    .optional()
    .catch(undefined),
})

/** What stands for an answer that is none of Slack's: it is no code of an error. */
const FOREIGN = JSON.stringify({ ok: false, error: 'Not an answer of Slack' })

function formed(text: string, url: string, api: string): string {
  const parsed = answer.safeParse(jsonIn(text))
  if (!parsed.success) return FOREIGN
  const { data } = parsed
  const isUpload = url.endsWith('/files.getUploadURLExternal') && data['ok'] === true
  if (isUpload && !(isUploadUrl(data['upload_url'], api) && typeof data['file_id'] === 'string'))
    return FOREIGN
  return JSON.stringify(data)
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Files go to hosts of Slack's own only, or to where the API itself is. */
function isUploadUrl(value: unknown, api: string): boolean {
  if (typeof value !== 'string' || !URL.canParse(value)) return false
  const { protocol, hostname, origin } = new URL(value)
  return origin === new URL(api).origin || (protocol === 'https:' && /\.slack(-gov)?\.com$/.test(hostname))
}
