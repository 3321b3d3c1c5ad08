import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { pagesOf, read } from './reading.js'

const PAGE = 7
const PROJECTS = 40
const WITH_GEMINI = 10

/** Every fourth project has the Gemini API, and each project two keys with these targets. */
const organization = (inGemini: string, elsewhere: string) => `
organization: {number: 9}
folders: [{number: 1, name: one}, {number: 2, name: two, parent: 1}]
projects:
${Array.from({ length: PROJECTS }, (_none, at) => {
  const isWithGemini = at % (PROJECTS / WITH_GEMINI) === 0
  const services = isWithGemini ? 'generativelanguage, maps-backend' : 'maps-backend'
  const key = `targets: [${isWithGemini ? inGemini : elsewhere}]`
  return `  - {id: project-${at}, number: ${1000 + at}, folder: 2, services: [${services}], keys: [{${key}}, {${key}}]}`
}).join('\n')}
`

const pages = (elements: number) => Math.ceil(elements / PAGE)

/** What listing the projects and keys and searching the Gemini API takes, by the number of pages. */
const LISTED = {
  'cloudasset.assets.list': pages(PROJECTS) + pages(2 * PROJECTS),
  'cloudasset.searchAllResources': pages(WITH_GEMINI),
}

describe('an organization without keys that are unrestricted, or restricted to the Gemini API where it is not seen', () => {
  it('takes a request for each page of its projects, keys and projects with the Gemini API, and no other', async () => {
    const found = await read(organization('maps-backend', 'maps-backend'), { gates: [pagesOf(PAGE)] })
    assert.deepEqual(found.gaps, [])
    assert.equal(found.count, 2 * PROJECTS)
    assert.deepEqual(found.requests, LISTED)
  })

  it('takes three more for each project with a key restricted to the Gemini API, as it always did', async () => {
    const found = await read(organization('generativelanguage', 'maps-backend'), { gates: [pagesOf(PAGE)] })
    assert.deepEqual(found.gaps, [])
    assert.deepEqual(found.requests, {
      ...LISTED,
      'apikeys.keys.list': WITH_GEMINI,
      'monitoring.timeSeries.list': WITH_GEMINI,
      'orgpolicy.policies.getEffectivePolicy': WITH_GEMINI,
    })
  })
})
