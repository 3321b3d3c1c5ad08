import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { describe, it } from 'mocha'
import { startSimulator } from '../../simulator/simulator.js'
import type { Gate } from '../../simulator/wire/call.js'
import { createGoogle } from '../../src/google/client.js'
import { ApiError } from '../../src/google/errors.js'
import { createInventory } from '../../src/inventory/inventory.js'
import { worldOf } from '../simulator/simulated.js'
import { gapLines, lines, pagesOf, READ_AT, REMEMBERED_AT, type Read, read } from './reading.js'

const project = (number: number, more = '') =>
  `  - {id: project-${number}, number: ${number}, services: [generativelanguage], keys: [{name: key ${number}}]${more}}`
const ORGANIZATION = `
organization: {number: 9}
folders: [{number: 1, name: one}]
projects:
${[101, 102, 103].map((number) => project(number)).join('\n')}
${project(104, ', folder: 1')}
`

/** Its first key is handed out at once, all others wait for the end. */
const LONG = `
organization: {number: 9}
projects:
  - {id: shut-down, number: 100, state: DELETE_REQUESTED, keys: [{name: first}]}
${Array.from({ length: 300 }, (_, at) => `  - {id: project-${at}, number: ${200 + at}, keys: [{name: key ${at}}]}`).join('\n')}
`

/** Time is up at a call of an operation; that call gets no answer any more. */
function timeUp(operation: string, at: number): { readonly gate: Gate; readonly signal: AbortSignal } {
  const time = new AbortController()
  const gate: Gate = async (call, real) => {
    if (call.operation !== operation || call.earlier < at) return real()
    await sleep(50) // earlier calls are answered meanwhile
    time.abort()
    return { hangup: 'silence' }
  }
  return { gate, signal: time.signal }
}

function because(found: Read, missing: string): ReadonlySet<string> {
  return new Set(found.gaps.filter((gap) => gap.missing === missing).map((gap) => gap.because))
}

