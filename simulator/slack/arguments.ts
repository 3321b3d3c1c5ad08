import type { Call } from '../wire/call.js'
import { isObject } from '../wire/json-body.js'
import { SlackError } from './slack-error.js'

export type Arguments = Readonly<Record<string, unknown>>

/** The arguments of a Slack call: from the query, and from a body in any form that Slack takes. */
export function argumentsOf(call: Call): Arguments {
  return { ...Object.fromEntries(call.query), ...bodyOf(call) }
}

/** A text argument; undefined where it is absent or empty. */
export function textOf(args: Arguments, name: string): string | undefined {
  const value = args[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** Whether a flag is set, as JSON or as text. */
export function flagOf(args: Arguments, name: string): boolean {
  return [true, 'true', '1', 1].some((yes) => args[name] === yes)
}

/** An argument that may come as JSON or as the text of JSON. @throws SlackError where the text is no JSON. */
export function structureOf(args: Arguments, name: string, refusal: string): unknown {
  const value = args[name]
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch {
    throw new SlackError(refusal)
  }
}

function bodyOf(call: Call): Arguments {
  const type = call.headers['content-type'] ?? ''
  const text = call.body.toString('utf8')
  if (text === '') return {}
  if (type.startsWith('application/json')) return json(text)
  if (type.startsWith('application/x-www-form-urlencoded'))
    return Object.fromEntries(new URLSearchParams(text))
  throw new SlackError('invalid_post_type')
}

function json(text: string): Arguments {
  try {
    const value: unknown = JSON.parse(text)
    if (isObject(value)) return value
  } catch {
    // told below, as for JSON that is no object
  }
  throw new SlackError('invalid_json')
}
