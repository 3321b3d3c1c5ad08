import type { Answer } from '../wire/call.js'
import { isObject } from '../wire/json-body.js'

const JSON_TYPE = { 'content-type': 'application/json; charset=UTF-8' }
const HTML_TYPE = { 'content-type': 'text/html; charset=UTF-8' }

/** The answer's body as it goes over the wire; undefined for one that is a stream. */
function wireOf({ body }: Answer): Buffer {
  if (Buffer.isBuffer(body)) return body
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body ?? {}))
}

/** Half of the body, under a length that fits it: only who reads the content notices. */
export function truncated(answer: Answer): Answer {
  const wire = wireOf(answer)
  return { ...answer, headers: { ...JSON_TYPE, ...answer.headers }, body: wire.subarray(0, wire.length / 2) }
}

/** The whole length announced, half of it sent, the connection closed. */
export function brokenOff(answer: Answer): Answer {
  const wire = wireOf(answer)
  return { ...answer, headers: { ...JSON_TYPE, ...answer.headers }, body: wire, breaksAt: wire.length >> 1 }
}

/** Whether a body goes out as a JSON object. */
export function isJson(body: unknown): body is Readonly<Record<string, unknown>> {
  return isObject(body) && !Buffer.isBuffer(body) && !(Symbol.asyncIterator in body)
}

/** What a proxy says in place of the service. */
export function page(): Answer {
  return {
    status: 200,
    headers: HTML_TYPE,
    body: '<!DOCTYPE html><title>Sign in</title><p>Sign in to the network.',
  }
}

/** Every field with a value of another type; a page of HTML for what is no JSON. */
export function mistyped(answer: Answer): Answer {
  if (!isJson(answer.body)) return page()
  const fields = Object.entries(answer.body).map(([name, value]) => [name, otherThan(value)])
  return { ...answer, body: Object.fromEntries(fields) }
}

/** Every element of every list with a value of another type. */
export function withMistypedElements(answer: Answer): Answer {
  if (!isJson(answer.body)) return page()
  const fields = Object.entries(answer.body).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.map((element) => otherThan(element)) : value,
  ])
  return { ...answer, body: Object.fromEntries(fields) }
}

function otherThan(value: unknown): unknown {
  if (Array.isArray(value)) return { wrong: 'type' }
  return typeof value === 'object' ? 'wrong type' : ['wrong type']
}

const CHUNK = Buffer.alloc(1 << 16, 'x')

/** The answer behind so many bytes more, which begin as JSON does; nobody has to hold them. */
export function oversized(answer: Answer, bytes: number): Answer {
  async function* body() {
    yield Buffer.from('{"padding":"')
    for (let sent = 0; sent < bytes; sent += CHUNK.length) yield CHUNK
    yield Buffer.from(`",${wireOf(answer).toString('latin1').slice(1)}`, 'latin1')
  }
  return { ...answer, headers: { ...JSON_TYPE, ...answer.headers }, body: body() }
}

/** Dated by a clock that is so many seconds ahead. */
export function skewed(answer: Answer, now: Date, seconds: number): Answer {
  const date = new Date(now.getTime() + seconds * 1000).toUTCString()
  return { ...answer, headers: { ...answer.headers, date } }
}
