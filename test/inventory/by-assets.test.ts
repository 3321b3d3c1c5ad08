import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import type { Gate } from '../../simulator/wire/call.js'
import { changing, gapLines, lines, pagesOf, read, UNAVAILABLE } from './reading.js'

/** Two projects with the Gemini API, two without. */
const ORGANIZATION = `
organization: {number: 9}
folders:
  - {number: 1, name: production}
  - {number: 2, name: web, parent: 1}
projects:
  - {id: auditor, number: 101, services: [cloudasset, apikeys]}
  - id: with-gemini
    number: 102
    folder: 2
    labels: {team: shop}
    services: [generativelanguage]
    keys:
      - {name: open}
      - {name: gemini, targets: [generativelanguage], uid: uid-gemini}
      - {name: maps, targets: [maps-backend]}
      - {name: bound, targets: [generativelanguage], serviceAccountEmail: a@b.example, uid: uid-bound}
      - {name: deleted, deleted: 3d ago}
      - {name: fresh, created: 1h ago}
      - {name: vanished, lag: vanished}
  - id: only-maps
    number: 103
    folder: 1
    services: [generativelanguage]
    keys: [{name: maps 2, targets: [maps-backend]}]
  - id: without-gemini
    number: 104
    keys: [{name: open 2}, {name: bound 2, serviceAccountEmail: c@d.example, uid: uid-bound-2}]
`

