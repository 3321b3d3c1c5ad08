import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { addDays } from '../../src/calendar.js'
import type { Day, Instant } from '../../src/model.js'
import { lines, REMEMBERED_AT, type ReadOptions, read } from './reading.js'

const PROJECTS = 42
const AUTH = 'serviceAccountEmail: a@b.example'
const project = (at: number, keys: string) =>
  `  - {id: project-${at}, number: ${200 + at}, services: [generativelanguage], keys: [${keys}]}`
const organization = (keys = (at: number) => `{name: key ${at}, uid: uid-${at}, ${AUTH}}`) => `
organization: {number: 9}
projects:
${Array.from({ length: PROJECTS }, (_, at) => project(at, keys(at))).join('\n')}
`
const REMEMBERED = Object.fromEntries(
  Array.from({ length: PROJECTS }, (_, at) => [`uid-${at}`, 'auth' as const]),
)
const KNOWN: ReadOptions = {
  remembered: REMEMBERED,
  earlierProject: () => ({ leftFor: 0, stake: 'none' }),
}
const asked = async (world: string, options: ReadOptions) =>
  (await read(world, options)).requests['apikeys.keys.list'] ?? 0

describe('projects with nothing but auth keys that are known and unchanged', () => {
  it('are confirmed once a week each, spread over the days', async () => {
    const counts: number[] = []
    for (let day = 0; day < 7; day += 1) {
      const now = `${addDays('2026-11-20' as Day, day)}T07:00:01Z` as Instant
      counts.push(await asked(organization(), { ...KNOWN, now: () => now }))
    }
    const [first, ...others] = counts
    assert.equal(first, 0) // they were confirmed on that day
    assert.ok(
      others.every((count) => count > 0 && count < PROJECTS / 3),
      `${counts}`,
    )
    const late =
      (await asked(organization(), { ...KNOWN, now: () => '2026-11-27T07:00:01Z' as Instant })) ?? 0
    assert.equal(late, PROJECTS)
  })

  it('show on the other days when they were confirmed', async () => {
    const found = await read(organization(), { ...KNOWN, now: () => REMEMBERED_AT })
    assert.deepEqual(found.gaps, [])
    assert.deepEqual(new Set(Object.values(lines(found))), new Set(['auth on assets remembered assets']))
    assert.deepEqual(found.keys.get('key 1')?.evidence.type, { from: 'remembered', readAt: REMEMBERED_AT })
  })

  const others: readonly (readonly [string, string, ReadOptions])[] = [
    [
      'there is another key',
      organization((at) => `{name: key ${at}, uid: uid-${at}, ${AUTH}}, {name: new ${at}}`),
      KNOWN,
    ],
    [
      'a key was changed since',
      organization((at) => `{name: key ${at}, uid: uid-${at}, ${AUTH}, updated: 1d ago}`),
      KNOWN,
    ],
    ['nothing is remembered of the project', organization(), { remembered: REMEMBERED }],
    [
      'the run before left it',
      organization(),
      { ...KNOWN, earlierProject: () => ({ leftFor: 1, stake: 'none' }) },
    ],
    [
      'something was at stake in it',
      organization(),
      { ...KNOWN, earlierProject: () => ({ leftFor: 0, stake: 'due' }) },
    ],
    [
      'the inventory itself shows what is remembered',
      `${organization()}\ninventory: {showsServiceAccounts: true}`,
      KNOWN,
    ],
  ]
  for (const [why, world, options] of others) {
    it(`are not meant where ${why}: that project is confirmed in each run`, async () => {
      assert.equal(await asked(world, options), PROJECTS)
    })
  }
})
