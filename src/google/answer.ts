import { Readable } from 'node:stream'
import { gaxios } from 'google-auth-library'
import type { z } from 'zod'

/** An answer with status 200 that is not what the API documents. Gaxios takes it for a success. */
export class DamagedAnswer extends Error {
  override readonly name = 'DamagedAnswer'
}

/**
 * Reads the body of a 200. Gaxios hands out truncated JSON, HTML and empty bodies as strings, other content
 * types as Blobs, and calls all of them a success: a listing would look empty.
 * Throws `DamagedAnswer`, which is worth asking again.
 */
export function readAnswer<Answer>(data: unknown, schema: z.ZodType<Answer>): Answer {
  if (!isJsonObject(data)) throw new DamagedAnswer('not a JSON object')
  if ('error' in data) throw new DamagedAnswer('an error under status 200')
  if (Object.hasOwn(data, '__proto__')) throw new DamagedAnswer('__proto__: unexpected') // schemas pass over it
  const answer = schema.safeParse(data)
  if (answer.success) return answer.data
  const issue = answer.error.issues[0]
  throw new DamagedAnswer(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unexpected'}`)
}

/** Ends an answer that was refused for its size before it was read: its connection would stay open. */
export function discard(error: unknown): void {
  if (!(error instanceof gaxios.GaxiosError) || !error.response || error.response.bodyUsed) return
  const body: unknown = error.response.body
  if (body instanceof Readable) body.destroy()
}

function isJsonObject(data: unknown): data is Record<string, unknown> {
  return typeof data === 'object' && data !== null && Object.getPrototypeOf(data) === Object.prototype
}
