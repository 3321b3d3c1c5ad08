import { createHash } from 'node:crypto'
import { z } from 'zod'
import { gsUri } from '../gs-path.js'
import { readAnswer } from './answer.js'
import { CALLS } from './calls.js'
import type { GoogleClient, Question } from './client.js'
import { ApiError } from './errors.js'

const GOOGLE = 'https://storage.googleapis.com'

const begun = z.object({ session: z.url() })
const taken = z.object({ end: z.int(), md5: z.string().optional() })
type Taken = z.infer<typeof taken>

/** Status of an upload that is not whole yet. */
const INCOMPLETE = 308

const ALTERED = { reason: 'MALFORMED', detail: 'what was stored is not what was sent' }

/**
 * Writes an object that is not there yet from pieces of a multiple of 256 KiB each but for the last; false when
 * there is one. A piece whose answer was lost goes on where Cloud Storage has it. One piece is held at a time.
 * Throws `ApiError`.
 * @see https://cloud.google.com/storage/docs/performing-resumable-uploads
 */
export async function uploadObject(
  client: GoogleClient,
  bucket: string,
  object: string,
  pieces: AsyncIterable<Buffer>,
): Promise<boolean> {
  try {
    const upload = new Upload(client, bucket, object)
    await upload.begin()
    let last: Buffer | undefined
    for await (const piece of pieces) {
      if (last !== undefined) await upload.send(last, 'more')
      last = piece
    }
    await upload.send(last ?? Buffer.alloc(0), 'whole')
    return true
  } catch (error) {
    if (error instanceof ApiError && error.status === 412) return false
    throw error
  }
}

class Upload {
  readonly #client: GoogleClient
  readonly #bucket: string
  readonly #object: string
  readonly #md5 = createHash('md5')
  #session = ''
  #end = 0

  constructor(client: GoogleClient, bucket: string, object: string) {
    this.#client = client
    this.#bucket = bucket
    this.#object = object
  }

  async begin(): Promise<void> {
    const { auth, rootUrl = GOOGLE } = this.#client.connection
    const url = new URL(`/upload/storage/v1/b/${encodeURIComponent(this.#bucket)}/o`, rootUrl)
    url.search = new URLSearchParams({
      uploadType: 'resumable',
      name: this.#object,
      ifGenerationMatch: '0',
    }).toString()
    const { session } = await this.#ask(begun, async (options) => {
      const headers = { 'x-upload-content-type': 'application/octet-stream' }
      const answer = await auth.request({ ...options, url, method: 'POST', headers })
      return { data: { session: answer.headers.get('location') } }
    })
    this.#session = session
  }

  /** Sends the next piece. What is whole is compared with what was sent. */
  async send(piece: Buffer, extent: 'more' | 'whole'): Promise<void> {
    const from = this.#end
    const to = from + piece.length
    let attempts = 0
    this.#md5.update(piece)
    const { end, md5 } = await this.#ask(taken, async (options) => {
      attempts += 1
      const there = attempts === 1 ? from : (await this.#put(Buffer.alloc(0), 'bytes */*', options)).end
      const rest = piece.subarray(there - from)
      const range = rest.length === 0 ? '*' : `${there}-${to - 1}`
      const total = extent === 'whole' ? to : '*'
      return { data: await this.#put(rest, `bytes ${range}/${total}`, options) }
    })
    if (end !== to || (extent === 'whole' && md5 !== this.#md5.digest('base64'))) throw this.#altered()
    this.#end = to
  }

  async #put(
    data: Buffer,
    range: string,
    options: Parameters<Question<Taken>['send']>[0],
  ): Promise<{ readonly end: number; readonly md5?: string }> {
    const {
      status,
      headers,
      data: resource,
    } = await this.#client.connection.auth.request<unknown>({
      ...options,
      url: this.#session,
      method: 'PUT',
      headers: { 'content-range': range },
      data,
      validateStatus: (code: number) => (code >= 200 && code < 300) || code === INCOMPLETE,
    })
    if (status === INCOMPLETE) return { end: endOf(headers.get('range')) }
    const { size, md5Hash } = readAnswer(resource, stored)
    return { end: Number(size), md5: md5Hash }
  }

  #ask<Answer>(schema: z.ZodType<Answer>, send: Question<Answer>['send']): Promise<Answer> {
    return this.#client.ask({ call: CALLS.createObject, subject: this.#subject, send, schema })
  }

  get #subject(): string {
    return gsUri(this.#bucket, this.#object)
  }

  #altered(): ApiError {
    return new ApiError(CALLS.createObject, this.#subject, ALTERED)
  }
}

const stored = z.looseObject({ size: z.string().regex(/^\d{1,15}$/), md5Hash: z.string() })

/** `bytes=0-41` says that 42 bytes are there; without the header none are. */
function endOf(range: string | null): number {
  const [, last] = /^bytes=0-(\d+)$/.exec(range ?? '') ?? []
  return last === undefined ? 0 : Number(last) + 1
}
