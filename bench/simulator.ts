// The simulator in a process of its own, made so fast that what is measured is the one who asks: an answer that
// was given once is kept as bytes and given again, and of entries that are written only the number is kept.
// The one who started it asks by messages for what came in.
import { latencyGate, quotaGate } from '../simulator/gates/quota.js'
import { startSimulator } from '../simulator/simulator.js'
import type { Answer, Call, Gate } from '../simulator/wire/call.js'
import { jsonBody } from '../simulator/wire/json-body.js'
import { openWorld } from '../simulator/world/file.js'
import type { Asked } from './asked.js'

const { BENCH_WORLD = '', BENCH_LATENCY, BENCH_QUOTA_MINUTE } = process.env
const ENTRIES_KEPT = 1000

const world = await openWorld(BENCH_WORLD, new Date())
const kept = new Map<string, Answer>()
let urls: Record<string, string[]> = {}
let entries: unknown[] = []
let count = 0
let refused = 0

const simulator = await startSimulator({
  world,
  gates: [...latency(), noting, ...quotas(), cached],
})
process.on('message', (message) => {
  if (message === 'forget') {
    urls = {}
    count = 0
    refused = 0
  } else if (message === 'tell') {
    const asked: Asked = { urls, count, entries, refused }
    process.send?.(asked)
  } else process.exit()
})
process.send?.({
  origin: simulator.origin,
  scope: `organizations/${world.organization.number}`,
  project: world.caller.project,
})

function latency(): Gate[] {
  return BENCH_LATENCY === undefined ? [] : [latencyGate({ milliseconds: Number(BENCH_LATENCY) })]
}

function quotas(): Gate[] {
  if (BENCH_QUOTA_MINUTE === undefined) return []
  const minute = Number(BENCH_QUOTA_MINUTE) / 1000
  return [
    quotaGate(
      { minute },
      () => world.caller.project,
      () => performance.now(),
    ),
  ]
}

async function noting(call: Call, answer: () => ReturnType<Gate>): ReturnType<Gate> {
  const outcome = await answer()
  if ('status' in outcome && outcome.status === 429) refused += 1
  else if (call.method === 'GET') {
    const before = urls[call.operation] ?? []
    before.push(`${call.origin}${call.path}?${call.query}`)
    urls[call.operation] = before
  }
  return outcome
}

async function cached(call: Call, answer: () => ReturnType<Gate>): ReturnType<Gate> {
  if (call.operation === 'logging.entries.write') return written(call)
  const name = `${call.path}?${call.query}`
  const known = kept.get(name)
  if (known) return known
  const outcome = await answer()
  if (!('status' in outcome) || outcome.status !== 200 || call.method !== 'GET') return outcome
  const body = Buffer.from(JSON.stringify(outcome.body))
  const first = { ...outcome, headers: { 'content-type': 'application/json; charset=UTF-8' }, body }
  kept.set(name, first)
  return first
}

/** Entries begin with their log's name; the first write is read as a whole, for the sake of its payloads. */
function written(call: Call): Answer {
  if (entries.length === 0) {
    const body = jsonBody(call)['entries']
    entries = Array.isArray(body) ? body.slice(0, ENTRIES_KEPT) : []
  }
  count += occurrences(call.body, '"insertId":')
  return { status: 200, body: {} }
}

function occurrences(bytes: Buffer, text: string): number {
  let found = 0
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + text.length)) found += 1
  return found
}
