import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { changing, gapLines, lines, read } from './reading.js'

const ORGANIZATION = `
organization: {number: 9}
projects:
  - id: acme-web
    number: 102
    services: [generativelanguage]
    keys:
      - {name: good}
      - {name: odd targets, id: odd-targets, wire: {restrictions: {apiTargets: everything}}}
      - {name: odd time, id: odd-time, wire: {createTime: "2024-02-31T25:00:00Z"}}
  - id: acme-off
    number: 103
    keys: [{name: good 2}, {name: odd 2, id: odd-two, wire: {uid: null}}]
`
const key = (project: number, id: string) => `projects/${project}/locations/global/keys/${id}`

describe('bad input', () => {
  for (const mode of ['auto', 'projects'] as const) {
    it(`costs the key that is malformed, and no other (${mode})`, async () => {
      const found = await read(ORGANIZATION, { mode })
      assert.deepEqual([...found.keys.keys()].sort(), ['good', 'good 2', 'odd 2', 'odd targets', 'odd time'])
      assert.deepEqual(gapLines(found), [
        `keys ${key(102, 'odd-targets')} MALFORMED`,
        `keys ${key(102, 'odd-time')} MALFORMED`,
        `keys ${key(103, 'odd-two')} MALFORMED`,
      ])
      const flaws = ['good', 'odd targets', 'odd time', 'odd 2'].map((name) => found.keys.get(name)?.key.flaw)
      const say = (field: string) => `${field} is not as Google documents it`
      assert.deepEqual(flaws, [undefined, say('restrictions.apiTargets'), say('createTime'), say('uid')])
      assert.match(found.gaps[0]?.fix ?? '', /gcloud services api-keys describe projects\//)
      assert.equal(found.keys.get('odd targets')?.type, 'unknown')
    })
  }

  it('is no gap in projects that are not judged', async () => {
    const found = await read(ORGANIZATION, { excluded: () => true })
    assert.deepEqual(found.gaps, [])
    assert.equal(found.count, 5)
  })

  it('asks a project whose key may be restricted to the Gemini API, and lists its keys: one may be whole there', async () => {
    const found = await read(ORGANIZATION)
    assert.equal(lines(found)['good 2'], 'standard off keys.list keys.list services.get')
  })

  it('without a name is reported by its page and position', async () => {
    const unnamed = changing('cloudasset.assets.list', ({ assets = [] }) => ({
      assets: [null, ...assets, {}, 7],
    }))
    const found = await read(ORGANIZATION, { gates: [unnamed] })
    assert.equal(found.count, 5)
    const reported = found.gaps.filter(({ subject }) => subject === 'organizations/9')
    assert.deepEqual(
      reported.map(({ missing, because }) => `${missing}: ${because}`),
      [
        'projects: in a page of organizations/9 3 elements have no usable name (the first is number 1)',
        'keys: in a page of organizations/9 3 elements have no usable name (the first is number 1)',
      ],
    )
    for (const { fix } of reported) assert.match(fix, /run the audit with --inventory projects/)
  })

  it('without a name among the keys of a project is reported as well', async () => {
    const unnamed = changing('apikeys.keys.list', ({ keys = [] }) => ({ keys: [...keys, { uid: 'x' }] }))
    const found = await read(ORGANIZATION, { gates: [unnamed] })
    assert.ok(gapLines(found).includes('keys projects/102 MALFORMED'))
    // that was read from the API of which --inventory projects reads
    const gap = found.gaps.find(({ subject }) => subject === 'projects/102')
    assert.match(
      gap?.fix ?? '',
      /^compare with what Google lists: gcloud services api-keys list --project=102$/,
    )
  })

  it('without a name among the projects of a folder is compared by hand too', async () => {
    const unnamed = changing('cloudresourcemanager.projects.list', ({ projects = [] }) => ({
      projects: [...projects, 7],
    }))
    const found = await read(ORGANIZATION, { mode: 'projects', gates: [unnamed] })
    const gap = found.gaps.find(({ missing }) => missing === 'projects')
    assert.match(gap?.fix ?? '', /: gcloud projects list --filter=parent\.id=\d+$/)
  })

  it('of a project costs what it says, never its keys', async () => {
    const found = await read(
      ORGANIZATION.replace('number: 102\n', 'number: 102\n    wire: {labels: 7, projectId: null}\n'),
    )
    assert.equal(found.keys.get('good')?.project.id, '102')
    assert.equal(lines(found)['good'], 'standard on keys.list keys.list assets')
    assert.ok(gapLines(found).includes('projects projects/102 MALFORMED'))
  })

  it('of prototype names is data', async () => {
    const hostile = `
organization: {number: 9}
projects:
  - {id: acme-web, number: 102, labels: {__proto__: polluted, constructor: x}, services: [generativelanguage],
     keys: [{name: __proto__, annotations: {__proto__: polluted}}, {name: constructor, targets: [__proto__]}]}
`
    for (const mode of ['auto', 'projects'] as const) {
      const found = await read(hostile, { mode })
      assert.deepEqual([...found.keys.keys()].sort(), ['__proto__', 'constructor'])
      assert.equal(({} as { polluted?: string }).polluted, undefined)
      assert.equal(found.keys.get('__proto__')?.project.labels['constructor'], 'x')
    }
  })
})
