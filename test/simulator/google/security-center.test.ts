import assert from 'node:assert/strict'
import { type Ask, posting, SMALL, simulated } from '../simulated.js'

const WORLD = `${SMALL}\nsources: [5]`
const FINDINGS = '/v2/organizations/9/sources/5/findings'
const FINDING = {
  state: 'ACTIVE',
  category: 'GEMINI_API_KEY_STANDARD_KEY',
  severity: 'HIGH',
  resourceName: '//apikeys.googleapis.com/projects/102/locations/global/keys/one',
  eventTime: '2026-11-23T07:00:00Z',
  sourceProperties: { audit: 'acme' },
}

const create = (ask: Ask, id = 'a1', finding: object = FINDING) =>
  ask(`${FINDINGS}?findingId=${id}`, posting(finding))
const patch = (ask: Ask, id: string, mask: string, finding: object) =>
  ask(`${FINDINGS}/${id}?updateMask=${mask}`, { ...posting(finding), method: 'PATCH' })

describe('the Security Command Center API', () => {
  it('creates findings, lists those that pass a filter, and has them unmuted', async () => {
    await simulated(WORLD, async (ask) => {
      await create(ask, 'a1')
      await create(ask, 'a2', { ...FINDING, sourceProperties: { audit: 'other' } })
      const filter = encodeURIComponent('state = "ACTIVE" AND source_properties.audit = "acme"')
      const { body } = await ask(`${FINDINGS}?filter=${filter}`)
      assert.deepEqual(
        body.listFindingsResults.map(({ finding }: { finding: { name: string; mute: string } }) => [
          finding.name,
          finding.mute,
        ]),
        [['organizations/9/sources/5/findings/a1', 'UNDEFINED']],
      )
    })
  })

  it('writes the fields of a mask and leaves the others', async () => {
    await simulated(WORLD, async (ask) => {
      await create(ask)
      const { body } = await patch(ask, 'a1', 'state', { state: 'INACTIVE', category: 'OTHER' })
      assert.deepEqual([body.state, body.category], ['INACTIVE', FINDING.category])
    })
  })

  it('creates by an update what is not there', async () => {
    await simulated(WORLD, async (ask, { findings }) => {
      assert.equal((await patch(ask, 'a9', 'state', { state: 'ACTIVE' })).status, 200)
      assert.equal(findings.size, 1)
    })
  })

  it('mutes', async () => {
    await simulated(WORLD, async (ask) => {
      await create(ask)
      assert.equal((await ask(`${FINDINGS}/a1:setMute`, posting({ mute: 'MUTED' }))).body.mute, 'MUTED')
      assert.equal((await ask(`${FINDINGS}/none:setMute`, posting({ mute: 'MUTED' }))).status, 404)
    })
  })

  const refused: readonly [what: string, request: (ask: Ask) => ReturnType<Ask>, status: number][] = [
    ['an ID of more than letters and digits', (ask) => create(ask, 'a-1'), 400],
    ['an ID of more than 32', (ask) => create(ask, 'a'.repeat(33)), 400],
    ['a field that a finding does not have', (ask) => create(ask, 'a1', { ...FINDING, verdict: 'x' }), 400],
    ['the mute state as a field', (ask) => create(ask, 'a1', { ...FINDING, mute: 'MUTED' }), 400],
    ['a time in the future', (ask) => create(ask, 'a1', { eventTime: '2026-11-24T07:00:00Z' }), 400],
    ['a field of a mask that is none', (ask) => patch(ask, 'a1', 'verdict', {}), 400],
    ['a filter that it does not know', (ask) => ask(`${FINDINGS}?filter=x`), 400],
    ['a source that is not there', (ask) => ask('/v2/organizations/9/sources/6/findings'), 404],
    ['another organization', (ask) => ask('/v2/organizations/8/sources/5/findings'), 403],
  ]
  for (const [what, request, status] of refused) {
    it(`refuses ${what} with ${status}`, async () => {
      await simulated(WORLD, async (ask) => assert.equal((await request(ask)).status, status))
    })
  }

  it('refuses a finding that is there with 409, and what a world denies with 403', async () => {
    await simulated(WORLD, async (ask) => {
      await create(ask)
      assert.equal((await create(ask)).status, 409)
    })
    await simulated(`${WORLD}\ndenied: [{permission: securitycenter.findings.update}]`, async (ask) => {
      assert.equal((await create(ask)).status, 403)
      assert.equal((await ask(FINDINGS)).status, 200)
    })
  })
})
