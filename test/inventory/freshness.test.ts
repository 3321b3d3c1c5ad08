import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { answering, gapLines, lines, READ_AT, read, UNAVAILABLE } from './reading.js'

/** The Gemini API was switched on in `shop` hours ago; the search does not show it yet. */
const STALE = `
organization: {number: 9}
projects:
  - {id: auditor, number: 101}
  - id: the-shop
    number: 102
    services: [generativelanguage, maps-backend]
    missingFromSearch: [generativelanguage]
    keys: [{name: old map, traffic: [{service: maps-backend, daily: 200}]}]
  - {id: the-blog, number: 103, services: [maps-backend], keys: [{name: blog map}]}
  - {id: only-maps, number: 104, keys: [{name: maps, targets: [maps-backend]}]}
`
/** More projects than are checked in one reading. */
const MANY = `
organization: {number: 9}
projects:
${Array.from({ length: 230 }, (_, at) => `  - {id: project-${at}, number: ${1000 + at}, keys: [{name: key ${at}}]}`).join('\n')}
`

describe('a search that is behind', () => {
  for (const mode of ['auto', 'assets'] as const) {
    it(`is not believed of a project with a candidate key, which is asked itself (${mode})`, async () => {
      const found = await read(STALE, { mode })
      assert.deepEqual(lines(found), {
        'old map': 'standard on keys.list keys.list services.get',
        'blog map': 'unknown off assets assets services.get',
        maps: lines(found)['maps'],
      })
      assert.deepEqual(found.gaps, [])
      assert.match(found.remarks.join(), /does not show the Gemini API in projects\/102, where it is enabled/)
      assert.equal(found.requests['serviceusage.services.get'], 2)
    })
  }

  it('goes on to be believed where a project gives no answer, unless it has missed another one', async () => {
    const silent = answering('serviceusage.services.get', UNAVAILABLE)
    const found = await read(STALE, { gates: [silent] })
    assert.equal(lines(found)['old map'], 'unknown off assets assets assets')
    assert.deepEqual(found.gaps, [])
    const restricted = STALE.replace('name: old map', 'name: old map, targets: [generativelanguage]')
    const denied = await read(`${restricted}\ndenied: [{read: services, project: the-blog}]`)
    assert.equal(lines(denied)['old map'], 'standard on keys.list keys.list services.get')
    if (lines(denied)['blog map'] === 'unknown off assets assets assets')
      assert.fail('absence is no knowledge here')
    assert.ok(gapLines(denied).every((gap) => /^services (projects\/103|organizations\/9) /.test(gap)))
    assert.ok(denied.gaps.length > 0)
  })

  it('is checked for as many projects as cost no time, others in each reading', async () => {
    const checked = async (now: string) => {
      const found = await read(MANY, { now: () => now as typeof READ_AT })
      assert.deepEqual(found.gaps, [])
      const asked = [...found.keys].filter(([, { evidence }]) => evidence.services.from === 'services.get')
      return asked.map(([name]) => name).sort()
    }
    const [one, other] = [await checked('2026-11-23T07:00:01Z'), await checked('2026-11-24T07:00:01Z')]
    assert.deepEqual([one.length, other.length], [200, 200])
    assert.notDeepEqual(one, other)
  })

  it('is checked first where keys are known to call the Gemini API', async () => {
    const isCalling = (number: number) => number % 7 === 0
    const found = await read(MANY, {
      earlierProject: (number) => ({
        leftFor: 0,
        stake: 'none',
        ...(isCalling(Number(number)) && { callsGemini: true }),
      }),
    })
    const calling = [...found.keys.values()].filter(({ project }) => isCalling(Number(project.number)))
    assert.equal(calling.length, 33)
    for (const { evidence } of calling) assert.equal(evidence.services.from, 'services.get')
    assert.equal(found.requests['serviceusage.services.get'], 200)
  })

  it('costs no request where every key that could call the API is in a project that has it', async () => {
    const found = await read(
      STALE.replace('missingFromSearch: [generativelanguage]', 'labels: {}').replace(
        'name: blog map',
        'targets: [maps-backend]',
      ),
    )
    assert.equal(found.requests['serviceusage.services.get'], undefined)
  })
})

describe('how old the listing may be', () => {
  it('is noted with the inventory that showed it', async () => {
    assert.deepEqual((await read(STALE)).notes.listing, { from: 'assets', readAt: READ_AT })
    const exported = await read(`${STALE}\nbuckets: [{name: exports}]`, { mode: 'export' })
    assert.deepEqual(exported.notes.listing, { from: 'export', readAt: '2026-11-23T07:00:00Z' })
    assert.equal((await read(STALE, { mode: 'projects' })).notes.listing, undefined)
  })
})
