import type * as z from 'zod'
import type { Call } from './call.js'
import { badRequest, invalid } from './google-error.js'

/** The JSON object in a request's body. @throws GoogleError 400 where it is none. */
export function jsonBody(call: Call): Readonly<Record<string, unknown>> {
  if (call.body.length === 0) return {}
  const value = parse(call.body.toString('utf8'))
  if (!isObject(value)) throw invalid('Invalid JSON payload received. Expected an object.')
  return value
}

/** The body as the message that the method takes. @throws GoogleError 400 that names the first field that is wrong. */
export function bodyOf<Message>(call: Call, message: z.ZodType<Message>): Message {
  return messageOf(jsonBody(call), message)
}

/** A JSON value as a message. @throws GoogleError 400 that names the first field that is wrong. */
export function messageOf<Message>(value: unknown, message: z.ZodType<Message>): Message {
  const result = message.safeParse(value)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  throw badRequest(issue?.path.join('.') ?? '', issue?.message ?? 'not what is expected')
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw invalid(`Invalid JSON payload received. ${error instanceof Error ? error.message : ''}`)
  }
}
