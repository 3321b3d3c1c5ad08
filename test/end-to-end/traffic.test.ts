import assert from 'node:assert/strict'
import { join } from 'node:path'
import { readWorld } from '../../simulator/world/file.js'
import type { World } from '../../simulator/world/world.js'
import { keysOf } from '../../src/history/judged-run.js'
import type { KeyRecord } from '../../src/records/key-record.js'
import { attempt } from '../program.js'
import { delivered, inDirectory, runAt, worldOf } from './remembered.js'
import { NOW, onStage } from './stage.js'

const GEMINI_ONLY = 'targets: [generativelanguage], created: 300d ago'

/** One key with this traffic, as a run records it. */
async function keyWith(traffic: string, beside = ''): Promise<KeyRecord> {
  const found: KeyRecord[] = []
  const keys = `[{name: key, ${GEMINI_ONLY}, traffic: [${traffic}]}${beside}]`
  await onStage(worldOf(keys), async ({ env }) => {
    const { run } = await attempt({ flags: {}, env }, { now: () => NOW, deliver: false })
    assert.ok(run.kind === 'judged')
    for await (const record of keysOf(run)) if (record.key.displayName === 'key') found.push(record)
  })
  return found[0] ?? assert.fail('the key was not read')
}

function knownUsage({ usage }: KeyRecord) {
  return 'unknown' in usage ? assert.fail(usage.unknown) : usage
}

describe('a key whose calls', () => {
  it('all turned to 400 is broken since that day, and no rejection is claimed', async () => {
    const record = await keyWith('{daily: 300, to: 2026-11-12}, {code: 400, daily: 300, from: 2026-11-13}')
    const { traffic, stoppedOn, lostWeekly, lately, mayMean } = knownUsage(record)
    assert.deepEqual([traffic, stoppedOn, lostWeekly], ['newly-failing', '2026-11-13', 2100])
    assert.deepEqual(lately?.codes, { 400: 2400 })
    assert.ok(mayMean?.every(({ code }) => code === '400'))
    assert.match(
      record.impact,
      /worked until November 12, 2026, and since November 13, 2026 they fail \(400\)/,
    )
    assert.doesNotMatch(record.impact, /reject/)
  })

  it('are paid for no longer leads to the billing account, and one of a retired model to the model', async () => {
    const unpaid = await keyWith('{daily: 50, to: 2026-11-20}, {code: 402, daily: 50, from: 2026-11-21}')
    assert.match(unpaid.remedy.steps[0]?.say ?? '', /answered 402: the billing account may be out of credit/)
    const retired = await keyWith('{daily: 50, to: 2026-11-20}, {code: 404, daily: 50, from: 2026-11-21}')
    assert.match(
      retired.remedy.steps[0]?.say ?? '',
      /answered 404: the model that it calls may have been retired/,
    )
  })

  it('with a few bad requests as always is in use', async () => {
    const usage = knownUsage(await keyWith('{daily: 300}, {code: 400, daily: 4}'))
    assert.deepEqual([usage.traffic, usage.partlyFailing, usage.mayMean], ['accepted', undefined, undefined])
  })

  it('are refused but for a health check is partly failing, and since when', async () => {
    const record = await keyWith(
      '{daily: 24}, {daily: 300, to: 2026-11-12}, {code: 401, daily: 300, from: 2026-11-13}',
    )
    const { traffic, partlyFailing, lately } = knownUsage(record)
    assert.equal(traffic, 'accepted')
    assert.deepEqual(partlyFailing, { accepted: 24, calls: 324, since: '2026-11-13' })
    assert.deepEqual(lately?.codes, { 200: 192, 401: 2400 })
    assert.match(record.impact, /but only 24 of 324 calls a day get through, and can stop any day/)
  })

  it('turned to 403 although it is restricted is looked at as a leak before a new key is made', async () => {
    const { usage, remedy } = await keyWith(
      '{daily: 500, to: 2026-11-17}, {code: 403, daily: 500, from: 2026-11-18}',
    )
    assert.ok('traffic' in usage)
    assert.equal(usage.traffic, 'newly-refused')
    const [first] = remedy.steps
    assert.match(
      first?.say ?? '',
      /the answer that the caller gets.*“reported as leaked”.*checklist before you make a new key/,
    )
    assert.equal(first?.url, 'https://cloud.google.com/docs/security/compromised-credentials')
  })

  it('are refused like those of all keys of its project leads to the project first', async () => {
    const turned = '{daily: 500, to: 2026-11-17}, {code: 403, daily: 500, from: 2026-11-18}'
    const other = `, {name: other, ${GEMINI_ONLY}, traffic: [${turned}]}`
    const { remedy } = await keyWith(turned, other)
    assert.match(remedy.steps[0]?.say ?? '', /the project may have been denied access/)
    const working = `, {name: other, ${GEMINI_ONLY}, traffic: [{daily: 1}]}`
    const { remedy: alone } = await keyWith(turned, working)
    assert.doesNotMatch(alone.steps[0]?.say ?? '', /the project may/)
  })
})

