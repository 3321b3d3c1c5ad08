import assert from 'node:assert/strict'
import type { Gate } from '../../simulator/wire/call.js'
import { openWorld } from '../../simulator/world/file.js'
import { type KeyTruth, truthOf } from '../../simulator/world/truth.js'
import type { World } from '../../simulator/world/world.js'
import { keysOf } from '../../src/history/judged-run.js'
import type { GapRecord } from '../../src/records/gap-record.js'
import type { KeyRecord } from '../../src/records/key-record.js'
import { attempt } from '../program.js'
import { ACME_POLICY, acme, NOW, onStage, smallWorld } from './stage.js'

interface Audited {
  readonly keys: ReadonlyMap<string, KeyRecord>
  readonly gaps: readonly GapRecord[]
  readonly complete: boolean
  /** The projects that were asked, by operation, each as often as it was asked; `all` for what asks of no one project. */
  readonly asked: ReadonlyMap<string, readonly string[]>
}

/** What a run without deliveries says of a world. */
async function audited(world: World, more: Record<string, string> = {}): Promise<Audited> {
  const keys = new Map<string, KeyRecord>()
  const asked = new Map<string, string[]>()
  let gaps: readonly GapRecord[] = []
  let complete = false
  const listening: Gate = (call, answer) => {
    const project = call.params['project'] ?? 'all'
    if (!call.query.has('pageToken')) {
      asked.set(call.operation, [...(asked.get(call.operation) ?? []), project])
    }
    return answer()
  }
  await onStage(
    world,
    async ({ env }) => {
      const { run } = await attempt(
        { flags: {}, env: { ...env, ...more } },
        { now: () => NOW, deliver: false },
      )
      assert.equal(run.kind, 'judged')
      if (run.kind !== 'judged') return
      for await (const record of keysOf(run)) keys.set(record.key.name, record)
      gaps = run.gaps
      complete = run.record.coverage.complete
    },
    { gates: [listening] },
  )
  return { keys, gaps, complete, asked }
}

/** The first of the last 30 days before these runs. */
const THIRTY_DAYS = '2026-10-24'

/** Keys that the Gemini API accepts or may: those whose traffic has to be known. */
function matters(truth: KeyTruth): boolean {
  const reaches = truth.reach !== 'others' && truth.geminiEnabled
  return truth.projectIsActive && truth.state === 'live' && !truth.boundTo && reaches
}

function assertTrue(truth: KeyTruth, { usage, dormant }: KeyRecord): void {
  if ('unknown' in usage) assert.fail(`${truth.name}: ${usage.unknown}`)
  const { accepted, refused, failed } = usage.gemini
  assert.deepEqual(
    { accepted, refused, failed, services: usage.services, lastRequest: usage.lastRequest },
    {
      accepted: truth.gemini.answered,
      refused: truth.gemini.forbidden,
      failed: truth.gemini.failed,
      services: truth.services,
      lastRequest: truth.lastCall,
    },
    truth.name,
  )
  const quiet = truth.lastCall === undefined || truth.lastCall < THIRTY_DAYS
  assert.equal(dormant, truth.ageDays >= 30 && quiet, `dormant: ${truth.name}`)
}

describe('what an audit says of traffic', () => {
  for (const name of [
    'the sample organization',
    'generated:keys=600,projects=40,gemini=25,unrestricted=40',
    'generated:keys=300,projects=10,gemini=10,unrestricted=90,seed=7',
  ]) {
    for (const inventory of ['assets', 'projects']) {
      it(`is true of ${name}, read by ${inventory}`, async () => {
        const world = name.startsWith('generated:') ? await openWorld(name, NOW) : await acme()
        const result = await audited(world, { AUDIT_INVENTORY: inventory })
        let compared = 0
        for (const truth of truthOf(world)) {
          const record = result.keys.get(truth.name)
          if (record === undefined || !matters(truth) || !truth.keysReadable) continue
          if (!truth.trafficReadable) {
            assert.ok('unknown' in record.usage, truth.name)
            assert.equal(record.usage.unknown.startsWith('Reading the traffic of projects/'), true)
            continue
          }
          compared += 1
          assertTrue(truth, record)
        }
        assert.ok(compared > 40, `only ${compared} keys were compared`)
      })
    }
  }

  it('costs a request for each project with a key that rules are applied to, and one more for the policy', async () => {
    const world = await acme()
    const result = await audited(world)
    const judged = new Set<string>()
    const toMigrate = new Set<string>()
    for (const { key, verdict, geminiAccess } of result.keys.values()) {
      if (['overdue', 'due', 'unknown', 'exempt'].includes(verdict)) judged.add(key.project.number)
      if (key.type === 'standard' && geminiAccess === 'yes' && verdict !== 'deleted')
        toMigrate.add(key.project.number)
    }
    assert.deepEqual(result.asked.get('monitoring.timeSeries.list')?.toSorted(), [...judged].sort())
    const policies = result.asked.get('orgpolicy.policies.getEffectivePolicy') ?? []
    assert.ok(policies.length > 0)
    assert.equal(new Set(policies).size, policies.length)
    assert.deepEqual(
      policies.filter((project) => !toMigrate.has(project)),
      [],
    )
    // What was not asked one by one is in the listing for the whole organization.
    const isListed = result.asked.has('cloudasset.analyzeOrgPolicyGovernedContainers')
    assert.equal(isListed, policies.length < toMigrate.size)
  })

  it('has a gap where traffic may not be read, which the policy of the organization knows', async () => {
    const withPolicy = await audited(await acme(), { AUDIT_POLICY: ACME_POLICY })
    const usage = withPolicy.gaps.filter(({ missing }) => missing === 'usage')
    assert.deepEqual(
      usage.map(({ subjects, reason, known }) => ({ subjects, reason, known })),
      [{ subjects: ['projects/710000000071'], reason: 'IAM_PERMISSION_DENIED', known: true }],
    )
    const without = await audited(await acme())
    assert.deepEqual(
      without.gaps.filter(({ missing }) => missing === 'usage').map(({ known }) => known),
      [false],
    )
  })

  it('never makes a verdict worse, whatever cannot be read', async () => {
    const whole = await audited(await acme())
    const world = await acme()
    const scope = `organizations/${world.organization.number}`
    const denied = [
      // One project's own refusal is told apart where it comes before the first answer that the API is off.
      ...world.denied.filter(({ read }) => read !== 'traffic'),
      { read: 'traffic', below: scope, reason: 'disabled' } as const,
      { read: 'policies', below: scope, reason: 'denied' } as const,
    ]
    const blind = await audited({ ...world, denied })
    for (const [name, { verdict, usage }] of blind.keys) {
      assert.equal(verdict, whole.keys.get(name)?.verdict, name)
      assert.ok('unknown' in usage, name)
    }
    const result = blind.gaps.filter(({ missing }) => missing === 'usage' || missing === 'policy')
    assert.deepEqual(
      result.map(({ missing, reason }) => `${missing} ${reason}`),
      ['usage SERVICE_DISABLED', 'policy IAM_PERMISSION_DENIED'],
    )
    assert.match(
      result[0]?.fix ?? '',
      /^enable it: gcloud services enable monitoring.googleapis.com --project=\d+$/,
    )
  })

  const keys = '[{name: Chat, targets: [generativelanguage], traffic: [{daily: 7}]}]'
  it('leaves a run complete without traffic and policies, where no verdict rests on them', async () => {
    for (const read of ['traffic', 'policies']) {
      const result = await audited(smallWorld(keys, `denied: [{read: ${read}}]`))
      assert.equal(result.gaps.length, 1)
      assert.equal(result.complete, true, read)
    }
  })
})
