import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Simulator } from '../../simulator/simulator.js'
import type { Gate } from '../../simulator/wire/call.js'
import { findingId } from '../../src/report/security-center-finding.js'
import { ACME_POLICY, acme, callFunction, onStage, recordsIn, smallWorld } from './stage.js'

const SOURCE = 'organizations/99/sources/5'
const SETTINGS = { AUDIT_SCC: SOURCE, AUDIT_NAME: 'small' }
const MONDAY = new Date('2026-11-23T07:00:00Z')
const TUESDAY = new Date('2026-11-24T07:00:00Z')

const key = (id: string, more = '') => `{id: ${id}, name: ${id}, created: 400d ago${more}}`
const world = (keys: readonly string[], more = '') =>
  smallWorld(`[${keys.join(', ')}]`, `sources: [5]\n${more}`)
const BOTH = [key('one'), key('two')]

/** Refuses the first finding that is to be created, as Google does where a field is not what it takes. */
const refusingOne: Gate = async ({ operation, earlier }, answer) => {
  if (operation !== 'securitycenter.findings.create' || earlier > 0) return answer()
  return {
    status: 400,
    body: { error: { code: 400, message: 'Invalid finding.', status: 'INVALID_ARGUMENT' } },
  }
}

/** The state of each finding by its key. */
function states({ findings }: Simulator): Readonly<Record<string, unknown>> {
  const all = [...findings.values()].map(({ resourceName, state, mute }) => [
    resourceName?.split('/').at(-1),
    mute === 'MUTED' ? `${state}, muted` : state,
  ])
  return Object.fromEntries(all)
}

const asked = ({ requests }: Simulator, operation: string) =>
  requests.get(`securitycenter.findings.${operation}`) ?? 0

