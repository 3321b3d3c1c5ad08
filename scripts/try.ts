// Serves the compiled function against a simulated organization, calls it once as Cloud Scheduler does, and prints
// what was answered, posted and logged.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Simulator, startSimulator } from '../simulator/simulator.js'
import { openWorld } from '../simulator/world/file.js'
import { SAMPLE_WORLD, settingsFor } from '../src/commands/sample.js'

const START = fileURLToPath(new URL('start.mjs', import.meta.url))

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('A server has no port.')
  return address.port
}

/** Waits until something answers at the address. Throws where the function ends before. */
async function served(url: string, server: ChildProcess): Promise<void> {
  while (server.exitCode === null && server.signalCode === null) {
    try {
      await fetch(url)
      return
    } catch {
      await wait(50)
    }
  }
  throw new Error(`The function ended with ${server.exitCode ?? server.signalCode} before it was served.`)
}

/** The first request of the day, with the header that Cloud Scheduler sets. */
function scheduled(url: string): Promise<Response> {
  const time = new Date().toISOString().replace(/\.\d+/, '')
  return fetch(url, { method: 'POST', headers: { 'X-CloudScheduler-ScheduleTime': time } })
}

function recordsOf({ log }: Simulator): string {
  const kinds = log.entries().map(({ labels }) => labels['record'] ?? 'other')
  const counts = [...new Set(kinds)].map((kind) => `${kinds.filter((one) => one === kind).length} ${kind}`)
  return `${kinds.length} records (${counts.join(', ')})`
}

function digestOf(simulator: Simulator): string {
  const [message, ...replies] = simulator.slackMessages()
  return `${message?.text ?? 'nothing'}\n(and ${replies.length} replies in its thread)`
}

async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  server.kill()
  await once(server, 'exit')
}

const simulator = await startSimulator({
  world: await openWorld(SAMPLE_WORLD, new Date()),
  now: () => new Date(),
})
const port = await freePort()
const url = `http://127.0.0.1:${port}/`
const server = spawn(process.execPath, [START], {
  env: { ...process.env, ...settingsFor(simulator), AUDIT_PACE: 'off', PORT: String(port) },
  stdio: ['ignore', 'inherit', 'inherit'],
})
try {
  await served(url, server)
  console.log(`The function at ${url}, its organization ${simulator.world.organization.domain} simulated\n`)
  const response = await scheduled(url)
  const answer: unknown = await response.json()
  console.log(`POST ${url} was answered with ${response.status}:\n${JSON.stringify(answer, undefined, 2)}\n`)
  console.log(`Slack got:\n${digestOf(simulator)}\n`)
  console.log(`Cloud Logging got ${recordsOf(simulator)}.`)
  if (!response.ok) process.exitCode = 1
} finally {
  await ended(server)
  await simulator.stop()
}
