import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import type { Gate } from '../../simulator/wire/call.js'
import { ApiError } from '../../src/google/errors.js'
import { answering, changing, gapLines, lines, pagesOf, read, UNAVAILABLE } from './reading.js'

const ORGANIZATION = `
organization: {number: 9}
folders: [{number: 1, name: production}, {number: 2, name: web, parent: 1}]
projects:
  - {id: auditor, number: 101, services: [cloudasset, apikeys]}
  - {id: with-gemini, number: 102, folder: 2, services: [generativelanguage],
     keys: [{name: open}, {name: bound, targets: [generativelanguage], serviceAccountEmail: a@b.example}]}
  - {id: without-gemini, number: 103, folder: 1, keys: [{name: open 2}]}
  - {id: only-maps, number: 104, keys: [{name: maps, targets: [maps-backend]}]}
  - {id: shut-down, number: 105, state: DELETE_REQUESTED, keys: [{name: old}]}
`
const world = (denied: string) => `${ORGANIZATION}\ncaller: {project: auditor}\ndenied: [${denied}]`

describe('where a part is refused, a reading that may choose', () => {
  it('reads project by project without assets, and says so and how to have them', async () => {
    const found = await read(world('{read: assets}'))
    assert.deepEqual(lines(found), {
      open: 'standard on keys.list keys.list assets',
      bound: 'auth on keys.list keys.list assets',
      'open 2': 'standard off keys.list keys.list services.get',
      maps: 'standard off keys.list keys.list assets',
    })
    assert.deepEqual(found.gaps, [])
    assert.deepEqual(found.remarks, [
      'Listing the assets of organizations/9 failed: the auditor may not do that: it needs cloudasset.assets.listResource; its projects are listed by Resource Manager instead. To read assets: grant a role that holds cloudasset.assets.listResource: gcloud organizations add-iam-policy-binding 9 --member=serviceAccount:SERVICE_ACCOUNT_EMAIL --role=organizations/9/roles/geminiKeyAuditor',
      'Listing the assets of organizations/9 failed: the auditor may not do that: it needs cloudasset.assets.listResource; its keys are read project by project instead. To read assets: grant a role that holds cloudasset.assets.listResource: gcloud organizations add-iam-policy-binding 9 --member=serviceAccount:SERVICE_ACCOUNT_EMAIL --role=organizations/9/roles/geminiKeyAuditor',
    ])
  })

  it('reads project by project with Cloud Asset Inventory off in its own project, and says what to enable', async () => {
    const found = await read(world('{read: assets, reason: disabled}, {read: search, reason: disabled}'))
    assert.equal(lines(found)['open'], 'standard on keys.list keys.list services.get')
    assert.equal(lines(found)['open 2'], 'standard off keys.list keys.list services.get')
    assert.deepEqual(found.gaps, [])
    for (const sentence of found.remarks) {
      assert.match(sentence, /gcloud services enable cloudasset.googleapis.com --project=101$/)
    }
    assert.equal(found.remarks.length, 3)
  })

  it('asks each project with a candidate without the search', async () => {
    const found = await read(world('{read: search}'))
    assert.deepEqual(lines(found), {
      open: 'standard on keys.list keys.list services.get',
      bound: 'auth on keys.list keys.list services.get',
      'open 2': 'unknown off assets assets services.get',
      maps: 'unknown unknown assets assets none',
      old: 'unknown unknown assets assets none',
    })
    assert.equal(found.requests['serviceusage.services.get'], 2)
    assert.equal(found.requests['apikeys.keys.list'], 1)
    assert.deepEqual(found.gaps, [])
    assert.equal(found.remarks.length, 1)
  })

  it('asks in place of a search that breaks off', async () => {
    const found = await read(ORGANIZATION, {
      gates: [answering('cloudasset.searchAllResources', UNAVAILABLE)],
    })
    assert.equal(lines(found)['open 2'], 'unknown off assets assets services.get')
    assert.equal(found.remarks.length, 1)
    assert.deepEqual(found.gaps, [])
  })

  it('asks in place of a search that gives what cannot be read, and has a gap', async () => {
    const broken = changing('cloudasset.searchAllResources', () => ({ results: [{ name: 7 }] }))
    const found = await read(ORGANIZATION, { gates: [broken] })
    assert.equal(lines(found)['open 2'], 'unknown off assets assets services.get')
    assert.deepEqual(gapLines(found), ['services organizations/9 MALFORMED'])
  })

  it('keeps what a search found before it broke off', async () => {
    const found = await read(
      ORGANIZATION.replace(
        '{id: only-maps, number: 104,',
        '{id: only-maps, number: 104, services: [generativelanguage],',
      ),
      {
        gates: [pagesOf(1), answering('cloudasset.searchAllResources', UNAVAILABLE, 1)],
      },
    )
    assert.equal(lines(found)['open'], 'standard on keys.list keys.list assets')
    assert.equal(lines(found)['open 2'], 'unknown off assets assets services.get')
  })

  it('lists projects by Resource Manager where only their assets are refused', async () => {
    const refused = answeringType('Project', { status: 403 })
    const found = await read(ORGANIZATION, { gates: [refused] })
    assert.equal(lines(found)['open'], 'standard on keys.list keys.list assets')
    assert.deepEqual(found.keys.get('open')?.project.ancestors, ['folders/2', 'folders/1', 'organizations/9'])
    assert.deepEqual(found.projects, ['auditor', 'only-maps', 'shut-down', 'with-gemini', 'without-gemini'])
    assert.equal(found.requests['cloudresourcemanager.projects.get'], undefined)
    assert.equal(found.remarks.length, 1)
  })

  it('takes what the keys say of their projects where these cannot be listed at all, with one gap', async () => {
    const found = await read(world('{read: projects}, {read: folders}'), {
      gates: [answeringType('Project', { status: 403 })],
    })
    assert.equal(lines(found)['open'], 'standard on keys.list keys.list assets')
    assert.equal(found.keys.get('open')?.project.id, '102')
    assert.deepEqual(found.keys.get('open')?.project.ancestors, ['folders/2', 'folders/1', 'organizations/9'])
    assert.deepEqual(gapLines(found), ['projects organizations/9 IAM_PERMISSION_DENIED'])
  })

  it('does not go another way because of an outage', async () => {
    const found = await read(ORGANIZATION, { gates: [answeringType('Key', UNAVAILABLE)] })
    assert.ok(found.error instanceof ApiError)
    assert.match(found.error.message, /^Listing the assets of organizations\/9 failed: .*UNAVAILABLE/)
  })

  it('has a gap for the rest of a list that broke off, and confirms every project with the Gemini API', async () => {
    const gates = [pagesOf(1), answeringType('Key', UNAVAILABLE, 1)]
    const found = await read(
      ORGANIZATION.replace(
        '{id: only-maps, number: 104,',
        '{id: only-maps, number: 104, services: [generativelanguage],',
      ),
      { gates },
    )
    assert.deepEqual(lines(found), {
      open: 'standard on keys.list keys.list assets',
      bound: 'auth on keys.list keys.list assets',
      maps: 'standard on keys.list keys.list assets',
    })
    assert.deepEqual(gapLines(found), ['keys organizations/9 UNAVAILABLE'])
    assert.equal(found.error, undefined)
  })
})

