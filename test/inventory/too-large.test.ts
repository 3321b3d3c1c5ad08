import assert from 'node:assert/strict'
import { gapLines, read } from './reading.js'

const LIMIT = 100_000
const referrers = (count: number) =>
  `[${Array.from({ length: count }, (_none, at) => `"https://h${at}.example/${'x'.repeat(200)}"`).join(', ')}]`
const key = (name: string, more = '') => `{name: ${name}, uid: ${name}${more}}`
const keysOf = (count: number) =>
  Array.from({ length: count }, (_none, at) => key(`big-${at}`, `, referrers: ${referrers(100)}`)).join(', ')
const worldWith = (keys: string) => `
organization: {number: 9, domain: small.example}
caller: {project: auditor}
projects:
  - {id: auditor, number: 100}
  - {id: large, number: 101, services: [generativelanguage], keys: [${keys}]}
  - {id: small, number: 102, services: [generativelanguage], keys: [${key('one')}, ${key('two')}]}
`

describe('a project whose keys make an answer too large', () => {
  for (const mode of ['auto', 'assets', 'projects'] as const) {
    it(`is read in smaller pages, by ${mode}`, async () => {
      const found = await read(worldWith(keysOf(12)), { mode, sizeLimit: LIMIT })
      assert.equal(found.error, undefined)
      assert.deepEqual(found.gaps, [])
      assert.equal(found.keys.size, 14)
    })
  }

  for (const mode of ['auto', 'projects'] as const) {
    it(`costs that project alone where a single key is too large, by ${mode}`, async () => {
      const found = await read(worldWith(key('huge', `, referrers: ${referrers(1_000)}`)), {
        mode,
        sizeLimit: LIMIT,
      })
      assert.equal(found.error, undefined)
      assert.deepEqual(gapLines(found), ['keys projects/101 ANSWER_TOO_LARGE'])
      assert.deepEqual([...found.keys.keys()].sort(), ['one', 'two'])
    })
  }

  it('hides what is listed behind a single key that is too large, by assets, but for projects with the Gemini API', async () => {
    const large = worldWith(key('huge', `, referrers: ${referrers(1_000)}`))
    const found = await read(`${large}  - {id: switched-off, number: 103, keys: [${key('three')}]}\n`, {
      mode: 'assets',
      sizeLimit: LIMIT,
    })
    assert.equal(found.error, undefined)
    assert.deepEqual(gapLines(found), [
      'keys organizations/9 ANSWER_TOO_LARGE',
      'keys projects/101 ANSWER_TOO_LARGE',
    ])
    assert.deepEqual([...found.keys.keys()].sort(), ['one', 'two'])
  })

  it('is read from an export whatever its keys hold', async () => {
    const found = await read(worldWith(key('huge', `, referrers: ${referrers(1_000)}`)), {
      mode: 'export',
      sizeLimit: 4 * LIMIT,
    })
    assert.equal(found.error, undefined)
    assert.deepEqual(gapLines(found), [])
    assert.deepEqual([...found.keys.keys()].sort(), ['huge', 'one', 'two'])
  })
})
