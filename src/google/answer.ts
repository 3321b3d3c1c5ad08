import type { z } from 'zod'
import { DamagedAnswer } from './failure.js'

/**
 * Reads the body of a 200. Gaxios hands out truncated JSON, HTML and empty bodies as strings, other content
 * types as Blobs, and calls all of them a success: a listing would look empty.
 * Throws `DamagedAnswer`, which is worth asking again.
 */
export function readAnswer<Answer>(data: unknown, schema: z.ZodType<Answer>): Answer {
  if (!isJsonObject(data)) throw new DamagedAnswer('not a JSON object')
  if ('error' in data) throw new DamagedAnswer('an error under status 200')
  const answer = schema.safeParse(data)
  if (answer.success) return answer.data
  const issue = answer.error.issues[0]
  throw new DamagedAnswer(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unexpected'}`)
}

function isJsonObject(data: unknown): data is Record<string, unknown> {
  return typeof data === 'object' && data !== null && Object.getPrototypeOf(data) === Object.prototype
}
