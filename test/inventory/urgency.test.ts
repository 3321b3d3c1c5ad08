import assert from 'node:assert/strict'
import type { Gate } from '../../simulator/wire/call.js'
import { Stopped } from '../../src/google/time-limit.js'
import type { InventoryMode } from '../../src/inventory/reading.js'
import type { EarlierProject, Stake } from '../../src/policy/reading-order.js'
import { gapLines, pagesOf, type ReadOptions, read } from './reading.js'

/** As many as are looked at at once. */
const AT_ONCE = 16
const NUMBERS = Array.from({ length: 64 }, (_, at) => 200 + at)
const MODES = ['auto', 'projects'] as const

const RESTRICTED = '{name: k, targets: [generativelanguage]}'

function organization(keysOf: (number: number) => string): string {
  const projects = NUMBERS.map(
    (number) =>
      `  - {id: project-${number}, number: ${number}, services: [generativelanguage], keys: [${keysOf(number)}]}`,
  )
  return `organization: {number: 9}\nprojects:\n${projects.join('\n')}\n`
}

const UNRESTRICTED = organization(() => '{name: k}')

/** Hears in which order projects are asked for their keys; the first ones are answered when all of them have come. */
function listening(): { readonly asked: number[]; readonly gate: Gate } {
  const asked: number[] = []
  let go: () => void = () => undefined
  const complete = new Promise<void>((resolve) => {
    go = resolve
  })
  const gate: Gate = async (call, real) => {
    if (call.operation !== 'apikeys.keys.list') return real()
    asked.push(Number(call.path.split('/')[3]))
    if (asked.length === AT_ONCE) go()
    await complete
    return real()
  }
  return { asked, gate }
}

async function firstAsked(world: string, options: ReadOptions): Promise<readonly number[]> {
  const { asked, gate } = listening()
  const found = await read(world, { ...options, gates: [...(options.gates ?? []), gate] })
  assert.equal(asked.length, NUMBERS.length)
  assert.deepEqual(found.gaps, [])
  return asked.slice(0, AT_ONCE).toSorted((one, other) => one - other)
}

function earlier(which: (number: number) => Partial<EarlierProject>) {
  return (number: string): EarlierProject => ({ leftFor: 0, stake: 'none', ...which(Number(number)) })
}

const LAST = NUMBERS.slice(-AT_ONCE)

describe('the order of reading', () => {
  for (const mode of MODES) {
    const stakes: readonly (readonly [Stake, Stake])[] = [
      ['overdue-in-use', 'overdue'],
      ['overdue', 'due-in-use'],
      ['due', 'none'],
    ]
    for (const [more, less] of stakes) {
      it(`begins with projects where ${more} was found, before ${less} (${mode})`, async () => {
        const stake = (number: number) => ({ stake: LAST.includes(number) ? more : less })
        const asked = await firstAsked(UNRESTRICTED, { mode, earlierProject: earlier(stake) })
        assert.deepEqual(asked, LAST)
      })
    }

    it(`begins with those that were left the last time, whatever was at stake in the others (${mode})`, async () => {
      const left = (number: number): Partial<EarlierProject> =>
        LAST.includes(number) ? { leftFor: 1 } : { stake: 'overdue-in-use' }
      assert.deepEqual(await firstAsked(UNRESTRICTED, { mode, earlierProject: earlier(left) }), LAST)
    })

    it(`is another one each time where nothing is remembered (${mode})`, async () => {
      const orders: string[] = []
      for (const day of ['21', '22', '23']) {
        const now = () => `2026-11-${day}T07:00:00Z` as ReturnType<NonNullable<ReadOptions['now']>>
        orders.push((await firstAsked(UNRESTRICTED, { mode, now })).join())
      }
      assert.equal(new Set(orders).size, 3)
    })
  }

  it('begins with keys without restriction, before those that are restricted to the Gemini API', async () => {
    const world = organization((number) => (LAST.includes(number) ? '{name: k}' : RESTRICTED))
    assert.deepEqual(await firstAsked(world, {}), LAST)
  })

  it('lets a project go before others once it shows a key without restriction besides', async () => {
    const world = organization((number) => (LAST.includes(number) ? `${RESTRICTED}, {name: l}` : RESTRICTED))
    assert.deepEqual(await firstAsked(world, {}), LAST)
  })
})

describe('a reading that is stopped', () => {
  for (const mode of MODES satisfies readonly InventoryMode[]) {
    it(`says by whom and after how many projects, as it would of the time (${mode})`, async () => {
      const stop = new AbortController()
      const gate: Gate = async (call, real) => {
        if (call.operation !== 'apikeys.keys.list' || call.earlier < 2 * AT_ONCE) return real()
        if (call.earlier === 3 * AT_ONCE - 1) stop.abort(new Stopped('SIGTERM')) // all hands wait in vain
        return { hangup: 'silence' }
      }
      const found = await read(UNRESTRICTED, { mode, signal: stop.signal, gates: [pagesOf(500), gate] })
      assert.equal(found.error, undefined)
      const left = gapLines(found).filter((line) => /^keys .* STOPPED$/.test(line))
      assert.equal(left.length, NUMBERS.length - 2 * AT_ONCE)
      assert.deepEqual(
        new Set(found.gaps.map(({ reason, because, fix }) => [reason, because, fix].join('; '))),
        new Set(['STOPPED; stopped by SIGTERM after 32 of 64 projects; run the audit again']),
      )
    })
  }
})
