import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readWorld } from '../../simulator/world/file.js'
import { lifeOf } from '../../src/commands/history.js'
import { RunArchive } from '../../src/history/archive.js'
import { DirectoryStore } from '../../src/history/directory-store.js'
import { attempt } from '../../src/run/attempt.js'
import { NOW, onStage, recordsIn } from '../end-to-end/stage.js'
import { PROTOTYPE_NAMES } from './names.js'

/** A project for each name, which labels it, owns it and names its key. */
function world() {
  const projects = PROTOTYPE_NAMES.map(
    (name, index) => `
  - id: project-${index}
    number: ${index + 10}
    labels: {"${name}": "${name}", team: "${name}"}
    services: [generativelanguage]
    keys: [{name: "${name}", annotations: {"${name}": "${name}"}}]`,
  )
  const text = `
organization: {number: 99, domain: small.example}
caller: {project: auditor-1, serviceAccount: auditor@auditor-1.iam.gserviceaccount.com}
projects:
  - {id: auditor-1, number: 1, services: [apikeys, cloudasset, cloudresourcemanager, serviceusage, logging, monitoring]}${projects.join('')}
slack: {team: Small, channels: [{id: C0456, name: security}, {id: C0789, name: owners}]}
`
  return readWorld(text, 'prototype.yaml', NOW)
}

const POLICY = `
owners:
  labels: [${PROTOTYPE_NAMES.map((name) => `"${name}"`).join(', ')}]
  slack: {${PROTOTYPE_NAMES.map((name) => `"${name}": U0123ABCD`).join(', ')}}
routes: [{owner: constructor, channel: C0789}]
`

describe('Names of what all objects have', function () {
  this.timeout(60_000)

  const folder = mkdtempSync(join(tmpdir(), 'prototype-'))
  const policy = join(folder, 'policy.yaml')

  before(() => writeFileSync(policy, POLICY))

  after(() => rmSync(folder, { recursive: true }))

  it('are names like others: of labels, owners, keys, channels and audits, remembered and reported', async () => {
    await onStage(world(), async ({ simulator, env }) => {
      const archive = join(folder, 'archive')
      const settings = { ...env, AUDIT_POLICY: policy, AUDIT_ARCHIVE: archive, AUDIT_NAME: 'constructor' }
      const days = ['2026-11-23', '2026-11-24']
      for (const day of days) {
        const now = () => new Date(`${day}T07:00:00Z`)
        const { run, undelivered } = await attempt({ flags: {}, env: settings }, { now, deliver: true })
        assert.deepEqual([run.kind, undelivered], ['judged', []])
      }
      const records = recordsIn(simulator, 'key').filter(({ asOf }) => asOf === days[1])
      const owners = records.map(({ key }) => [key.displayName, key.project.owner]).sort()
      assert.deepEqual(owners, PROTOTYPE_NAMES.map((name) => [name, name]).sort())
      assert.ok(records.every(({ change }) => change === 'same'))
      const place = new RunArchive(new DirectoryStore(archive))
      const [uid = ''] = records
        .filter(({ key }) => key.displayName === '__proto__')
        .map(({ key }) => key.uid)
      let events = 0
      for await (const _ of lifeOf(place, 'constructor', uid)) events += 1
      assert.equal(events, days.length)
      const routed = simulator.slackMessages().filter(({ channel }) => channel === 'C0789')
      assert.ok(routed.length > 0 && !JSON.stringify(routed).includes('hasOwnProperty'))
    })
    assert.deepEqual(Object.keys(Object.prototype), [])
  })
})