/** Four projects of four restricted keys, of which three in each are refused from a day on. */
function organization(now: string): World {
  const key = (project: number, index: number) => {
    const daily = 50 + 10 * project + index
    const turns = index < 3
    const until = turns ? ', to: 2026-11-23' : ''
    const refused = turns ? `, {code: 403, daily: ${daily}, from: 2026-11-24}` : ''
    return `{name: key ${project}-${index}, ${GEMINI_ONLY}, traffic: [{daily: ${daily}${until}}${refused}]}`
  }
  const four = [0, 1, 2, 3]
  const projects = four.map(
    (project) =>
      `  - {id: app-${project}, number: 5${project}, services: [generativelanguage], keys: [${four.map((index) => key(project, index)).join(', ')}]}`,
  )
  const text = `
organization: {number: 99, domain: small.example}
caller: {project: auditor-1, serviceAccount: auditor@auditor-1.iam.gserviceaccount.com}
projects:
  - {id: auditor-1, number: 1, services: [apikeys, cloudasset, cloudresourcemanager, serviceusage, monitoring, logging]}
${projects.join('\n')}
slack: {team: Small, channels: [{id: C0456, name: security}]}
`
  return readWorld(text, 'day.yaml', new Date(now))
}

describe('the day on which keys of many projects stop', () => {
  const [BEFORE, AFTER] = ['2026-11-23T07:00:00Z', '2026-11-24T07:00:00Z'] as const

  it('is an event in the run record, counted as a change, with the greatest losses first', async () => {
    await inDirectory(async (directory) => {
      let now = BEFORE as string
      await onStage(
        organization(BEFORE),
        async ({ simulator, env }) => {
          const settings = { ...env, AUDIT_ARCHIVE: join(directory, 'archive') }
          const before = delivered(await runAt(BEFORE, settings))
          assert.equal(before.record.enforcement.event, undefined)
          simulator.world = organization(AFTER)
          now = AFTER
          const { record, affectedKeys } = delivered(await runAt(AFTER, settings))
          assert.deepEqual(record.enforcement.event, {
            ...{ since: '2026-11-24', keys: 12, projects: 4 },
            ...{ allStandard: true, allRestricted: true },
          })
          assert.deepEqual([record.changes.stopped, record.changes.newlyRefused], [12, 12])
          assert.equal(record.enforcement['standard-key']?.stopped, 12)
          const order: string[] = []
          for await (const { key, usage, previousTraffic } of affectedKeys.inOrder()) {
            const stopped = 'traffic' in usage && usage.traffic === 'newly-refused'
            assert.equal(previousTraffic, stopped ? 'accepted' : undefined)
            order.push(`${key.displayName}${stopped ? ' stopped' : ''}`)
          }
          assert.deepEqual(
            order.slice(0, 4),
            ['key 3-2', 'key 3-1', 'key 3-0', 'key 2-2'].map((each) => `${each} stopped`),
          )
          assert.deepEqual(order.slice(12), ['key 3-3', 'key 2-3', 'key 1-3', 'key 0-3'])
        },
        { now: () => new Date(now) },
      )
    })
  })

  it('is no change on the day after, and still an event', async () => {
    await inDirectory(async (directory) => {
      const times = [AFTER, '2026-11-25T07:00:00Z']
      let now = AFTER as string
      await onStage(
        organization(AFTER),
        async ({ simulator, env }) => {
          const settings = { ...env, AUDIT_ARCHIVE: join(directory, 'archive') }
          for (const time of times) {
            now = time
            simulator.world = organization(time)
            const { record } = delivered(await runAt(time, settings))
            assert.equal(record.changes.stopped, undefined)
            assert.equal(record.enforcement.event?.keys, 12)
          }
        },
        { now: () => new Date(now) },
      )
    })
  })
})
