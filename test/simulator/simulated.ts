import { type Simulator, type SimulatorOptions, startSimulator } from '../../simulator/simulator.js'
import { readWorld } from '../../simulator/world/file.js'
import type { World } from '../../simulator/world/world.js'

/** The moment of every world in these tests. */
export const NOW = new Date('2026-11-23T07:00:00Z')

/** A world from the text of a world file, at the moment of these tests or another one. */
export function worldOf(text: string, now = NOW): World {
  return readWorld(text, 'world.yaml', now)
}

/** An answer of the simulator; the body is parsed where it is JSON. */
export interface Heard {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever was answered
  readonly body: any
}

export type Ask = (path: string, request?: RequestInit) => Promise<Heard>

/** Runs a simulator of the world for the time of `use`, which asks it with a token. */
export async function simulated(
  world: World | string,
  use: (ask: Ask, simulator: Simulator) => Promise<void>,
  options: Partial<SimulatorOptions> = {},
): Promise<void> {
  const simulator = await startSimulator({
    ...options,
    world: typeof world === 'string' ? worldOf(world) : world,
  })
  try {
    await use((path, request) => ask(simulator.origin + path, request), simulator)
  } finally {
    await simulator.stop()
  }
}

async function ask(url: string, request: RequestInit = {}): Promise<Heard> {
  const headers = { authorization: 'Bearer simulated', ...request.headers }
  const response = await fetch(url, { ...request, headers })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.startsWith('application/json')
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text }
}

/** The request that posts a JSON body. */
export function posting(body: unknown, headers: Record<string, string> = {}): RequestInit {
  return {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  }
}

/** Every item of a paged listing, page after page, and how many pages there were. */
export async function everything(ask: Ask, path: string, field: string) {
  const items: Heard['body'][] = []
  let pages = 0
  for (let token: string | undefined = ''; token !== undefined; pages += 1) {
    const { body } = await ask(`${path}${path.includes('?') ? '&' : '?'}pageToken=${token}`)
    items.push(...(body[field] ?? []))
    token = body.nextPageToken
  }
  return { items, pages }
}

/** A small organization: two folders, three projects, keys of several kinds. */
export const SMALL = `
organization: {number: 9}
folders:
  - {number: 1, name: production}
  - {number: 2, name: web, parent: 1}
projects:
  - id: auditor-home
    number: 101
    services: [cloudasset, apikeys]
  - id: acme-web
    number: 102
    folder: 2
    labels: {team: shop}
    services: [generativelanguage, maps-backend]
    keys:
      - {name: Chat, uid: uid-chat, created: 400d ago, traffic: [{daily: 7}]}
      - {name: Maps, id: maps-web, uid: uid-maps, targets: [maps-backend], referrers: ["https://acme.example/*"]}
      - {name: Bound, uid: uid-bound, targets: [generativelanguage], serviceAccountEmail: a@b.example}
      - {name: Gone, uid: uid-gone, deleted: 3d ago}
      - {name: Fresh, uid: uid-fresh, created: 1h ago}
      - {name: Vanished, uid: uid-vanished, lag: vanished}
  - id: acme-empty
    number: 103
    folder: 1
slack: {channels: [{id: C01, name: security}, {id: C02, name: other, member: false}]}
buckets: [{name: archive}, {name: locked, retention: 10d, locked: true}]
`
