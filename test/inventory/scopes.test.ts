import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import type { Gate } from '../../simulator/wire/call.js'
import { ApiError } from '../../src/google/errors.js'
import { gapLines, lines, outsideOrganizations, pagesOf, read, UNAVAILABLE } from './reading.js'

const ORGANIZATION = `
organization: {number: 9}
folders:
  - {number: 1, name: production}
  - {number: 2, name: web, parent: 1}
  - {number: 3, name: sandbox}
projects:
  - {id: acme-web, number: 102, folder: 2, services: [generativelanguage], keys: [{name: web}, {name: web maps, targets: [maps-backend]}]}
  - {id: acme-api, number: 103, folder: 1, services: [generativelanguage], keys: [{name: api}]}
  - {id: acme-lab, number: 104, folder: 3, keys: [{name: lab}]}
  - {id: acme-top, number: 105, keys: [{name: top}]}
`

describe('scopes', () => {
  const rows: readonly (readonly [readonly string[], readonly string[]])[] = [
    [['organizations/9'], ['api', 'lab', 'top', 'web', 'web maps']],
    [['folders/1'], ['api', 'web', 'web maps']],
    [['folders/2'], ['web', 'web maps']],
    [['projects/acme-web'], ['web', 'web maps']],
    [['projects/102'], ['web', 'web maps']],
    [
      ['folders/2', 'folders/3'],
      ['lab', 'web', 'web maps'],
    ],
    [
      ['folders/1', 'folders/2'],
      ['api', 'web', 'web maps'],
    ],
    [
      ['folders/2', 'folders/1'],
      ['api', 'web', 'web maps'],
    ],
    [
      ['projects/acme-web', 'projects/102'],
      ['web', 'web maps'],
    ],
    [
      ['projects/acme-web', 'folders/2', 'organizations/9'],
      ['api', 'lab', 'top', 'web', 'web maps'],
    ],
    [
      ['organizations/9', 'folders/2', 'projects/102'],
      ['api', 'lab', 'top', 'web', 'web maps'],
    ],
    [
      ['folders/1', 'folders/1'],
      ['api', 'web', 'web maps'],
    ],
  ]
  for (const mode of ['auto', 'projects'] as const) {
    for (const [scopes, expected] of rows) {
      it(`give each key of ${scopes.join(', ')} once (${mode})`, async () => {
        const found = await read(ORGANIZATION, { scopes, mode })
        assert.deepEqual([...found.keys.keys()].sort(), expected)
        assert.equal(found.count, expected.length)
        assert.deepEqual(found.gaps, [])
        assert.equal(found.projects.length, new Set(found.projects).size)
      })
    }

    it(`know what lies above them (${mode})`, async () => {
      for (const scope of ['folders/2', 'projects/acme-web']) {
        const found = await read(ORGANIZATION, { scopes: [scope], mode })
        assert.deepEqual(found.keys.get('web')?.project.ancestors, [
          'folders/2',
          'folders/1',
          'organizations/9',
        ])
      }
    })

    it(`leave a gap where one of several cannot be read, and fail where none can (${mode})`, async () => {
      const denied = `${ORGANIZATION}\ndenied: [{read: assets, folder: 3}, {read: search, folder: 3}, {read: projects, folder: 3}, {read: folders, folder: 3}]`
      const both = await read(denied, { scopes: ['folders/3', 'folders/2'], mode })
      assert.equal(both.error, undefined)
      assert.deepEqual(gapLines(both), ['projects folders/3 IAM_PERMISSION_DENIED'])
      assert.deepEqual([...both.keys.keys()].sort(), ['web', 'web maps'])
      const one = await read(denied, { scopes: ['folders/3'], mode })
      assert.ok(one.error instanceof ApiError)
    })
  }

  it('have a gap where they show no project, with what to check', async () => {
    const empty = ORGANIZATION.replace('projects:', '  - {number: 4, name: empty}\nprojects:')
    for (const mode of ['auto', 'projects'] as const) {
      const found = await read(empty, { scopes: ['folders/4', 'folders/2'], mode })
      assert.deepEqual(gapLines(found), ['projects folders/4 NO_PROJECT'])
      assert.match(found.gaps[0]?.because ?? '', /folders\/4 shows no project$/)
      assert.match(found.gaps[0]?.fix ?? '', /^check the right or the number/)
      assert.deepEqual([...found.keys.keys()].sort(), ['web', 'web maps'])
    }
  })

  describe('that are a project without organization', () => {
    const withGemini = ORGANIZATION.replace('number: 105,', 'number: 105, services: [generativelanguage],')
    for (const denied of ['keys', 'search', 'traffic', 'assets']) {
      it(`name no organization’s role where ${denied} may not be read`, async () => {
        const found = await read(`${withGemini}\ndenied: [{read: ${denied}, project: acme-top}]`, {
          scopes: ['projects/105'],
          gates: [outsideOrganizations],
        })
        const advice = [...found.gaps.map(({ fix }) => fix), ...found.remarks].join('\n')
        assert.match(advice, /--role=projects\/acme-top\/roles\/geminiKeyAuditor/)
        assert.doesNotMatch(advice, /organizations\//)
      })
    }
  })

  it('may be read in different ways', async () => {
    const found = await read(`${ORGANIZATION}\ndenied: [{read: assets, folder: 3}]`, {
      scopes: ['folders/3', 'folders/1'],
    })
    assert.equal(lines(found)['lab'], 'standard off keys.list keys.list services.get')
    assert.equal(lines(found)['web'], 'standard on keys.list keys.list assets')
    assert.equal(found.count, 4)
    assert.deepEqual(found.gaps, [])
  })

  it('trust no absence from the search in any of them, once a project of one that lists no assets shows it wrong', async () => {
    const missed = ORGANIZATION.replace(
      'folder: 3, keys',
      'folder: 3, services: [generativelanguage], missingFromSearch: [generativelanguage], keys',
    ).replace('folder: 1, services: [generativelanguage], keys', 'folder: 1, keys')
    const found = await read(`${missed}\ndenied: [{read: assets, folder: 3}]`, {
      scopes: ['folders/3', 'folders/1'],
    })
    assert.equal(lines(found)['lab'], 'standard on keys.list keys.list services.get')
    assert.match(lines(found)['api'] ?? '', / off .* services.get$/)
    assert.deepEqual(found.gaps, [])
  })

  it('may overlap and be read in different ways', async () => {
    const denied = `${ORGANIZATION}\ndenied: [{read: assets, folder: 1}]`
    for (const scopes of [
      ['folders/1', 'organizations/9'],
      ['organizations/9', 'folders/1'],
    ]) {
      const found = await read(denied, { scopes })
      assert.deepEqual([...found.keys.keys()].sort(), ['api', 'lab', 'top', 'web', 'web maps'])
      assert.equal(found.count, 5)
    }
  })

  it('are reported where one of them is unreadable by assets alone', async () => {
    const found = await read(
      `${ORGANIZATION}\ndenied: [{read: assets, folder: 3}, {read: search, folder: 3}]`,
      {
        scopes: ['folders/3', 'folders/2'],
        mode: 'assets',
      },
    )
    assert.deepEqual(gapLines(found), [
      'keys folders/3 IAM_PERMISSION_DENIED',
      'projects folders/3 IAM_PERMISSION_DENIED',
      'services folders/3 IAM_PERMISSION_DENIED',
    ])
  })

  it('say what the policy cannot see where it is not allowed to look above them', async () => {
    const found = await read(`${ORGANIZATION}\ndenied: [{read: folders}]`, {
      scopes: ['folders/2'],
      mode: 'projects',
    })
    assert.deepEqual([...found.keys.keys()].sort(), ['web', 'web maps'])
    assert.match(
      found.remarks[0] ?? '',
      /what the policy says of folders above folders\/2 does not reach its projects/,
    )
    assert.deepEqual(gapLines(found), ['projects folders/2 IAM_PERMISSION_DENIED'])
  })
})

describe('scopes that overlap', () => {
  it('give every key, also those behind the page at which a smaller one broke off', async () => {
    const world = `
organization: {number: 9}
folders: [{number: 1, name: one}]
projects:
${[101, 102, 103, 104].map((number) => `  - {id: project-${number}, number: ${number}, folder: 1, services: [generativelanguage], keys: [{name: key ${number}}]}`).join('\n')}
`
    for (const scopes of [
      ['folders/1', 'organizations/9'],
      ['organizations/9', 'folders/1'],
    ]) {
      const first = scopes[0] ?? ''
      const breaking: Gate = async (call, real) =>
        call.operation === 'cloudasset.assets.list' &&
        call.path.includes(first) &&
        call.query.get('assetTypes')?.includes('Key') &&
        call.query.has('pageToken')
          ? { status: 403, body: { error: { status: 'PERMISSION_DENIED' } } }
          : real()
      const found = await read(world, { scopes, gates: [pagesOf(2), breaking] })
      assert.deepEqual([...found.keys.keys()].sort(), ['key 101', 'key 102', 'key 103', 'key 104'])
      assert.equal(found.count, 4)
      assert.ok(gapLines(found).includes(`keys ${first} PERMISSION_DENIED`))
    }
  })
})

describe('a scope that refuses both ways', () => {
  it('is reported with both refusals', async () => {
    const refusing: Gate = async (call, real) =>
      /^cloudasset|^cloudresourcemanager/.test(call.operation)
        ? { status: 403, body: { error: { status: 'PERMISSION_DENIED' } } }
        : real()
    const { error } = await read('organization: {number: 9}\nprojects: []\n', { gates: [refusing] })
    assert.ok(error instanceof Error)
    assert.match(
      error.message,
      /needs cloudasset\.assets\.listResource \(PERMISSION_DENIED\), and then: .*needs resourcemanager\./,
    )
    assert.match(
      error.message,
      /cloudasset\.assets\.listResource: gcloud .*; or .*resourcemanager\.(projects|folders)\.list: gcloud /,
    )
  })

  const WORLD = `
organization: {number: 9}
projects:
  - {id: project-one, number: 101, services: [generativelanguage], keys: [{name: first}]}
  - {id: project-two, number: 102, services: [generativelanguage], keys: [{name: second}]}
`
  const DENIED = { status: 403, body: { error: { status: 'PERMISSION_DENIED' } } }
  const assetsOfKeys = (call: { operation: string; query: URLSearchParams }) =>
    call.operation === 'cloudasset.assets.list' && call.query.get('assetTypes')?.includes('Key')
  const off = [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'SERVICE_DISABLED' }]
  const DISABLED = { status: 403, body: { error: { status: 'PERMISSION_DENIED', details: off } } }

  for (const [what, answer, reason] of [
    ['refused', DENIED, 'PERMISSION_DENIED'],
    ['not answered', UNAVAILABLE, 'UNAVAILABLE'],
    ['off for the auditor', DISABLED, 'SERVICE_DISABLED'],
  ] as const) {
    it(`is reported with both where the keys of every project are ${what}`, async () => {
      const refusing: Gate = async (call, real) =>
        assetsOfKeys(call) ? DENIED : call.operation === 'apikeys.keys.list' ? answer : real()
      const { error } = await read(WORLD, { gates: [refusing] })
      assert.ok(error instanceof ApiError)
      assert.equal(error.reason, reason)
      assert.match(
        error.message,
        /^Listing .*needs cloudasset\.assets\.listResource \(PERMISSION_DENIED\), and then: Listing the API keys of projects\/\d+ failed/,
      )
      assert.match(error.message, /--role=organizations\/9\/roles\/geminiKeyAuditor; or /)
    })
  }

  it('is reported with the second one alone where the first was never asked', async () => {
    const refusing: Gate = async (call, real) => (call.operation === 'apikeys.keys.list' ? DENIED : real())
    const { error } = await read(WORLD, { mode: 'projects', gates: [refusing] })
    assert.ok(error instanceof ApiError)
    assert.match(error.message, /^Listing the API keys of projects\/\d+ failed/)
  })

  it('does not fail where the keys of one project can be read', async () => {
    const refusing: Gate = async (call, real) =>
      assetsOfKeys(call) || (call.operation === 'apikeys.keys.list' && call.path.includes('102'))
        ? DENIED
        : real()
    const found = await read(WORLD, { gates: [refusing] })
    assert.equal(found.error, undefined)
    assert.deepEqual([...found.keys.keys()], ['first'])
    assert.deepEqual(gapLines(found), ['keys projects/102 PERMISSION_DENIED'])
  })
})
