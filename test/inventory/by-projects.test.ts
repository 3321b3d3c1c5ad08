import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { ApiError } from '../../src/google/errors.js'
import { changing, gapLines, lines, pagesOf, read, UNAVAILABLE } from './reading.js'

const ORGANIZATION = `
organization: {number: 9}
folders:
  - {number: 1, name: production}
  - {number: 2, name: web, parent: 1}
  - {number: 3, name: sandbox}
projects:
  - {id: with-gemini, number: 102, folder: 2, labels: {team: shop}, services: [generativelanguage],
     keys: [{name: open}, {name: bound, serviceAccountEmail: a@b.example}, {name: gone, deleted: 2d ago}]}
  - {id: without-gemini, number: 103, folder: 1, keys: [{name: open 2}]}
  - {id: only-maps, number: 104, keys: [{name: maps, targets: [maps-backend]}]}
  - {id: empty-one, number: 105, folder: 3}
  - {id: shut-down, number: 106, folder: 3, state: DELETE_REQUESTED, keys: [{name: old}]}
`
const OTHER = { name: 'projects/109', projectId: 'another', parent: 'folders/3' }
const projects = { mode: 'projects' } as const

describe('a reading project by project', () => {
  it('walks down the folders, lists the keys, and asks for the Gemini API where a candidate is', async () => {
    const found = await read(ORGANIZATION, projects)
    assert.deepEqual(lines(found), {
      open: 'standard on keys.list keys.list services.get',
      bound: 'auth on keys.list keys.list services.get',
      gone: 'standard on keys.list keys.list services.get',
      'open 2': 'standard off keys.list keys.list services.get',
      maps: 'standard unknown keys.list keys.list none',
    })
    assert.deepEqual(found.projects, ['empty-one', 'only-maps', 'shut-down', 'with-gemini', 'without-gemini'])
    const { project } = found.keys.get('open') ?? assert.fail()
    assert.deepEqual(project.ancestors, ['folders/2', 'folders/1', 'organizations/9'])
    assert.equal(project.labels['team'], 'shop')
    assert.deepEqual(found.gaps, [])
    assert.deepEqual(found.requests, {
      'cloudresourcemanager.projects.list': 4,
      'cloudresourcemanager.folders.list': 4,
      'apikeys.keys.list': 4,
      'serviceusage.services.get': 2,
      'serviceusage.consumerPolicies.get': 2,
      'monitoring.timeSeries.list': 1,
      'orgpolicy.policies.getEffectivePolicy': 1,
    })
  })

  it('finds the same by pages of one', async () => {
    const whole = await read(ORGANIZATION, projects)
    const single = await read(ORGANIZATION, { ...projects, gates: [pagesOf(1)] })
    assert.deepEqual(lines(single), lines(whole))
  })

  it('asks nothing of excluded and inactive projects', async () => {
    const excluded = ({ ancestors }: { ancestors: readonly string[] }) => ancestors.includes('folders/1')
    const found = await read(ORGANIZATION, { ...projects, excluded })
    assert.deepEqual([...found.keys.keys()], ['maps'])
    assert.equal(found.projects.length, 5)
  })

  it('has a gap for each folder that it may not list, and reads the rest', async () => {
    const found = await read(
      `${ORGANIZATION}\ndenied: [{read: projects, folder: 2}, {read: folders, folder: 3}]`,
      projects,
    )
    assert.deepEqual(gapLines(found), [
      'projects folders/2 IAM_PERMISSION_DENIED',
      'projects folders/3 IAM_PERMISSION_DENIED',
    ])
    assert.deepEqual([...found.keys.keys()].sort(), ['maps', 'open 2'])
  })

  it('has a gap for each project that it may not read', async () => {
    const found = await read(`${ORGANIZATION}\ndenied: [{read: keys, project: with-gemini}]`, projects)
    assert.deepEqual(gapLines(found), ['keys projects/102 IAM_PERMISSION_DENIED'])
    assert.equal(found.count, 2)
  })

  it('keeps the part of a project that it could read', async () => {
    const second = (call: { operation: string; query: URLSearchParams }) =>
      call.operation === 'apikeys.keys.list' && call.query.has('pageToken')
    const found = await read(ORGANIZATION, {
      ...projects,
      gates: [pagesOf(1), async (call, real) => (second(call) ? UNAVAILABLE : real())],
    })
    assert.deepEqual(gapLines(found), ['keys projects/102 UNAVAILABLE'])
    assert.equal([...found.keys.values()].filter(({ project }) => project.id === 'with-gemini').length, 1)
  })

  it('does not fail for a single project of which it could read a part', async () => {
    const found = await read(ORGANIZATION, {
      ...projects,
      scopes: ['projects/with-gemini'],
      gates: [pagesOf(1), async (call, real) => (call.query.has('pageToken') ? UNAVAILABLE : real())],
    })
    assert.equal(found.error, undefined)
    assert.equal(found.count, 1)
    assert.deepEqual(gapLines(found), ['keys projects/102 UNAVAILABLE'])
  })

  for (const scope of ['projects/with-gemini', 'projects/102']) {
    it(`fails for ${scope} when the answer is another project`, async () => {
      const found = await read(ORGANIZATION, {
        ...projects,
        scopes: [scope],
        gates: [changing('cloudresourcemanager.projects.get', () => OTHER)],
      })
      assert.ok(found.error instanceof ApiError)
      assert.equal(found.error.reason, 'MALFORMED')
      assert.match(found.error.message, /the answer is not about what was asked for/)
      assert.equal(found.count, 0)
    })

    it(`reads ${scope} whether it is named by number or by ID`, async () => {
      const found = await read(ORGANIZATION, { ...projects, scopes: [scope] })
      assert.equal(found.error, undefined)
      assert.deepEqual(found.gaps, [])
      assert.deepEqual(
        [...new Set([...found.keys.values()].map(({ project }) => project.id))],
        ['with-gemini'],
      )
    })
  }

  it('keeps the projects of the others where one scope is answered with another project', async () => {
    const found = await read(ORGANIZATION, {
      ...projects,
      scopes: ['projects/with-gemini', 'projects/without-gemini'],
      gates: [
        changing('cloudresourcemanager.projects.get', ({ name }) => (name === 'projects/102' ? OTHER : {})),
      ],
    })
    assert.equal(found.error, undefined)
    assert.deepEqual(gapLines(found), ['projects projects/with-gemini MALFORMED'])
  })

  it('takes no folder for that which was asked', async () => {
    const found = await read(ORGANIZATION, {
      ...projects,
      scopes: ['folders/1'],
      gates: [
        changing('cloudresourcemanager.folders.get', () => ({ name: 'folders/7', parent: 'folders/8' })),
      ],
    })
    assert.match(found.remarks.join(), /the answer is not about what was asked for/)
    assert.ok([...found.keys.values()].every(({ project }) => !project.ancestors.includes('folders/8')))
  })

  it('leaves a project unknown that it may not ask for the Gemini API', async () => {
    const found = await read(`${ORGANIZATION}\ndenied: [{read: services, project: with-gemini}]`, projects)
    assert.equal(lines(found)['open'], 'standard unknown keys.list keys.list none')
    assert.deepEqual(gapLines(found), ['services projects/102 IAM_PERMISSION_DENIED'])
  })

  for (const [what, denied] of [
    ['no project and no folder can be listed', '{read: projects}, {read: folders}'],
    ['no keys can be listed', '{read: keys}'],
  ] as const) {
    it(`fails when ${what}`, async () => {
      const found = await read(`${ORGANIZATION}\ndenied: [${denied}]`, projects)
      assert.ok(found.error instanceof ApiError)
      assert.equal(found.error.reason, 'IAM_PERMISSION_DENIED')
    })
  }

  it('does not fail for an organization without projects, and has a gap', async () => {
    const found = await read('organization: {number: 9}', projects)
    assert.deepEqual([found.count, found.error], [0, undefined])
    assert.deepEqual(gapLines(found), ['projects organizations/9 NO_PROJECT'])
  })

  it('ends in a folder that claims to lie in itself', async () => {
    const looping = changing('cloudresourcemanager.folders.list', () => ({
      folders: [{ name: 'folders/1' }],
    }))
    const found = await read(ORGANIZATION, { ...projects, gates: [looping] })
    assert.equal(found.error, undefined)
    assert.deepEqual([...found.keys.keys()].sort(), ['maps', 'open 2'])
  })

  it('has a gap for folders and projects without a name', async () => {
    const odd = [
      changing('cloudresourcemanager.folders.list', ({ folders = [] }) => ({
        folders: [...folders, { name: 7 }],
      })),
      changing('cloudresourcemanager.projects.list', ({ projects: found = [] }) => ({
        projects: [null, ...found],
      })),
    ]
    const found = await read(ORGANIZATION, { ...projects, gates: odd })
    assert.equal(found.count, 5)
    assert.deepEqual(
      new Set(gapLines(found)),
      new Set(
        ['organizations/9', 'folders/1', 'folders/2', 'folders/3'].map(
          (name) => `projects ${name} MALFORMED`,
        ),
      ),
    )
  })
})
