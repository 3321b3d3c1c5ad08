import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Simulator } from '../../simulator/simulator.js'
import { readWorld } from '../../simulator/world/file.js'
import type { World } from '../../simulator/world/world.js'
import { RunArchive } from '../../src/history/archive.js'
import { DirectoryStore } from '../../src/history/directory-store.js'
import { type JudgedRun, recordsOf } from '../../src/history/judged-run.js'
import type { AuditRecord } from '../../src/records/records.js'
import type { Outcome } from '../../src/run/audit.js'
import { attempt } from '../program.js'

/** A new directory for the time of `use`. */
export async function inDirectory<Value>(use: (directory: string) => Promise<Value>): Promise<Value> {
  const directory = await mkdtemp(join(tmpdir(), 'audits-'))
  try {
    return await use(directory)
  } finally {
    await rm(directory, { recursive: true })
  }
}

/** A delivered run at a moment, as Cloud Scheduler would ask for it. */
export function runAt(time: string, env: Readonly<Record<string, string>>): Promise<Outcome> {
  return attempt({ flags: {}, env }, { now: () => new Date(time), deliver: true, scheduled: time })
}

/** The judged run of an outcome in which everything was delivered. */
export function delivered({ run, undelivered }: Outcome): JudgedRun {
  assert.deepEqual(undelivered, [])
  assert.ok(run.kind === 'judged', run.kind === 'failed' ? run.record.error : '')
  return run
}

export const archiveIn = (directory: string) => new RunArchive(new DirectoryStore(directory))

/** One organization with one project; `projects` and `more` are further lines of YAML. */
export function worldOf(keys: string, { api = true, projects = '', more = '', tokens = '[]' } = {}): World {
  return readWorld(
    `
organization: {number: 99, domain: small.example}
caller: {project: auditor-1, serviceAccount: auditor@auditor-1.iam.gserviceaccount.com}
projects:
  - {id: auditor-1, number: 1, services: [apikeys, cloudasset, cloudresourcemanager, serviceusage, logging, storage]}
  - id: gemini-1
    number: 2
    services: [${api ? 'generativelanguage' : ''}]
    keys: ${keys}
${projects}
slack: {team: Small, tokens: ${tokens}, channels: [{id: C0456, name: security}]}
buckets: [{name: audits, retention: 400d, locked: true}]
${more}`,
    'world.yaml',
    new Date('2026-11-23T07:00:00Z'),
  )
}

/** The digests in the simulated channel. */
export function digestsIn(simulator: Simulator) {
  return simulator.slackMessages().filter(({ threadTs }) => threadTs === undefined)
}

/** All records of a run, the run record last. */
export async function recordsOfRun(run: JudgedRun): Promise<AuditRecord[]> {
  const records: AuditRecord[] = []
  for await (const record of recordsOf(run)) records.push(record)
  return records
}