describe('findings in Security Command Center', () => {
  it('are one for each affected key, with its page, and found again by key and rule', async () => {
    await onStage(world(BOTH), async ({ env, simulator }) => {
      assert.equal((await callFunction({ ...env, ...SETTINGS })).status, 200)
      assert.deepEqual(states(simulator), { one: 'ACTIVE', two: 'ACTIVE' })
      const name = 'projects/2/locations/global/keys/one'
      const finding = simulator.findings.get(`${SOURCE}/findings/${findingId(name, 'dormant-key')}`)
      assert.equal(finding?.resourceName, `//apikeys.googleapis.com/${name}`)
      assert.equal(finding?.category, 'GEMINI_API_KEY_DORMANT_KEY')
      assert.equal(finding?.severity, 'HIGH')
      assert.match(
        finding?.externalUri ?? '',
        /^https:\/\/console\.cloud\.google\.com\/apis\/credentials\/key\/.*gemini-1$/,
      )
      assert.equal(finding?.eventTime, '2026-11-23T07:00:00Z')
      const [delivery] = recordsIn(simulator, 'delivery').filter(({ to }) => to === `scc:${SOURCE}`)
      assert.equal(delivery.result, 'delivered')
    })
  })

  it('of the sample organization: exempt ones are muted, with the reason', async () => {
    await onStage(await acme(), async ({ env, simulator }) => {
      const settings = { AUDIT_SCC: 'organizations/314159265358/sources/5', AUDIT_POLICY: ACME_POLICY }
      const { status, body } = await callFunction({ ...env, ...settings })
      assert.equal(status, 200)
      const { overdue, due, exempt } = body.counts.verdict
      const rows: Readonly<Record<string, number>> = body.counts.hygiene
      const looked = Object.values(rows).reduce((sum, count) => sum + count, 0)
      const all = [...simulator.findings.values()]
      const muted = all.filter(({ mute }) => mute === 'MUTED')
      assert.ok(exempt > 0)
      assert.ok(looked > 0)
      assert.equal(all.length, overdue + due + exempt + looked)
      assert.equal(muted.length, exempt)
      for (const { sourceProperties } of muted) {
        assert.ok(sourceProperties?.['exemptBecause'] && sourceProperties['exemptUntil'])
      }
    })
  })

  it('of a key that was fixed are inactive the next day, and active again when it is affected again', async () => {
    let now = MONDAY
    const whole = world(BOTH)
    await onStage(
      whole,
      async ({ env, simulator }) => {
        const run = () => callFunction({ ...env, ...SETTINGS }, undefined, [], () => now)
        assert.equal((await run()).status, 200)
        now = TUESDAY
        simulator.world = world([key('one', ', targets: [maps-backend]'), key('two')])
        assert.equal((await run()).status, 200)
        assert.deepEqual(states(simulator), { one: 'INACTIVE', two: 'ACTIVE' })
        simulator.world = whole
        now = new Date('2026-11-25T07:00:00Z')
        assert.equal((await run()).status, 200)
        assert.deepEqual(states(simulator), { one: 'ACTIVE', two: 'ACTIVE' })
      },
      { now: () => now },
    )
  })

  it('of a key that is gone are inactive, of one that could not be read they stay', async () => {
    let now = MONDAY
    await onStage(
      world(BOTH),
      async ({ env, simulator }) => {
        const run = (more = {}) => callFunction({ ...env, ...SETTINGS, ...more }, undefined, [], () => now)
        assert.equal((await run()).status, 200)
        now = TUESDAY
        simulator.world = world([key('two')], 'denied: [{read: keys, project: gemini-1}]')
        // Project by project nothing is known of the keys; by the inventory their types are not known.
        assert.equal((await run({ AUDIT_INVENTORY: 'projects' })).body.outcome, 'incomplete')
        assert.deepEqual(states(simulator), { one: 'ACTIVE', two: 'ACTIVE' })
        now = new Date('2026-11-25T07:00:00Z')
        simulator.world = world([key('two')])
        assert.equal((await run({ AUDIT_INVENTORY: 'projects' })).body.outcome, 'complete')
        assert.deepEqual(states(simulator), { one: 'INACTIVE', two: 'ACTIVE' })
      },
      { now: () => now },
    )
  })

  it('are written once: an attempt at the same run writes nothing again', async () => {
    await onStage(world(BOTH), async ({ env, simulator }) => {
      for (const _attempt of [1, 2]) assert.equal((await callFunction({ ...env, ...SETTINGS })).status, 200)
      assert.deepEqual([asked(simulator, 'create'), asked(simulator, 'patch')], [2, 0])
    })
  })

  it('that another attempt has just created are updated', async () => {
    await onStage(world(BOTH), async ({ env, simulator }) => {
      const id = findingId('projects/2/locations/global/keys/one', 'dormant-key')
      const made = await fetch(`${simulator.origin}/v2/${SOURCE}/findings?findingId=${id}`, {
        method: 'POST',
        headers: { authorization: 'Bearer x', 'content-type': 'application/json' },
        body: JSON.stringify({ state: 'ACTIVE' }),
      })
      assert.equal(made.status, 200)
      assert.equal((await callFunction({ ...env, ...SETTINGS })).status, 200)
      assert.deepEqual(states(simulator), { one: 'ACTIVE', two: 'ACTIVE' })
      assert.equal(asked(simulator, 'patch'), 1)
    })
  })

  it('go on where an attempt was stopped, and wait for a quota that is used up', async () => {
    const faults = ['securitycenter.findings.create=429@1,retry-after=1']
    await onStage(
      world(BOTH),
      async ({ env, simulator }) => {
        assert.equal((await callFunction({ ...env, ...SETTINGS })).status, 200)
        assert.deepEqual(states(simulator), { one: 'ACTIVE', two: 'ACTIVE' })
        assert.equal(asked(simulator, 'create'), 3)
      },
      { faults },
    )
  })

  const refusals: readonly [what: string, more: string, settings: object, why: RegExp][] = [
    [
      'without the right',
      'denied: [{permission: securitycenter.findings.update}]',
      {},
      /needs securitycenter\.findings\.update.*gcloud organizations add-iam-policy-binding 99 .*--role=organizations\/99\/roles\/geminiKeyAuditorFindings/,
    ],
    [
      'where the API is off',
      'denied: [{read: findings, reason: disabled}]',
      {},
      /gcloud services enable securitycenter\.googleapis\.com/,
    ],
    ['of a source that is not there', '', { AUDIT_SCC: 'organizations/99/sources/6' }, /sources\/6/],
  ]
  for (const [what, more, settings, why] of refusals) {
    it(`${what} fail with what to do, and hold nothing else back`, async () => {
      await onStage(world(BOTH, more), async ({ env, simulator }) => {
        const { status, body } = await callFunction({ ...env, ...SETTINGS, ...settings })
        assert.equal(status, 500)
        assert.match(body.error, why)
        assert.equal(recordsIn(simulator, 'run').length, 1)
        assert.ok(simulator.slackMessages().length > 0)
        const failed = recordsIn(simulator, 'delivery').filter(({ result }) => result === 'failed')
        assert.deepEqual(
          failed.map(({ to }) => to.split(':')[0]),
          ['scc'],
        )
      })
    })
  }

  it('one of which Google refuses are written but for that one', async () => {
    await onStage(
      world(BOTH),
      async ({ env, simulator }) => {
        const { status, body } = await callFunction({ ...env, ...SETTINGS })
        assert.equal(status, 500)
        assert.match(
          body.error,
          /Creating the finding organizations\/99\/sources\/5\/findings\/[0-9a-f]{32} failed/,
        )
        assert.equal(simulator.findings.size, 1)
      },
      { gates: [refusingOne] },
    )
  })

  it('are left alone by a run that judges by another day, which says so', async () => {
    await onStage(world(BOTH), async ({ env, simulator }) => {
      const { status, body } = await callFunction({ ...env, ...SETTINGS, AUDIT_AS_OF: '2027-01-01' })
      assert.equal(status, 200)
      assert.match(JSON.stringify(body.coverage), /No finding is written to Security Command Center/)
      assert.equal(simulator.findings.size, 0)
    })
  })

  it('are known by an archive’s marks as well: a run that is delivered is not listed again', async () => {
    const archive = mkdtempSync(join(tmpdir(), 'scc-'))
    try {
      await onStage(world(BOTH), async ({ env, simulator }) => {
        const settings = { ...env, ...SETTINGS, AUDIT_ARCHIVE: archive }
        for (const _attempt of [1, 2]) assert.equal((await callFunction(settings)).status, 200)
        assert.equal(asked(simulator, 'list'), 1)
      })
    } finally {
      rmSync(archive, { recursive: true })
    }
  })
})
