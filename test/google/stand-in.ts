import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createGoogle, type GoogleClient, type GoogleOptions } from '../../src/google/client.js'

/** One answer of the stand-in: sent as JSON, or made by hand on the bare response. */
export type Answer =
  | { readonly status?: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> }
  | ((response: ServerResponse, request: IncomingMessage) => void)

export interface Asked {
  readonly path: string
  readonly query: URLSearchParams
  readonly authorization: string | undefined
  /** Milliseconds, monotonic. */
  readonly at: number
}

/** A server on loopback that answers each request with the next of the given answers, the last one for ever. */
export interface StandIn {
  readonly origin: string
  readonly asked: readonly Asked[]
  /** Resolves once the server has been asked for the first time. */
  readonly begun: Promise<void>
  stop(): Promise<void>
}

export async function startStandIn(answer: (asked: Asked, count: number) => Answer): Promise<StandIn> {
  const asked: Asked[] = []
  let begin: () => void = () => undefined
  const begun = new Promise<void>((resolve) => {
    begin = resolve
  })
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://stand-in')
    const { authorization } = request.headers
    const question = {
      path: decodeURIComponent(url.pathname),
      query: url.searchParams,
      authorization,
      at: performance.now(),
    }
    asked.push(question)
    begin()
    send(answer(question, asked.length), response, request)
  })
  server.keepAliveTimeout = 0 // a busy machine would find its connection closed, and ask once more than it should
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    asked,
    begun,
    stop: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

function send(answer: Answer, response: ServerResponse, request: IncomingMessage): void {
  if (typeof answer === 'function') {
    answer(response, request)
    return
  }
  response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers })
  response.end(JSON.stringify(answer.body ?? {}))
}

/** An error body as Google's APIs send it. */
export function refusal(status: number, name: string, reason?: string, metadata = {}): Answer {
  const info = {
    '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
    reason,
    domain: 'googleapis.com',
    metadata,
  }
  const error = { code: status, message: `said Google: ${name}`, status: name, details: reason ? [info] : [] }
  return { status, body: { error } }
}

/** A client that asks the stand-in and does not wait for long. */
export function clientOf(standIn: StandIn, options: Partial<GoogleOptions> = {}): GoogleClient {
  const retryPolicy = { retries: 3, first: 1, longest: 5, total: 10_000 }
  return createGoogle({ origin: standIn.origin, pace: 'off', retryPolicy, ...options })
}

export async function collect<T>(pages: AsyncIterable<readonly T[]>): Promise<readonly T[]> {
  const all: T[] = []
  for await (const page of pages) all.push(...page)
  return all
}
