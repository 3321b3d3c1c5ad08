import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pipeline } from 'node:stream/promises'
import type { Answer, Call, Gate, Outcome } from './call.js'
import { Refusal } from './call.js'
import { withNumbers } from './enumeration.js'
import { type Mask, masked, maskOf } from './fields.js'
import { badRequest, errorInfo, GoogleError } from './google-error.js'
import { checkParameters, wantsNumbers } from './parameters.js'
import { type Match, matcher, type Route } from './routes.js'

/** Google's front ends take no more in one request, uploads apart. */
const MOST_BYTES = 512 * 1024 * 1024

export interface Served {
  readonly origin: string
  /** How often each operation was called, refused calls included. */
  readonly requests: ReadonlyMap<string, number>
  stop(): Promise<void>
}

/**
 * Milliseconds for which a connection waits for its next request. Node's 5,000 are less than what a busy machine
 * needs between two of them: it would ask again, and requests be counted that nobody meant.
 */
const KEPT_ALIVE = 120_000

/** Serves the routes on loopback; port 0 takes a free one. */
export async function serve(routes: readonly Route[], gates: readonly Gate[], port: number): Promise<Served> {
  const find = matcher(routes)
  const requests = new Map<string, number>()
  let origin = ''
  const server = createServer((request, response) => {
    respond(request, response).catch((error: unknown) => {
      response.destroy()
      if (!request.aborted) throw error
    })
  })
  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', origin)
    const match = find(request.method ?? 'GET', url.pathname)
    const operation = match?.route.operation ?? 'unknown'
    const earlier = requests.get(operation) ?? 0
    requests.set(operation, earlier + 1)
    const call: Call = {
      operation,
      method: request.method ?? 'GET',
      path: url.pathname,
      params: match?.params ?? {},
      query: url.searchParams,
      headers: request.headers,
      body: await bodyOf(request),
      earlier,
      origin,
    }
    const answer = () => orRefusal(async () => (match ? answerOf(match, call) : nothingThere(call)))
    const passed = gates.reduceRight<() => Promise<Outcome>>((next, gate) => () => gate(call, next), answer)
    await send(response, await orRefusal(passed))
  }
  server.keepAliveTimeout = KEPT_ALIVE
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address: string | AddressInfo | null = server.address()
  if (address === null || typeof address === 'string') throw new Error('the simulator has no port')
  origin = `http://127.0.0.1:${address.port}`
  return { origin, requests, stop: () => stop(server) }
}

async function stop(server: ReturnType<typeof createServer>): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += chunk.length
    if (bytes > MOST_BYTES) throw new Error(`a request of more than ${MOST_BYTES} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

async function answerOf({ route }: Match, call: Call): Promise<Outcome> {
  if (route.dialect !== 'google') return route.handle(call)
  checkGoogleRequest(route, call)
  const mask = maskAsked(call)
  const answer = await route.handle(call)
  const body = wantsNumbers(call) ? withNumbers(answer.body, route.enumerations ?? {}) : answer.body
  return { ...answer, body: mask === undefined ? body : masked(body, mask) }
}

/** @throws GoogleError 400 where it cannot be read. */
function maskAsked({ query }: Call): Mask | undefined {
  const text = query.get('$fields') ?? query.get('fields')
  if (!text) return undefined
  const mask = maskOf(text)
  if (mask === undefined) throw badRequest('fields', `"${text}" is no field mask`)
  return mask
}

/** What comes back, or the refusal that stood in its way. */
async function orRefusal(answer: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await answer()
  } catch (error) {
    if (error instanceof Refusal) return error.answer()
    throw error
  }
}

function checkGoogleRequest(route: Route, call: Call): void {
  if (!/^Bearer \S/.test(call.headers.authorization ?? '')) {
    throw new GoogleError('UNAUTHENTICATED', 'The request has no OAuth 2 access token.', [
      errorInfo('CREDENTIALS_MISSING', 'googleapis.com', { method: call.operation }),
    ])
  }
  if (route.query) checkParameters(call, route.query)
}

/** Google answers paths that it does not know with a page for people. */
function nothingThere(call: Call): Answer {
  return {
    status: 404,
    headers: { 'content-type': 'text/html; charset=UTF-8' },
    body: `<!DOCTYPE html><title>Error 404 (Not Found)</title><p>${call.method} ${encodeURI(call.path)} is not served here.`,
  }
}

async function send(response: ServerResponse, outcome: Outcome): Promise<void> {
  if ('hangup' in outcome) {
    if (outcome.hangup === 'reset') response.destroy()
    return
  }
  const { status, headers = {}, body, breaksAt } = outcome
  if (isStream(body)) {
    response.writeHead(status, headers)
    await pipeline(body, response).catch(unlessGone(response))
    return
  }
  const raw = typeof body === 'string' || Buffer.isBuffer(body) || body === undefined
  const bytes = raw ? (body ?? '') : JSON.stringify(body)
  const type = raw ? {} : { 'content-type': 'application/json; charset=UTF-8' }
  response.writeHead(status, { ...type, 'content-length': Buffer.byteLength(bytes), ...headers })
  if (breaksAt === undefined) response.end(bytes)
  else response.write(Buffer.from(bytes).subarray(0, breaksAt), () => response.destroy())
}

function isStream(body: unknown): body is AsyncIterable<Uint8Array> {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body
}

/** A caller need not listen to the end. */
function unlessGone(response: ServerResponse): (error: unknown) => void {
  return (error) => {
    if (!response.closed && !response.destroyed) throw error
  }
}
