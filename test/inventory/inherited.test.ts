import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import type { Gate } from '../../simulator/wire/call.js'
import { answering, changing, gapLines, lines, READ_AT, read, UNAVAILABLE } from './reading.js'

/** Two folders one in the other, a third beside them, and a key in each of their projects. */
const organization = (above: string, folder1: string, folder2: string) => `
organization: {number: 9${above}}
caller: {project: auditor}
folders: [{number: 1, name: one${folder1}}, {number: 2, name: two, parent: 1${folder2}}, {number: 3, name: three}]
projects:
  - {id: auditor, number: 101}
  - {id: deep-down, number: 102, folder: 2, keys: [{name: deep}]}
  - {id: beside-it, number: 103, folder: 3, keys: [{name: beside}]}
  - {id: at-the-top, number: 104, keys: [{name: top, targets: [generativelanguage]}]}
  - {id: only-maps, number: 105, folder: 1, keys: [{name: maps, targets: [maps-backend]}]}
`
const GEMINI = ', services: [generativelanguage]'
const UNSEEN = `${GEMINI}, missingFromSearch: [generativelanguage]`
const MODES = ['auto', 'assets', 'projects'] as const

describe('a service that is enabled above the project', () => {
  for (const mode of MODES) {
    it(`by a folder, is enabled in every project below it and in no other (${mode})`, async () => {
      const found = await read(organization('', UNSEEN, ''), { mode })
      const { deep, beside, top } = lines(found)
      assert.equal(deep, 'standard on keys.list keys.list inherited')
      assert.match(beside ?? '', /^\w+ off .* services.get$/)
      assert.match(top ?? '', /^\w+ off .* services.get$/)
      assert.deepEqual(found.gaps, [])
      assert.deepEqual(found.keys.get('deep')?.evidence.services, { from: 'inherited', readAt: READ_AT })
      assert.equal(found.notes.inheritedServices, undefined)
    })

    it(`by the organization, is enabled in every project (${mode})`, async () => {
      const found = await read(organization(UNSEEN, '', ''), { mode })
      const { deep, beside, top } = lines(found)
      const inherited = 'standard on keys.list keys.list inherited'
      assert.deepEqual([deep, beside, top], [inherited, inherited, inherited])
      assert.deepEqual(found.gaps, [])
    })
  }

  for (const mode of ['auto', 'assets'] as const) {
    it(`and is shown by the search, needs no policy (${mode})`, async () => {
      const found = await read(organization('', GEMINI, ''), { mode })
      assert.equal(lines(found)['deep'], 'standard on keys.list keys.list inherited')
      assert.equal(lines(found)['maps'], 'unknown on assets assets inherited')
      assert.deepEqual(found.gaps, [])
    })

    it(`and is shown by the search for all projects, costs no request besides (${mode})`, async () => {
      const found = await read(organization(GEMINI, '', ''), { mode })
      assert.equal(found.requests['serviceusage.consumerPolicies.get'], undefined)
      assert.equal(found.requests['serviceusage.services.get'], undefined)
    })
  }

  it('is read once for the organization and for each folder above a candidate, and for no other folder', async () => {
    const asked: string[] = []
    const noting: Gate = (call, real) => {
      if (call.operation === 'serviceusage.consumerPolicies.get') asked.push(call.params['id'] ?? '')
      return real()
    }
    const world = organization('', '', '').replace('name: beside', 'name: beside, targets: [maps-backend]')
    await read(world, { gates: [noting] })
    assert.deepEqual(asked.sort(), ['1', '2', '9'])
  })

  it('is not read where no key could call it, or all that could are in projects that have it', async () => {
    const without = organization('', '', '').replaceAll(
      /name: (deep|beside|top)(, targets: \[\w+\])?/g,
      'targets: [maps-backend]',
    )
    const having = organization('', '', '').replaceAll(/, keys: \[\{name: (deep|beside|top)/g, `${GEMINI}$&`)
    for (const world of [without, having]) {
      const found = await read(world)
      assert.equal(found.requests['serviceusage.consumerPolicies.get'], undefined)
      assert.equal(found.requests['serviceusage.services.get'], undefined)
    }
  })

  const unanswered: readonly (readonly [string, Gate])[] = [
    ['denied', answering('serviceusage.consumerPolicies.get', { status: 403 })],
    ['not known to Google', answering('serviceusage.consumerPolicies.get', { status: 404 })],
    ['out of order', answering('serviceusage.consumerPolicies.get', UNAVAILABLE)],
    [
      'answered otherwise than documented',
      changing('serviceusage.consumerPolicies.get', () => ({ rules: [] })),
    ],
  ]
  for (const [what, gate] of unanswered) {
    it(`and whose policies are ${what}, is no gap, and the run record says that they were not read`, async () => {
      const found = await read(organization('', UNSEEN, ''), { gates: [gate] })
      assert.match(lines(found)['deep'] ?? '', /^unknown off /)
      assert.deepEqual(found.gaps, [])
      assert.equal(found.notes.inheritedServices, 'not-read')
    })
  }

  it('and whose policies are not answered, is soon asked for no more', async () => {
    const folders = Array.from({ length: 30 }, (_, at) => at + 1)
    const found = await read(
      `
organization: {number: 9}
folders: [${folders.map((number) => `{number: ${number}, name: f${number}}`)}]
projects:
${folders.map((number) => `  - {id: project-${number}, folder: ${number}, keys: [{name: key ${number}}]}`).join('\n')}
`,
      { gates: [answering('serviceusage.consumerPolicies.get', { status: 403 })] },
    )
    assert.ok((found.requests['serviceusage.consumerPolicies.get'] ?? 0) < 10)
    assert.deepEqual(found.gaps, [])
  })
})

describe('a search result that cannot be read', () => {
  const broken = changing('cloudasset.searchAllResources', ({ results = [] }) => ({
    results: [
      ...results,
      { name: '//serviceusage.googleapis.com/elsewhere/1/services/generativelanguage.googleapis.com' },
    ],
  }))
  for (const mode of ['auto', 'assets'] as const) {
    it(`is a gap (${mode})`, async () => {
      const found = await read(organization('', '', ''), { mode, gates: [broken] })
      assert.deepEqual(gapLines(found), ['services organizations/9 MALFORMED'])
    })
  }
})
