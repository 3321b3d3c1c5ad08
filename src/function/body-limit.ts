import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { IncomingMessage } from 'node:http'

/** Bytes of the largest body that is taken. Nothing looks into bodies; Cloud Scheduler sends none. */
export const LARGEST_BODY = 16 * 1024

/** Bytes of the largest event that is taken: Pub/Sub's largest message has 10 MB, and grows by a third in base64. */
export const LARGEST_EVENT = 14 * 1024 * 1024

/** The requests whose body is too large, or packed: it was never read. */
const refused = new WeakSet<object>()

/** Whether the body of a request was refused. */
export function isBodyRefused(request: object): boolean {
  return refused.has(request)
}

/**
 * Keeps bodies from the framework, which would hold up to 1 GiB of each, and unpacks what is packed: 16 kB of gzip
 * are enough to end the process. It has no setting for that, and parses before it calls the function; Node.js
 * announces each request before that, whichever server of the process it reached. Returns what ends the limit.
 */
export function limitBodies(most = LARGEST_BODY): () => void {
  const limited = (message: unknown) => limit(message, most)
  subscribe(REQUEST_START, limited)
  return () => unsubscribe(REQUEST_START, limited)
}

const REQUEST_START = 'http.server.request.start'

function limit(message: unknown, most: number): void {
  const { request } = message as { readonly request: IncomingMessage }
  if (hasRefusedBody(request, most)) refuse(request)
  else if (request.headers['transfer-encoding'] !== undefined) endBeyondLimit(request, most)
}

function hasRefusedBody({ headers }: IncomingMessage, most: number): boolean {
  const { 'content-encoding': encoding = 'identity', 'content-length': length = '0' } = headers
  return encoding.toLowerCase() !== 'identity' || Number(length) > most
}

/** Without these headers a parser sees no body. */
function refuse(request: IncomingMessage): void {
  refused.add(request)
  delete request.headers['content-length']
  delete request.headers['transfer-encoding']
}

/** A body whose length nobody has said is counted as it comes. */
function endBeyondLimit(request: IncomingMessage, most: number): void {
  let bytes = 0
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > most) request.destroy()
  })
}