describe('where a part is refused, a reading by assets alone', () => {
  it('fails without assets', async () => {
    const found = await read(world('{read: assets}'), { mode: 'assets' })
    assert.ok(found.error instanceof ApiError)
    assert.match(found.error.message, /it needs cloudasset.assets.listResource/)
    assert.equal(found.requests['cloudresourcemanager.projects.list'], undefined)
  })

  it('has a gap without the search, and confirms every candidate', async () => {
    const found = await read(world('{read: search}'), { mode: 'assets' })
    assert.deepEqual(gapLines(found), ['services organizations/9 IAM_PERMISSION_DENIED'])
    assert.equal(lines(found)['open 2'], 'standard unknown keys.list keys.list none')
    assert.equal(found.requests['serviceusage.services.get'], 1)
  })
})

describe('what lies with the auditor', () => {
  const ways = ['auto', 'assets', 'projects'] as const
  for (const mode of ways) {
    it(`stops a reading (${mode}) with what to enable, when the API Keys API is off in its own project`, async () => {
      const found = await read(world('{read: keys, reason: disabled}'), { mode })
      assert.ok(found.error instanceof ApiError)
      assert.match(found.error.message, /gcloud services enable apikeys.googleapis.com --project=101$/)
      assert.deepEqual(found.gaps, [])
    })
  }

  it('stops a reading at once, and what that breaks off is no gap', async () => {
    // the listing would never end by itself
    const endless: Gate = async (call, real) =>
      call.operation === 'cloudasset.assets.list' && call.earlier >= 8 ? { hangup: 'silence' } : real()
    const found = await read(world('{read: keys, reason: disabled}'), { gates: [pagesOf(1), endless] })
    assert.ok(found.error instanceof ApiError)
    assert.deepEqual(found.gaps, [])
    assert.ok(Number(found.requests['cloudasset.assets.list']) < 10, 'not all pages were read')
  })

  it('is a gap where the project that was charged is the only one concerned', async () => {
    const own = world('{read: keys, reason: disabled, project: with-gemini}').replace(
      'caller: {project: auditor}',
      'caller: {project: with-gemini}',
    )
    const found = await read(own)
    assert.equal(found.error, undefined)
    assert.deepEqual(gapLines(found), [
      'keys projects/102 SERVICE_DISABLED',
      'type projects/102 SERVICE_DISABLED',
    ])
  })

  for (const [reason, fix] of [
    ['user-project', /add-iam-policy-binding 101 .*roles\/serviceusage.serviceUsageConsumer$/],
    ['billing', /gcloud billing projects link 101 /],
    ['suspended', /project=101$/],
    ['token-scope', /gcloud auth application-default login/],
  ] as const) {
    it(`stops a reading when keys.list answers "${reason}"`, async () => {
      const found = await read(world(`{read: keys, reason: ${reason}}`))
      assert.ok(found.error instanceof ApiError)
      assert.match(found.error.message, fix)
    })
  }

  it('is not asked about in every project, where it is services.get', async () => {
    const numbers = Array.from({ length: 60 }, (_, index) => 200 + index)
    const many = numbers.map(
      (number) => `  - {id: more-${number}, number: ${number}, keys: [{name: key ${number}}]}`,
    )
    const large = world('{read: services, reason: disabled}').replace(
      '\ncaller',
      `${many.join('\n')}\ncaller`,
    )
    const found = await read(large, { mode: 'projects' })
    assert.equal(found.error, undefined)
    const subjects = ['projects/102', 'projects/103', ...numbers.map((number) => `projects/${number}`)]
    assert.deepEqual(
      gapLines(found),
      subjects.map((subject) => `services ${subject} SERVICE_DISABLED`),
    )
    assert.ok(Number(found.requests['serviceusage.services.get']) < 60)
    for (const gap of found.gaps) assert.ok(gap.because.includes(`in ${gap.subject} failed`))
  })

  it('is not a perimeter around one project', async () => {
    const found = await read(world('{read: keys, reason: vpc, project: with-gemini}'))
    assert.equal(found.error, undefined)
    assert.deepEqual(gapLines(found), [
      'keys projects/102 SECURITY_POLICY_VIOLATED',
      'type projects/102 SECURITY_POLICY_VIOLATED',
    ])
  })
})

/** Answers the listing of one type of assets otherwise, from the given page of it on. */
function answeringType(
  type: 'Key' | 'Project',
  answer: Parameters<typeof answering>[1],
  from = 0,
): ReturnType<typeof answering> {
  let earlier = 0
  const gate = answering('cloudasset.assets.list', answer)
  return async (call, real) => {
    const isOther = !call.query.get('assetTypes')?.endsWith(`/${type}`)
    return isOther || earlier++ < from ? real() : gate(call, real)
  }
}
