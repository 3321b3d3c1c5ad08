/**
 * One attempt at a run that kills itself at a step, as `kill -9` would: nothing is ended, closed or told.
 * Started by killed.test.ts; `STEP` is `before` or `after`, an operation, and a pattern of its subject; with
 * another one it lives.
 */

import { readConfig } from '../../src/config/config.js'
import { RunArchive } from '../../src/history/archive.js'
import type { ArchiveStore } from '../../src/history/archive-store.js'
import { Claims } from '../../src/history/claims.js'
import type { Instant } from '../../src/model.js'
import { assemble } from '../../src/run/assemble.js'
import { identifyRun } from '../../src/run/attempt.js'
import { audit } from '../../src/run/audit.js'

const [when, operation, pattern = ''] = (process.env['STEP'] ?? '').split(' ')
const time = process.env['RUN_TIME'] as Instant

async function step<Value>(name: string, subject: string, work: () => Promise<Value>): Promise<Value> {
  const isIt = name === operation && new RegExp(pattern).test(subject)
  if (isIt && when === 'before') process.kill(process.pid, 'SIGKILL')
  const value = await work()
  if (isIt && when === 'after') process.kill(process.pid, 'SIGKILL')
  return value
}

function deadly(store: ArchiveStore): ArchiveStore {
  return {
    name: store.name,
    create: (path, content) => step('create', path, () => store.create(path, content)),
    createLarge: (path, content) => step('create', path, () => store.createLarge(path, content)),
    read: (path) => store.read(path),
    open: (path) => store.open(path),
    list: (folder, from) => store.list(folder, from),
    objects: (folder) => store.objects(folder),
  }
}

const now = () => time
const lifetime = Number(process.env['LIFETIME'] ?? 300)
const config = readConfig({ flags: {}, env: process.env })
const parts = await assemble(config, process.env, { now, deliver: true })
if (parts.archive === undefined) throw new Error('a killed attempt needs an archive')
const store = deadly(parts.archive.store)
const { undelivered } = await audit(identifyRun(config, time, time), {
  ...parts,
  archive: new RunArchive(store),
  claimsOf: (run) => new Claims(store, run, { now, lifetime, pause: 20 }),
  deliveries: parts.deliveries.map((delivery) => ({
    to: delivery.to,
    what: delivery.what,
    isRepeatable: delivery.isRepeatable,
    deliver: (...args) => step('deliver', delivery.to, () => delivery.deliver(...args)),
    ...(delivery.note && { note: delivery.note.bind(delivery) }),
  })),
})
if (undelivered.length > 0) throw undelivered[0]
