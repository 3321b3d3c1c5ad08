import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Gate } from '../../simulator/wire/call.js'
import { openWorld } from '../../simulator/world/file.js'
import { truthOf } from '../../simulator/world/truth.js'
import type { World } from '../../simulator/world/world.js'
import { keysOf } from '../../src/history/judged-run.js'
import type { KeyRecord } from '../../src/records/key-record.js'
import { attempt } from '../program.js'
import { acme, NOW, onStage } from './stage.js'

type Judged = Pick<KeyRecord, 'verdict' | 'findings' | 'geminiAccess'>

/** What a run says of each key, by name: without evidence, which says how it was read. */
async function verdictsOf(world: World, gates: Gate[] = [], more: Record<string, string> = {}) {
  const verdicts = new Map<string, Judged>()
  let keys = 0
  await onStage(
    world,
    async ({ env }) => {
      const settings = { flags: {}, env: { ...env, ...more } }
      const { run } = await attempt(settings, { now: () => NOW, deliver: false })
      assert.equal(run.kind, 'judged')
      if (run.kind !== 'judged') return
      for await (const { key, verdict, findings, geminiAccess } of keysOf(run)) {
        keys += 1
        verdicts.set(key.name, { verdict, findings, geminiAccess })
      }
    },
    { gates },
  )
  assert.equal(verdicts.size, keys, 'a key has two records')
  return verdicts
}

/** Asks the simulator for far smaller pages than the program did. */
const smallPages =
  (size: number): Gate =>
  (call, answer) => {
    if (call.query.has('pageSize')) call.query.set('pageSize', String(size))
    return answer()
  }

/** Turns every list of an answer around. */
const reversed: Gate = async (_call, answer) => {
  const outcome = await answer()
  if (!('status' in outcome) || typeof outcome.body !== 'object' || outcome.body === null) return outcome
  const body = Object.entries(outcome.body).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.toReversed() : value,
  ])
  return { ...outcome, body: Object.fromEntries(body) }
}

const anyWorld = fc
  .record({
    keys: fc.integer({ min: 1, max: 80 }),
    projects: fc.integer({ min: 1, max: 12 }),
    gemini: fc.integer({ min: 0, max: 12 }),
    unrestricted: fc.integer({ min: 0, max: 100 }),
    seed: fc.integer({ min: 1, max: 1_000_000 }),
  })
  .map(({ gemini, projects, ...size }) => ({ ...size, projects, gemini: Math.min(gemini, projects) }))
  .map((size) => `generated:${Object.entries(size).map(([name, value]) => `${name}=${value}`)}`)

describe('an audit of any world', () => {
  it('gives every key exactly one verdict, and accuses standard keys that reach the Gemini API alone', async () => {
    await fc.assert(
      fc.asyncProperty(anyWorld, async (name) => {
        const world = await openWorld(name, NOW)
        const verdicts = await verdictsOf(world)
        for (const truth of truthOf(world)) {
          if (!truth.projectIsActive || truth.state === 'gone') continue
          const verdict = verdicts.get(truth.name)?.verdict
          assert.ok(verdict !== undefined, `${truth.name} has no record`)
          const accused = verdict === 'overdue' || verdict === 'due'
          const concerned =
            truth.state === 'live' && !truth.boundTo && truth.reach !== 'others' && truth.geminiEnabled
          assert.equal(accused, concerned, `${truth.name} is ${verdict}`)
        }
      }),
      { numRuns: 25 },
    )
  })

  it('does not depend on page sizes, nor on the order of answers', async () => {
    await fc.assert(
      fc.asyncProperty(anyWorld, fc.integer({ min: 1, max: 9 }), async (name, size) => {
        const world = await openWorld(name, NOW)
        const expected = await verdictsOf(world)
        assert.deepEqual(await verdictsOf(world, [smallPages(size)]), expected)
        assert.deepEqual(await verdictsOf(world, [reversed]), expected)
      }),
      { numRuns: 8 },
    )
  })

  it('does not depend on them for the sample organization either', async () => {
    const world = await acme()
    const expected = await verdictsOf(world)
    assert.deepEqual(await verdictsOf(world, [smallPages(3)]), expected)
    assert.deepEqual(await verdictsOf(world, [reversed]), expected)
  })
})
