import type { IncomingHttpHeaders } from 'node:http'

/** One request, already matched to an operation. */
export interface Call {
  /** Such as `apikeys.keys.list`. */
  readonly operation: string
  readonly method: string
  /** As it was sent, still encoded, without the query. */
  readonly path: string
  /** The variables of the route's path, decoded. */
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  /** How many calls of this operation came before this one. */
  readonly earlier: number
  /** Where the simulator is served: `http://127.0.0.1:PORT`. */
  readonly origin: string
}

/** What goes back. Text, bytes and streams of bytes go out as they are, everything else as JSON. */
export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** After so many bytes of the body the connection breaks. */
  readonly breaksAt?: number
}

/** What a caller gets instead of an answer: a broken connection. */
interface Hangup {
  readonly hangup: 'reset' | 'silence'
}

export type Outcome = Answer | Hangup

/**
 * Stands between the requests and the services: lets a call through with `answer()`, delays it, changes what
 * comes back, or answers itself. Quotas, latency and faults are gates.
 */
export type Gate = (call: Call, answer: () => Promise<Outcome>) => Promise<Outcome>

/** 200 with a JSON body. */
export function ok(body: unknown): Answer {
  return { status: 200, body }
}

/** Whether a query parameter is set to true, in any case: gcloud sends `True`. */
export function isAsked(call: Call, name: string): boolean {
  return call.query.get(name)?.toLowerCase() === 'true'
}

/** The value of a path variable; the route's own pattern guarantees that it is there. */
export function param(call: Call, name: string): string {
  const value = call.params[name]
  if (value === undefined) throw new Error(`${call.operation} has no {${name}} in its path`)
  return value
}

/** An error that is an answer: what a service says when it does not do what it was asked. */
export abstract class Refusal extends Error {
  abstract answer(): Answer
}
