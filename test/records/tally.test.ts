import assert from 'node:assert/strict'
import type { KeyFacts, KnownUsage, Verdict } from '../../src/model.js'
import { VERDICTS } from '../../src/model.js'
import { GOOGLE_DEADLINES } from '../../src/policy/deadlines.js'
import type { JudgedKey, Judgement } from '../../src/policy/judgement-types.js'
import { Tally } from '../../src/records/tally.js'
import { callsOn } from '../policy/keys.js'
import { day, emptyTally, FACTS, finding, judged, OVERDUE, PROJECT } from '../report/samples.js'

const withVerdict = (verdict: Verdict, facts: Partial<KeyFacts> = {}): JudgedKey =>
  judged({ facts: { ...FACTS, ...facts }, judgement: { verdict, findings: [], notes: [] } })

function tallied(keys: readonly JudgedKey[]): Tally {
  const tally = emptyTally()
  for (const key of keys) tally.key(key)
  return tally
}

const usage = (daily: KnownUsage['daily']): KnownUsage => ({
  since: day('2026-05-01'),
  gemini: { accepted: 0, refused: 0, failed: 0, failedCodes: {} },
  services: [],
  daily,
})

describe('the tally of a run', () => {
  it('counts every verdict, and deleted keys neither as keys nor by type', () => {
    const { keys, type, verdict } = tallied(VERDICTS.map((one) => withVerdict(one))).counts()
    assert.equal(keys, VERDICTS.length - 1)
    assert.deepEqual(type, { standard: VERDICTS.length - 1, auth: 0, unknown: 0 })
    for (const one of VERDICTS) assert.equal(verdict[one], 1, one)
  })

  it('counts types', () => {
    const keys = [withVerdict('compliant', { type: 'auth' }), withVerdict('unknown', { type: 'unknown' })]
    assert.deepEqual(tallied(keys).counts().type, { standard: 0, auth: 1, unknown: 1 })
  })

  it('counts a key under every rule that asks for something', () => {
    const due: Judgement = {
      verdict: 'due',
      findings: [finding('standard-key', { state: 'due', daysLeft: 5 })],
      notes: [],
    }
    assert.deepEqual(tallied([judged(), judged({ judgement: due })]).counts().rule, {
      'dormant-key': { due: 0, overdue: 0 },
      'unrestricted-key': { due: 0, overdue: 1 },
      'standard-key': { due: 1, overdue: 1 },
    })
  })

  it('counts a key once under the strictest rule that asks for something', () => {
    const exempt: Judgement = {
      ...OVERDUE,
      exemption: {
        rules: ['unrestricted-key'],
        until: day('2026-12-31'),
        reason: 'r',
        approvedBy: 'a',
      },
    }
    const due: Judgement = {
      verdict: 'due',
      findings: [finding('standard-key', { state: 'due', daysLeft: 5 })],
      notes: [],
    }
    const keys = [judged(), judged({ judgement: exempt }), judged({ judgement: due })]
    assert.deepEqual(tallied(keys).counts().strictest, {
      'dormant-key': { due: 0, overdue: 0 },
      'unrestricted-key': { due: 0, overdue: 1 },
      'standard-key': { due: 1, overdue: 1 },
    })
  })

  it('counts no rule that an exemption covers', () => {
    const exemption = {
      rules: ['unrestricted-key'] as const,
      until: day('2026-12-31'),
      reason: 'r',
      approvedBy: 'a',
    }
    const partly: Judgement = { ...OVERDUE, exemption }
    const wholly: Judgement = { ...OVERDUE, verdict: 'exempt', exemption }
    const { rule } = tallied([judged({ judgement: partly }), judged({ judgement: wholly })]).counts()
    assert.deepEqual(rule['unrestricted-key'], { due: 0, overdue: 0 })
    assert.deepEqual(rule['standard-key'], { due: 0, overdue: 1 })
  })

  it('counts keys of unknown type by what they would be as standard keys, where there are any', () => {
    const of = (ifStandard: 'overdue' | 'due') =>
      judged({ judgement: { verdict: 'unknown', ifStandard, findings: [], notes: [] } })
    const counts = tallied([of('overdue'), of('due'), of('overdue'), withVerdict('unknown')]).counts()
    assert.deepEqual(counts.ifStandard, { overdue: 2, due: 1 })
    assert.equal(counts.verdict.unknown, 4)
    assert.equal(tallied([withVerdict('unknown')]).counts().ifStandard, undefined)
  })

  it('counts projects once, and apart those that are excluded or inactive', () => {
    const tally = emptyTally()
    tally.project(PROJECT, 'audited')
    tally.project(PROJECT, 'audited')
    tally.project({ ...PROJECT, number: '2' }, 'excluded')
    tally.project({ ...PROJECT, number: '3' }, 'inactive')
    tally.inactiveKey()
    tally.excludedKey(withVerdict('overdue'))
    tally.excludedKey(withVerdict('overdue'))
    tally.excludedKey(withVerdict('compliant'))
    assert.equal(tally.projects, 1)
    assert.equal(tally.inactive, 1)
    assert.deepEqual(tally.excluded(), { projects: 1, verdict: { overdue: 2, compliant: 1 } })
    assert.equal(tally.counts().keys, 0)
  })

  it('gives counts that later keys do not change', () => {
    const tally = tallied([judged()])
    const before = tally.counts()
    tally.key(judged())
    assert.equal(before.keys, 1)
    assert.equal(before.rule['unrestricted-key'].overdue, 1)
  })

  it('knows in which projects dormancy alone decides a verdict', () => {
    const tally = emptyTally(({ facts }) => facts.key.uid === 'decided')
    const decided = { ...FACTS.key, uid: 'decided' }
    tally.key(
      judged({ facts: { ...FACTS, key: decided, dormant: false, project: { ...PROJECT, number: '7' } } }),
    )
    assert.equal(tally.dormancyDecides('projects/7'), false)
    tally.key(
      judged({ facts: { ...FACTS, key: decided, project: { ...PROJECT, number: '8', id: 'eight' } } }),
    )
    assert.equal(tally.dormancyDecides('projects/8'), true)
    assert.equal(tally.dormancyDecides('projects/eight'), true)
    assert.equal(tally.dormancyDecides('projects/8/locations/global/keys/abc'), true)
    assert.equal(tally.dormancyDecides('projects/80'), false)
  })

  describe('of enforcement', () => {
    const ACCEPTED = { accepted: 5, refused: 0, failed: 0 }
    const REFUSED = { accepted: 0, refused: 5, failed: 0 }
    const FAILED = { accepted: 0, refused: 0, failed: 5 }
    const on = callsOn
    const NOTHING = { since: '2026-06-19', accepted: 0, onlyRefused: 0, noCalls: 0, unknown: 0 }
    const unrestricted = (keys: readonly JudgedKey[]) => tallied(keys).enforcement()['unrestricted-key']

    const traffic: readonly [what: string, usage: KeyFacts['usage'], counts: object][] = [
      ['unknown traffic', { unknown: 'not read' }, { unknown: 1 }],
      ['no calls', usage([]), { noCalls: 1 }],
      ['calls accepted before the day', usage([on('2026-06-18', ACCEPTED)]), { noCalls: 1 }],
      ['calls accepted on the day', usage([on('2026-06-19', { accepted: 1, refused: 9 })]), { accepted: 1 }],
      [
        'calls accepted before and refused since',
        usage([on('2026-06-18', ACCEPTED), on('2026-06-19', REFUSED)]),
        { onlyRefused: 1 },
      ],
      [
        'calls refused before and since',
        usage([on('2026-06-18', REFUSED), on('2026-06-19', REFUSED)]),
        { inconclusive: 1 },
      ],
      ['calls that failed otherwise', usage([on('2026-06-20', FAILED)]), { inconclusive: 1 }],
      [
        'calls accepted since, and now only refused',
        usage([on('2026-06-20', ACCEPTED), on('2026-06-21', REFUSED)]),
        { accepted: 1, stopped: 1, newlyRefused: 1 },
      ],
    ]
    for (const [what, read, counts] of traffic) {
      it(`counts ${what} as ${Object.keys(counts).join(' and ')}`, () => {
        assert.deepEqual(unrestricted([judged({ facts: { ...FACTS, usage: read } })]), {
          ...NOTHING,
          ...counts,
        })
      })
    }

    it('says from which day on it has seen traffic, where the deadline lies before it', () => {
      const seen = (...windows: readonly string[]) =>
        unrestricted(
          windows.map((since) => judged({ facts: { ...FACTS, usage: { ...usage([]), since: day(since) } } })),
        )?.seenFrom
      assert.equal(seen('2026-06-19'), undefined)
      assert.equal(seen('2026-06-20'), '2026-06-20')
      assert.equal(seen('2026-10-13', '2026-10-12'), '2026-10-13')
      assert.equal(seen('2026-10-12', '2026-10-13'), '2026-10-13')
      assert.equal(seen('2026-06-18', '2026-10-12'), '2026-10-12')
    })

    it('counts as refused what was refused in all of the window, where nobody knows what was before', () => {
      const window = { ...usage([on('2026-11-01', REFUSED)]), since: day('2026-10-12') }
      assert.deepEqual(unrestricted([judged({ facts: { ...FACTS, usage: window } })]), {
        ...NOTHING,
        seenFrom: '2026-10-12',
        onlyRefused: 1,
      })
    })

    it('counts every affected key of a rule once, and no exempt one', () => {
      const keys = traffic.map(([, read]) => judged({ facts: { ...FACTS, usage: read } }))
      const exempt = judged({ judgement: { ...OVERDUE, verdict: 'exempt' } })
      const counts = unrestricted([...keys, exempt])
      assert.deepEqual(counts, {
        ...NOTHING,
        ...{
          accepted: 2,
          stopped: 1,
          newlyRefused: 1,
          onlyRefused: 1,
          noCalls: 2,
          inconclusive: 2,
          unknown: 1,
        },
      })
    })

    it('speaks of a rule from its deadline day on, and of none that is switched off', () => {
      const rulesOn = (asOf: string) =>
        Object.keys(
          new Tally({
            deadlines: { ...GOOGLE_DEADLINES, 'dormant-key': { date: 'none' } },
            asOf,
            dormancyDecides: () => false,
          }).enforcement(),
        )
      assert.deepEqual(rulesOn('2026-06-18'), [])
      assert.deepEqual(rulesOn('2026-06-19'), ['unrestricted-key'])
      assert.deepEqual(rulesOn('2026-09-01'), ['unrestricted-key', 'standard-key'])
    })
  })
})
