// How many requests a run makes, and the minutes that the quotas then allow: of the organizations of `bench:peers`, and
// of ten daily runs of one that has migrated almost all of its keys. Requests are counted, so that neither the machine
// nor its load matter. `--program DIR` counts those of another checkout, such as an earlier version.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Writable } from 'node:stream'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { startSimulator } from '../simulator/simulator.js'
import { openWorld, readWorld } from '../simulator/world/file.js'
import type { World } from '../simulator/world/world.js'
import { settingsFor } from '../src/commands/sample.js'
import { allowance } from '../src/google/quotas.js'
import { QUOTA_OF } from './floor.js'

const DAY = 86_400_000
const FIRST_RUN = new Date('2026-11-23T07:00:00Z')
const PACE = 90

const { values } = parseArgs({
  options: {
    program: { type: 'string', default: '.' },
    peers: { type: 'string', default: '200,2000' },
    gemini: { type: 'string', default: '2000' },
    days: { type: 'string', default: '10' },
  },
})
const { main } = await import(pathToFileURL(resolve(values.program, 'src/commands/main.ts')).href)

type Requests = ReadonlyMap<string, number>

/** One run of the command at a moment; what it prints and writes elsewhere is of no interest. */
async function run(env: Record<string, string>, now: Date, args: readonly string[] = []): Promise<void> {
  const nowhere = () => new Writable({ write: (_chunk, _encoding, done) => done() })
  let said = ''
  const err = new Writable({
    write: (chunk, _encoding, done) => {
      said += chunk
      done()
    },
  })
  const settings = { ...env, AUDIT_PACE: 'off', LOG_PROJECT: 'none', AUDIT_RECORDS: 'relevant' }
  const { SLACK_BOT_TOKEN: _token, SLACK_CHANNEL: _channel, ...silent } = settings as Record<string, string>
  const terminal = { out: nowhere(), err, env: silent, now: () => now }
  const status = await main(['audit', '--format', 'ndjson', '--quiet', ...args], terminal)
  if (status !== 0) throw new Error(`the run ended with ${status}: ${said}`)
}

/** Each world as `npm run bench:peers` has it. */
async function peers(projects: number): Promise<void> {
  const name = `generated:keys=${projects * 5},projects=${projects},gemini=${projects / 5}`
  const simulator = await startSimulator({ world: await openWorld(name, FIRST_RUN), now: () => FIRST_RUN })
  try {
    await run(settingsFor(simulator), FIRST_RUN)
    printLine(
      `${projects.toLocaleString('en')} projects, ${(projects * 5).toLocaleString('en')} keys`,
      simulator.requests,
    )
  } finally {
    await simulator.stop()
  }
}

/** Of ten projects with the Gemini API nine hold an auth key alone; the tenth a standard key with and one without restriction. */
function migrating(projects: number, now: Date): World {
  const made = '2026-01-05T00:00:00Z'
  const migrated = (at: number) =>
    `[{name: new, created: ${made}, targets: [generativelanguage], serviceAccountEmail: bot@gemini-${at}.iam.gserviceaccount.com}]`
  const standard = `[{name: old, created: ${made}, targets: [generativelanguage], traffic: [{daily: 20}]}, {name: open, created: ${made}}]`
  const text = `
organization: {number: 99, domain: large.example}
caller: {project: auditor-1, serviceAccount: auditor@auditor-1.iam.gserviceaccount.com}
projects:
  - {id: auditor-1, number: 1, services: [apikeys, cloudasset, cloudresourcemanager, serviceusage, logging]}
${Array.from(
  { length: projects },
  (_none, at) =>
    `  - {id: gemini-${at}, number: ${1000 + at}, created: ${made}, services: [generativelanguage, translate], keys: ${at % 10 === 0 ? standard : migrated(at)}}`,
).join('\n')}`
  return readWorld(text, 'migrating.yaml', now)
}

/** One run a day, each remembered. */
async function daily(projects: number, days: number): Promise<void> {
  const archive = mkdtempSync(join(tmpdir(), 'requests-'))
  try {
    for (let day = 0; day < days; day += 1) {
      const now = new Date(FIRST_RUN.getTime() + day * DAY)
      const simulator = await startSimulator({ world: migrating(projects, now), now: () => now })
      try {
        await run({ ...settingsFor(simulator), AUDIT_ARCHIVE: archive }, now, ['--deliver'])
        printLine(
          `run ${day + 1} of ${projects.toLocaleString('en')} projects with the Gemini API`,
          simulator.requests,
        )
      } finally {
        await simulator.stop()
      }
    }
  } finally {
    rmSync(archive, { recursive: true })
  }
}

/** One line for each run: all requests, those of each operation, and the quota that takes longest. */
function printLine(what: string, requests: Requests): void {
  const all = [...requests.values()].reduce((sum, count) => sum + count, 0)
  const minutes = [...requests].flatMap(([operation, count]) => {
    const quota = QUOTA_OF[operation]
    return quota === undefined ? [] : [{ operation, minutes: count / allowance(quota, PACE) }]
  })
  const [slowest] = minutes.sort((one, other) => other.minutes - one.minutes)
  const each = [...requests].map(([operation, count]) => `${operation} ${count}`).join(', ')
  console.log(
    `${what}: ${all.toLocaleString('en')} requests, ${slowest?.minutes.toFixed(1)} min (${slowest?.operation} at ${PACE}%); ${each}`,
  )
}

for (const projects of values.peers.split(',').filter(Boolean)) await peers(Number(projects))
await daily(Number(values.gemini), Number(values.days))
