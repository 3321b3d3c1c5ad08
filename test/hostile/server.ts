import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** An answer as it goes over the wire; a function writes it by itself. */
export type RawAnswer =
  | {
      readonly status: number
      readonly headers: Readonly<Record<string, string>>
      readonly body: string | Buffer
    }
  | ((response: ServerResponse) => void)

export interface RawServer {
  readonly origin: string
  /** What is answered from now on. */
  answer: (request: { readonly path: string; readonly headers: IncomingMessage['headers'] }) => RawAnswer
  stop(): Promise<void>
}

/** A server on loopback that says anything at all. */
export async function startRawServer(): Promise<RawServer> {
  const server = createServer((request, response) => {
    request.resume()
    request.on('end', () => {
      const raw = served.answer({ path: request.url ?? '', headers: request.headers })
      if (typeof raw === 'function') raw(response)
      else response.writeHead(raw.status, raw.headers).end(raw.body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const served: RawServer = {
    origin: `http://127.0.0.1:${port}`,
    answer: () => ({ status: 200, headers: {}, body: '' }),
    stop: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
  return served
}
