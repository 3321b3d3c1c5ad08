import assert from 'node:assert/strict'
import type { KnownUsage } from '../../src/model.js'
import { GOOGLE_DEADLINES } from '../../src/policy/deadlines.js'
import { builtInPolicy, type Exclusion, type Exemption, type Override } from '../../src/policy/policy.js'
import { canonical } from '../../src/records/canonical.js'
import { deliveryRecord } from '../../src/records/delivery-record.js'
import { headOf } from '../../src/records/head.js'
import { keyRecord } from '../../src/records/key-record.js'
import { policyRecords } from '../../src/records/policy-record.js'
import { runPolicy } from '../../src/records/run-policy.js'
import { failedRunRecord } from '../../src/records/run-record.js'
import { assertGolden } from '../golden.js'
import { callsOn } from '../policy/keys.js'
import {
  day,
  FACTS,
  GAP,
  gathered,
  instant,
  judged,
  KEY,
  NO_WAIVERS,
  OVERDUE,
  RUN,
  record,
  runOf,
} from '../report/samples.js'

const pretty = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`
/** As its line in a ledger is read back. */
const written = (value: object) => pretty(JSON.parse(canonical(value)))

const USAGE: KnownUsage = {
  since: day('2026-10-12'),
  gemini: {
    accepted: 1200,
    refused: 3,
    failed: 2,
    failedCodes: { 429: 2 },
    lastAccepted: day('2026-11-22'),
    lastRefused: day('2026-11-20'),
  },
  services: ['generativelanguage.googleapis.com', 'maps-backend.googleapis.com'],
  daily: [callsOn('2026-11-22', { accepted: 1200, refused: 3, failed: 2 })],
}

describe('records', () => {
  it('begin with which run they belong to', () => {
    assert.deepEqual(headOf('gap', RUN), {
      schema: 'gemini-key-audit/1',
      record: 'gap',
      audit: 'acme',
      run: '2026-11-23T07:00:00Z',
      reading: '2026-11-23T07:00:03Z',
      asOf: '2026-11-23',
    })
  })

  it('say when keys were judged by another day', () => {
    assert.equal(headOf('run', { ...RUN, asOfOverridden: true }).asOfOverridden, true)
  })

  it('of a key without traffic', () => {
    assertGolden('report/key.json', written(record()))
  })

  it('of a key with all that a key can have', () => {
    const whole = keyRecord(
      judged({
        facts: {
          ...FACTS,
          key: {
            ...KEY,
            deleteTime: instant('2026-11-01T00:00:00Z'),
            serviceAccountEmail: 'caller@acme-web.iam.gserviceaccount.com',
            restrictions: {
              ...KEY.restrictions,
              allowedReferrers: ['*', 'https://acme.example/*'],
              apiTargets: [
                { service: 'generativelanguage.googleapis.com', methods: [] },
                { service: 'translate.googleapis.com', methods: ['TranslateText'] },
              ],
            },
          },
          type: 'auth',
          apiRestriction: 'gemini-and-others',
          usage: USAGE,
          dormant: false,
          ageDays: 1025,
          alsoReaches: {
            services: ['maps-backend.googleapis.com', 'translate.googleapis.com'],
            more: 3,
            readAt: instant('2026-11-23T07:00:04Z'),
          },
        },
        judgement: {
          ...OVERDUE,
          notes: ['unrestricted-auth-key', 'open-client-restriction'],
          exemption: {
            rules: ['standard-key'],
            until: day('2026-12-31'),
            reason: 'vendor SDK',
            approvedBy: 'ciso@example.com',
          },
        },
      }),
      RUN,
      { change: 'worse', changeCause: 'calendar', previousVerdict: 'due', firstSeen: RUN.time },
    )
    assertGolden('report/key-whole.json', written(whole))
  })

  it('of a key whose other services are not known say so, and name none', () => {
    const alsoReaches = { unknown: 'the search was denied' }
    const { alsoReaches: recorded } = keyRecord(judged({ facts: { ...FACTS, alsoReaches } }), RUN)
    assert.deepEqual(recorded, alsoReaches)
    assert.ok(!('alsoReaches' in keyRecord(judged(), RUN)))
  })

  it('of a key with many clients name 100 of them and how many there are', () => {
    const clients = (count: number) => {
      const allowedIps = Array.from({ length: count }, (_, index) => `192.0.2.${index}`)
      return record({ restrictions: { ...KEY.restrictions, allowedIps } }).key
    }
    assert.equal(clients(101).allowedClients?.length, 100)
    assert.equal(clients(101).allowedClientCount, 101)
    assert.equal(clients(100).allowedClients?.length, 100)
    assert.ok(!('allowedClientCount' in clients(100)))
    assert.ok(!('allowedClients' in clients(0)))
  })

  it('of a key that is unknown for its type say what it would be as a standard key', () => {
    const unknown = { verdict: 'unknown', ifStandard: 'overdue', findings: [], notes: [] } as const
    assert.equal(keyRecord(judged({ judgement: unknown }), RUN).ifStandard, 'overdue')
  })

  it('leave out what does not apply, and never say null', () => {
    const { key, usage } = record({ displayName: '' })
    assert.ok(!('displayName' in key))
    assert.deepEqual(usage, { unknown: 'traffic is not read yet' })
    assert.ok(!JSON.stringify(record()).includes('null'))
    const quiet = keyRecord(
      judged({
        facts: { ...FACTS, usage: { ...USAGE, gemini: { ...USAGE.gemini, failed: 0, failedCodes: {} } } },
      }),
      RUN,
    )
    assert.ok('gemini' in quiet.usage && !('failedCodes' in quiet.usage.gemini))
  })

  it('of gaps', () => {
    const gaps = gathered([GAP, { ...GAP, subject: 'organizations/9', missing: 'projects' }])
    assertGolden('report/gaps.json', pretty(gaps.records(RUN)))
  })

  it('of a run', () => {
    assertGolden(
      'report/run.json',
      pretty(runOf([judged()], [GAP], { remarks: ['Read project by project.'] })),
    )
  })

  it('of a failed run have a reason, and no counts that would look like zero', () => {
    const failed = failedRunRecord(RUN, RUN.reading, 'Listing the assets of organizations/9 failed.', {
      name: 'gemini-key-audit',
      version: '0.1.0',
    })
    assertGolden('report/run-failed.json', pretty(failed))
  })

  it('of a run say which policy was applied', () => {
    const exemption: Exemption = {
      kind: 'exemption',
      subject: 'projects/acme-web',
      rules: ['standard-key'],
      until: day('2026-12-01'),
      reason: 'vendor SDK',
      approvedBy: 'ciso@example.com',
    }
    const exclusion: Exclusion = {
      ...exemption,
      kind: 'exclusion',
      subject: 'folders/4242',
      reason: 'Apps Script',
    }
    const override: Override = {
      kind: 'deadline',
      deadline: { ...GOOGLE_DEADLINES['dormant-key'], date: 'none' },
      until: day('2026-11-01'),
      reason: 'not for us',
      approvedBy: 'ciso@example.com',
    }
    const policy = {
      ...builtInPolicy(),
      source: 'policy.yaml',
      text: 'x',
      sha256: 'f'.repeat(64),
      overrides: [override],
    }
    const waivers = { ...NO_WAIVERS, holding: [exclusion], endingSoon: [exemption], ended: [override] }
    assertGolden('report/run-policy.json', pretty(runPolicy(policy, waivers)))
  })

  it('of deliveries', () => {
    const at = instant('2026-11-23T07:00:50Z')
    assert.deepEqual(deliveryRecord(RUN, { to: 'slack:C0456', result: 'delivered', at, message: '1.2' }), {
      ...headOf('delivery', RUN),
      to: 'slack:C0456',
      result: 'delivered',
      at,
      message: '1.2',
    })
  })

  describe('of the policy', () => {
    it('hold its text and digest', () => {
      assert.deepEqual(policyRecords({ source: 'policy.yaml', text: 'dormant-days: 30\n' }, RUN), [
        {
          ...headOf('policy', RUN),
          sha256: 'e21dcb4b88d39b907ff4f584195f081c8baecf8d646a13c551be817ae5b42870',
          source: 'policy.yaml',
          text: 'dormant-days: 30\n',
        },
      ])
    })

    it('are several where the text is too long for one, and joined are the text', () => {
      const text = `${'x'.repeat(31_999)}😀${'\u0001'.repeat(70_000)}`
      const records = policyRecords({ source: 'policy.yaml', text }, RUN)
      assert.equal(records.map((one) => one.text).join(''), text)
      assert.deepEqual(
        records.map(({ part, parts }) => [part, parts]),
        [
          [1, 4],
          [2, 4],
          [3, 4],
          [4, 4],
        ],
      )
      assert.equal(new Set(records.map(({ sha256 }) => sha256)).size, 1)
      for (const one of records) assert.ok(Buffer.byteLength(JSON.stringify(one)) < 200 * 1024)
    })
  })
})
