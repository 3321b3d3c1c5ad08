import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Request {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface Answer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** A text is sent as it is, anything else as JSON; `'reset'` breaks the connection, `'hang'` never answers. */
  readonly body: unknown
}

export interface StandIn {
  readonly origin: string
  readonly requests: Request[]
  stop(): Promise<void>
}

/** A loopback server that answers as it is told, request by request. */
export async function standIn(answer: (request: Request, index: number) => Answer): Promise<StandIn> {
  const requests: Request[] = []
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8')
      const request = { path: incoming.url ?? '', headers: incoming.headers, body }
      requests.push(request)
      respond(outgoing, answer(request, requests.length - 1))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    requests,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function respond(outgoing: ServerResponse, { status = 200, headers = {}, body }: Answer): void {
  if (body === 'hang') return
  if (body === 'reset') {
    outgoing.destroy()
    return
  }
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const type = typeof body === 'string' ? 'text/html' : 'application/json'
  outgoing.writeHead(status, { 'content-type': type, ...headers }).end(text)
}