describe('out of time', () => {
  it('before the first answer, the reading has failed', async () => {
    for (const mode of ['auto', 'assets', 'projects'] as const) {
      const found = await read(ORGANIZATION, { mode, signal: AbortSignal.abort() })
      assert.ok(found.error instanceof ApiError)
      assert.equal(found.error.reason, 'OUT_OF_TIME')
      assert.deepEqual([found.count, found.requests], [0, {}])
    }
  })

  for (const mode of ['auto', 'assets', 'projects'] as const) {
    it(`that went by on a used-up quota, the failure is the quota and not the time (${mode})`, async () => {
      const time = new AbortController()
      const exhausted: Gate = async (call) => {
        if (call.earlier === 3 && call.operation.endsWith('.list')) time.abort()
        return { status: 429, body: { error: { status: 'RESOURCE_EXHAUSTED' } } }
      }
      const found = await read(ORGANIZATION, { mode, signal: time.signal, gates: [exhausted] })
      assert.ok(found.error instanceof ApiError)
      assert.equal(found.error.reason, 'RESOURCE_EXHAUSTED')
      assert.match(
        found.error.message,
        /^Listing the (assets|projects|folders) of organizations\/9 failed: the quota /,
      )
      assert.equal(found.count, 0)
    })
  }

  it('that went by on the search, before the first page of keys, the failure names the search', async () => {
    const time = new AbortController()
    const exhausted: Gate = async (call, real) => {
      if (call.operation !== 'cloudasset.searchAllResources') return real()
      if (call.earlier === 3) time.abort()
      return { status: 429, body: { error: { status: 'RESOURCE_EXHAUSTED' } } }
    }
    const found = await read(ORGANIZATION, { signal: time.signal, gates: [exhausted] })
    assert.ok(found.error instanceof ApiError)
    assert.match(
      found.error.message,
      /^Searching the enabled services of organizations\/9 failed: the quota /,
    )
  })

  it('before the first page of keys, the reading has failed, although projects are known', async () => {
    const { gate, signal } = timeUp('cloudasset.assets.list', 1)
    const found = await read(ORGANIZATION, { signal, gates: [gate] })
    assert.ok(found.error instanceof ApiError)
    assert.equal(found.error.reason, 'OUT_OF_TIME')
    assert.equal(found.projects.length, 4)
  })

  it('within the list of keys, what was read is given, and the rest is a gap', async () => {
    const { gate, signal } = timeUp('cloudasset.assets.list', 4 + 2)
    const found = await read(ORGANIZATION, { signal, gates: [pagesOf(1), gate] })
    assert.equal(found.error, undefined)
    assert.equal(found.count, 2)
    // projects of the keys that were read may be late as well
    assert.ok(because(found, 'keys').has('out of time after 2 keys'))
    assert.ok(gapLines(found).includes('keys organizations/9 OUT_OF_TIME'))
  })

  it('within the confirmation, keys of unknown type are given, and the projects that were left are gaps', async () => {
    const { gate, signal } = timeUp('apikeys.keys.list', 1)
    const found = await read(ORGANIZATION, { signal, gates: [gate] })
    assert.equal(found.error, undefined)
    assert.equal(found.count, 4)
    const types = Object.values(lines(found)).sort()
    assert.equal(types.filter((type) => type === 'unknown on assets assets assets').length >= 3, true)
    assert.deepEqual(because(found, 'type'), new Set(['out of time after 1 of 4 projects']))
    assert.equal(gapLines(found).filter((gap) => gap.startsWith('type ')).length, 3)
    assert.match(found.gaps[0]?.fix ?? '', /AUDIT_TIME_BUDGET/)
  })

  it('within the confirmation, types of earlier runs serve', async () => {
    const { gate, signal } = timeUp('apikeys.keys.list', 0)
    const found = await read(ORGANIZATION.replaceAll('{name: key', '{uid: same, name: key'), {
      signal,
      gates: [gate],
      remembered: { same: 'standard' },
    })
    assert.equal(lines(found)['key 101'], 'standard on assets remembered assets')
    assert.deepEqual(found.keys.get('key 101')?.evidence.type, { from: 'remembered', readAt: REMEMBERED_AT })
    assert.deepEqual(because(found, 'type'), new Set())
    assert.deepEqual(because(found, 'usage'), new Set(['out of time after 0 of 4 projects']))
    assert.deepEqual(because(found, 'policy'), new Set(['out of time after 0 of 4 projects']))
  })

  it('within the traffic, keys are given with their types, and the projects that were left are gaps', async () => {
    const { gate, signal } = timeUp('monitoring.timeSeries.list', 1)
    const found = await read(ORGANIZATION, { signal, gates: [gate] })
    assert.equal(found.error, undefined)
    assert.equal(found.count, 4)
    const known = [...found.keys.values()].filter(({ usage }) => !('unknown' in usage))
    assert.ok(known.length <= 1)
    const late = gapLines(found).filter((gap) => gap.startsWith('usage '))
    assert.equal(late.length, 4 - known.length)
    assert.ok(late.every((gap) => gap.endsWith(' OUT_OF_TIME')))
    assert.deepEqual(because(found, 'usage'), new Set([`out of time after ${known.length} of 4 projects`]))
  })

  it('within a reading project by project, each project that was left is a gap', async () => {
    const { gate, signal } = timeUp('apikeys.keys.list', 1)
    const found = await read(ORGANIZATION, { mode: 'projects', signal, gates: [gate] })
    assert.equal(found.error, undefined)
    assert.ok(found.count <= 1)
    assert.deepEqual(because(found, 'keys'), new Set(['out of time after 1 of 4 projects']))
    assert.equal(gapLines(found).filter((gap) => gap.startsWith('keys ')).length, 3)
  })

  it('within the walk, the folders that were left are gaps', async () => {
    const { gate, signal } = timeUp('cloudresourcemanager.projects.list', 1)
    const found = await read(ORGANIZATION, { mode: 'projects', signal, gates: [gate] })
    assert.equal(found.error, undefined)
    assert.ok(gapLines(found).includes('projects folders/1 OUT_OF_TIME'))
  })

  it('a server that does not answer costs the time limit of its requests, and a gap', async () => {
    const silent: Gate = async (call, real) =>
      call.operation === 'apikeys.keys.list' && call.path.includes('/102/') ? { hangup: 'silence' } : real()
    const found = await read(ORGANIZATION, { gates: [silent], timeLimit: 1_000 })
    assert.deepEqual(gapLines(found), ['keys projects/102 TIMEOUT', 'type projects/102 TIMEOUT'])
    assert.equal(lines(found)['key 103'], 'standard on keys.list keys.list assets')
  })

  for (const mode of ['auto', 'projects'] as const) {
    it(`when the keys are no longer taken, nothing more is asked (${mode})`, async () => {
      const simulator = await startSimulator({ world: worldOf(LONG), gates: [pagesOf(1)] })
      try {
        const inventory = createInventory(
          createGoogle({ origin: simulator.origin, pace: 'off', concurrency: 1 }),
          {
            scopes: ['organizations/9'],
            mode,
            now: () => READ_AT,
            isExcluded: () => false,
          },
        )
        const ignore = () => undefined
        const listener = {
          gap: ignore,
          remark: ignore,
          project: ignore,
          gone: ignore,
          note: ignore,
          progress: ignore,
        }
        for await (const _ of inventory.read(listener)) break
        // What was on its way arrives; then nothing more does.
        let asked: readonly number[] = []
        for (
          let look = 0;
          look < 50 && !isDeepStrictEqual(asked, [...simulator.requests.values()]);
          look += 1
        ) {
          asked = [...simulator.requests.values()]
          await sleep(200)
        }
        assert.deepEqual([...simulator.requests.values()], asked)
      } finally {
        await simulator.stop()
      }
    })
  }
})