describe('a reading by assets', () => {
  it('confirms the projects with the Gemini API and a candidate, and takes the others from the inventory', async () => {
    const found = await read(ORGANIZATION)
    assert.deepEqual(lines(found), {
      open: 'standard on keys.list keys.list assets',
      gemini: 'standard on keys.list keys.list assets',
      maps: 'standard on keys.list keys.list assets',
      bound: 'auth on keys.list keys.list assets',
      deleted: 'standard on keys.list keys.list assets',
      fresh: 'standard on keys.list keys.list assets',
      'maps 2': 'unknown on assets assets assets',
      'open 2': 'unknown off assets assets services.get',
      'bound 2': 'unknown off assets assets services.get',
    })
    assert.equal(found.count, 9)
    assert.deepEqual(found.gaps, [])
    assert.deepEqual(found.remarks, [])
    assert.deepEqual(found.requests, {
      'cloudasset.assets.list': 2,
      'cloudasset.searchAllResources': 2, // where the Gemini API is on, and what an unrestricted key reaches besides
      'apikeys.keys.list': 1,
      'serviceusage.services.get': 1,
      'serviceusage.consumerPolicies.get': 1,
      'monitoring.timeSeries.list': 1,
      'orgpolicy.policies.getEffectivePolicy': 1,
    })
  })

  it('reports every project once, with what it lies in', async () => {
    const found = await read(ORGANIZATION)
    assert.deepEqual(found.projects, ['auditor', 'only-maps', 'with-gemini', 'without-gemini'])
    const { project, evidence } = found.keys.get('open') ?? assert.fail()
    assert.deepEqual(
      { ...project, labels: { ...project.labels } },
      {
        number: '102',
        id: 'with-gemini',
        state: 'ACTIVE',
        labels: { team: 'shop' },
        ancestors: ['folders/2', 'folders/1', 'organizations/9'],
      },
    )
    assert.equal(evidence.key.readAt, '2026-11-23T07:00:01Z')
  })

  it('takes restrictions from keys.list where the inventory is behind', async () => {
    const world = ORGANIZATION.replace('{name: open}', '{name: open, stale: {targets: [maps-backend]}}')
    const found = await read(world)
    assert.deepEqual(found.keys.get('open')?.key.restrictions.apiTargets, [])
  })

  it('shows auth keys by the inventory where that carries them', async () => {
    const found = await read(`${ORGANIZATION}\ninventory: {showsServiceAccounts: true}`)
    assert.equal(lines(found)['bound 2'], 'auth off assets assets services.get')
    assert.equal(lines(found)['open 2'], 'unknown off assets assets services.get')
  })

  it('does not ask again where only deleted keys are candidates', async () => {
    const found = await read(
      ORGANIZATION.replace('{name: maps 2,', '{name: gone, deleted: 3d ago}, {name: maps 2,'),
    )
    assert.equal(lines(found)['gone'], 'unknown on assets assets assets')
    assert.equal(found.requests['apikeys.keys.list'], 1)
  })

  describe('with a project that keys.list refuses', () => {
    const denied = `${ORGANIZATION}\ndenied: [{read: keys, project: with-gemini}]`

    it('leaves the types of its keys unknown, and says so', async () => {
      const found = await read(denied)
      assert.equal(lines(found)['gemini'], 'unknown on assets assets assets')
      assert.equal(lines(found)['vanished'], 'unknown on assets assets assets')
      assert.equal(found.keys.has('fresh'), false)
      assert.deepEqual(gapLines(found), [
        'keys projects/102 IAM_PERMISSION_DENIED',
        'type projects/102 IAM_PERMISSION_DENIED',
      ])
      assert.match(
        found.gaps[0]?.because ?? '',
        /^Listing the API keys of projects\/102 failed: .* apikeys.keys.list$/,
      )
      assert.match(found.gaps[0]?.fix ?? '', /gcloud projects add-iam-policy-binding 102 /)
    })

    it('takes types that earlier runs confirmed', async () => {
      const found = await read(denied, { remembered: { 'uid-gemini': 'standard', 'uid-bound': 'auth' } })
      assert.equal(lines(found)['gemini'], 'standard on assets remembered assets')
      assert.equal(lines(found)['bound'], 'auth on assets remembered assets')
      assert.equal(lines(found)['open'], 'unknown on assets assets assets')
      assert.deepEqual(gapLines(found), [
        'keys projects/102 IAM_PERMISSION_DENIED',
        'type projects/102 IAM_PERMISSION_DENIED',
      ])
    })

    it('has a gap for keys alone when earlier runs confirmed the types of all candidates', async () => {
      const only = denied.replace(/ +- \{name: (open|vanished|fresh).*\n/g, '')
      const found = await read(only, { remembered: { 'uid-gemini': 'standard', 'uid-bound': 'auth' } })
      assert.deepEqual(gapLines(found), ['keys projects/102 IAM_PERMISSION_DENIED'])
      assert.deepEqual(found.remarks, [
        'One project could not be confirmed by keys.list; the asset inventory and what earlier runs confirmed serve.',
      ])
    })

    it('believes the inventory where it shows a service account', async () => {
      const found = await read(`${denied}\ninventory: {showsServiceAccounts: true}`)
      assert.equal(lines(found)['bound'], 'auth on assets assets assets')
    })

    it('falls back as well when the second page of its keys fails', async () => {
      const second: Gate = async (call, real) =>
        call.operation === 'apikeys.keys.list' && call.query.has('pageToken') ? UNAVAILABLE : real()
      const found = await read(ORGANIZATION, { gates: [pagesOf(2), second] })
      assert.equal(lines(found)['open'], 'unknown on assets assets assets')
      assert.equal(found.count, 9)
      assert.deepEqual(gapLines(found), ['keys projects/102 UNAVAILABLE', 'type projects/102 UNAVAILABLE'])
    })
  })

  describe('where the search is no evidence', () => {
    const doubtful = ORGANIZATION.replace(
      'keys: [{name: open 2},',
      'keys: [{name: gemini 2, targets: [generativelanguage]}, {name: open 2},',
    )

    it('asks a project that holds a key restricted to the Gemini API and was not found', async () => {
      const found = await read(doubtful)
      assert.equal(lines(found)['gemini 2'], 'unknown off assets assets services.get')
      assert.equal(lines(found)['open 2'], 'unknown off assets assets services.get')
      assert.equal(found.requests['serviceusage.services.get'], 1)
      assert.equal(found.requests['apikeys.keys.list'], 1)
      assert.deepEqual(found.gaps, [])
    })

    it('does not ask for the sake of a deleted key', async () => {
      const deleted = doubtful.replace('{name: gemini 2,', '{name: gemini 2, deleted: 2d ago,')
      const found = await read(deleted.replace('{name: open 2},', ''), {
        remembered: { 'uid-bound-2': 'auth' },
      })
      assert.equal(found.requests['serviceusage.services.get'], undefined)
    })

    it('trusts no absence once an asked project has it enabled, and asks each instead', async () => {
      const missed = doubtful.replace(
        '    number: 104\n',
        '    number: 104\n    services: [generativelanguage]\n    missingFromSearch: [generativelanguage]\n',
      )
      const more = `${missed}
  - {id: quiet-one, number: 105, keys: [{name: open 3}]}
  - {id: quiet-two, number: 106, keys: [{name: maps 3, targets: [maps-backend]}]}
`
      const found = await read(more)
      assert.equal(lines(found)['open 2'], 'standard on keys.list keys.list services.get')
      assert.equal(lines(found)['bound 2'], 'auth on keys.list keys.list services.get')
      assert.equal(lines(found)['open 3'], 'unknown off assets assets services.get')
      assert.equal(lines(found)['maps 3'], 'unknown unknown assets assets none')
      assert.deepEqual(found.gaps, [])
      assert.match(found.remarks.join(), /does not show the Gemini API in projects\/104/)
      assert.equal(found.requests['serviceusage.services.get'], 2)
      assert.equal(found.count, 12)
    })

    it('trusts no absence of excluded projects either, of which it asks nothing', async () => {
      const missed = doubtful.replace(
        '    number: 104\n',
        '    number: 104\n    services: [generativelanguage]\n    missingFromSearch: [generativelanguage]\n',
      )
      const found = await read(`${missed}\n  - {id: quiet-one, number: 90, keys: [{name: open 3}]}`, {
        excluded: ({ id }) => id === 'quiet-one',
      })
      assert.equal(lines(found)['open 3'], 'unknown unknown assets assets none')
      assert.equal(found.requests['serviceusage.services.get'], 1)
    })

    it('leaves a project unknown that cannot be asked, and confirms it', async () => {
      const found = await read(`${doubtful}\ndenied: [{read: services, project: without-gemini}]`)
      assert.equal(lines(found)['open 2'], 'standard unknown keys.list keys.list none')
      assert.deepEqual(gapLines(found), ['services projects/104 IAM_PERMISSION_DENIED'])
    })
  })

  describe('where the inventory has no key at all', () => {
    const empty: Gate = async (call, real) =>
      call.operation === 'cloudasset.assets.list' && call.query.get('assetTypes')?.endsWith('/Key')
        ? { status: 200, body: {} }
        : real()

    it('asks the projects with the Gemini API for their keys', async () => {
      const found = await read(ORGANIZATION, { gates: [empty] })
      assert.equal(lines(found)['open'], 'standard on keys.list keys.list assets')
      assert.equal(lines(found)['maps 2'], 'standard on keys.list keys.list assets')
      assert.equal(found.requests['apikeys.keys.list'], 2)
      assert.equal(found.count, 7)
      assert.deepEqual(found.gaps, [])
    })

    it('has a gap for each that cannot be asked', async () => {
      const found = await read(`${ORGANIZATION}\ndenied: [{read: keys, project: with-gemini}]`, {
        gates: [empty],
      })
      assert.deepEqual(gapLines(found), ['keys projects/102 IAM_PERMISSION_DENIED'])
    })
  })

  it('gives a key once that is listed twice', async () => {
    const twice = (list: string) => (body: Record<string, unknown[]>) => ({
      [list]: [...(body[list] ?? []), ...(body[list] ?? [])],
    })
    const gates = [
      changing('cloudasset.assets.list', twice('assets')),
      changing('apikeys.keys.list', twice('keys')),
    ]
    const found = await read(ORGANIZATION, { gates })
    assert.equal(found.count, 9)
    assert.equal(found.keys.size, 9)
  })

  describe('leaves alone', () => {
    it('projects that are not active', async () => {
      const found = await read(
        ORGANIZATION.replace('number: 102\n', 'number: 102\n    state: DELETE_REQUESTED\n'),
      )
      assert.equal(found.requests['apikeys.keys.list'], undefined)
      assert.equal(lines(found)['open'], 'unknown on assets assets assets')
      assert.equal(found.keys.get('open')?.project.state, 'DELETE_REQUESTED')
      assert.deepEqual(found.gaps, [])
    })

    it('excluded projects, whose keys it shows as the listing does', async () => {
      const excluded = ({ ancestors }: { ancestors: readonly string[] }) => ancestors.includes('folders/2')
      const found = await read(`${ORGANIZATION}\ninventory: {showsServiceAccounts: true}`, { excluded })
      assert.equal(found.requests['apikeys.keys.list'], undefined)
      assert.equal(lines(found)['open'], 'unknown on assets assets assets')
      assert.equal(lines(found)['bound'], 'auth on assets assets assets')
      assert.deepEqual(found.gaps, [])
    })
  })

  describe('with keys of a project that the listing does not show', () => {
    const hidden = changing('cloudasset.assets.list', ({ assets = [] }) => ({
      assets: assets.filter(({ name }: { name: string }) => !name.endsWith('/projects/102')),
    }))

    it('asks for the project', async () => {
      const found = await read(ORGANIZATION, { gates: [hidden] })
      assert.equal(lines(found)['open'], 'standard on keys.list keys.list assets')
      const { project } = found.keys.get('open') ?? assert.fail()
      assert.deepEqual(
        [project.id, project.ancestors],
        ['with-gemini', ['folders/2', 'folders/1', 'organizations/9']],
      )
      assert.equal(found.projects.filter((id) => id === 'with-gemini').length, 1)
      assert.equal(found.requests['cloudresourcemanager.projects.get'], 1)
      assert.deepEqual(found.gaps, [])
    })

    it('has a gap where it cannot be asked, and judges the keys all the same', async () => {
      const found = await read(`${ORGANIZATION}\ndenied: [{read: projects, project: with-gemini}]`, {
        gates: [hidden],
      })
      assert.equal(lines(found)['open'], 'standard on keys.list keys.list assets')
      const { project } = found.keys.get('open') ?? assert.fail()
      assert.deepEqual([project.id, project.state], ['102', 'ACTIVE'])
      assert.deepEqual(project.ancestors, ['folders/2', 'folders/1', 'organizations/9'])
      assert.deepEqual(gapLines(found), ['projects projects/102 IAM_PERMISSION_DENIED'])
    })
  })
})
