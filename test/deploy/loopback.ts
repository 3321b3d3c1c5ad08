import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request as it arrived, its body parsed. */
export interface Sent {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly body: unknown
}

/** Serves one answer for whatever is asked, and notes what was sent, for the time of `use`. */
export async function onLoopback(
  answer: unknown,
  use: (origin: string) => Promise<unknown>,
): Promise<readonly Sent[]> {
  const sent: Sent[] = []
  const server = createServer(async (request, response) => {
    const body = await textOf(request)
    const url = new URL(request.url ?? '/', 'http://loopback')
    sent.push({
      method: request.method ?? '',
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      body: body === '' ? undefined : JSON.parse(body),
    })
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(answer))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  } finally {
    server.closeAllConnections()
    server.close()
  }
  return sent
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const part of request) text += part
  return text
}
