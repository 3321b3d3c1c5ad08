import type { Call } from './call.js'
import { invalid } from './google-error.js'

/** The JSON object in a request's body. @throws GoogleError 400 where it is none. */
export function jsonBody(call: Call): Readonly<Record<string, unknown>> {
  if (call.body.length === 0) return {}
  const value = parse(call.body.toString('utf8'))
  if (!isObject(value)) throw invalid('Invalid JSON payload received. Expected an object.')
  return value
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
