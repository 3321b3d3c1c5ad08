import assert from 'node:assert/strict'
import { Comparison, typeIn } from '../../src/history/comparison.js'
import type { Counts } from '../../src/records/key-counts.js'
import { day, instant, traffic } from '../policy/keys.js'
import { emptyTally } from '../report/samples.js'
import { baselineAt, type Circumstance, judgedAt, knownAt, moment, runAtMoment } from './moments.js'

const BEFORE = '2026-11-22'
const EARLIER = instant('2026-11-22T07:00:00Z')
const IN_USE: Circumstance = { usage: traffic({ '2026-11-22': { accepted: 5 } }) }
const REFUSED: Circumstance = {
  usage: traffic({ '2026-11-15': { accepted: 5 }, '2026-11-22': { refused: 5 } }),
}

function comparedWith(before: Circumstance, now: Circumstance = {}) {
  const [then, here] = [moment({ on: BEFORE, ...before }), moment(now)]
  const known = knownAt(then)
  const comparison = new Comparison(runAtMoment(here), here.policy, baselineAt(then, [known]))
  return { comparison, history: comparison.key(judgedAt(here)), known }
}

describe('What earlier runs say of a key', () => {
  const rows: readonly (readonly [string, Circumstance, Circumstance, string | undefined])[] = [
    ['its traffic is another one now', IN_USE, REFUSED, 'accepted'],
    ['its traffic is the same', IN_USE, IN_USE, undefined],
    ['its traffic is not known now', IN_USE, {}, undefined],
    ['its traffic was not known', {}, REFUSED, undefined],
  ]
  for (const [name, before, now, expected] of rows) {
    it(`${expected === undefined ? 'names no earlier traffic' : 'names the earlier traffic'} where ${name}`, () => {
      assert.equal(comparedWith(before, now).history.previousTraffic, expected)
    })
  }

  it('has the last day with accepted calls that was seen', () => {
    assert.equal(comparedWith(IN_USE).history.lastAcceptedSeen, day('2026-11-22'))
    assert.ok(!('lastAcceptedSeen' in comparedWith({}).history))
  })
})

describe('A remembered type', () => {
  const baseline = (circumstance: Circumstance) => {
    const at = moment({ on: BEFORE, ...circumstance })
    return baselineAt(at, [knownAt(at)])
  }
  const { uid } = moment().facts.key

  it('says when it was read, and to which account the key is bound', () => {
    const serviceAccountEmail = 'bot@acme-web.iam.gserviceaccount.com'
    assert.deepEqual(typeIn(baseline({ type: 'auth', key: { serviceAccountEmail } }), uid), {
      type: 'auth',
      readAt: EARLIER,
      boundTo: serviceAccountEmail,
    })
    assert.deepEqual(typeIn(baseline({}), uid), { type: 'standard', readAt: EARLIER })
  })

  it('is none of a key that is not known, or whose type never was', () => {
    assert.equal(typeIn(undefined, uid), undefined)
    assert.equal(typeIn(baseline({}), 'another'), undefined)
    assert.equal(typeIn(baseline({ type: 'unknown' }), uid), undefined)
  })
})

describe('What is newly to be looked at', () => {
  const row = 'auth-key-account-shared'
  const counts = (found: number, accountUnknown?: number): Counts => {
    const { accountUnknown: _none, ...empty } = emptyTally().counts()
    const hygiene = { ...empty.hygiene, [row]: found } as NonNullable<Counts['hygiene']>
    return { ...empty, hygiene, ...(accountUnknown !== undefined && { accountUnknown }) }
  }
  const more = (before: Counts, now: Counts | undefined) => {
    const then = moment({ on: BEFORE })
    const here = moment()
    const baseline = baselineAt(then, [])
    const earlier = { ...baseline, record: { ...baseline.record, counts: before } }
    const comparison = new Comparison(runAtMoment(here), here.policy, earlier)
    return comparison.changesWith([], now)?.moreToLookAt
  }

  const rows: readonly (readonly [string, Counts, Counts | undefined, number | undefined])[] = [
    ['more was found', counts(1), counts(3), 2],
    ['as much was found', counts(3), counts(3), undefined],
    ['less was found', counts(3), counts(1), undefined],
    ['what was found could not be read before', counts(1, 2), counts(3), undefined],
    ['more was found than could not be read before', counts(1, 2), counts(5, 1), 3],
    ['less can be read now', counts(1), counts(3, 4), 2],
    ['this run counts none', counts(1), undefined, undefined],
  ]
  for (const [name, before, now, expected] of rows) {
    it(`is ${expected ?? 'nothing'} where ${name}`, () => {
      assert.equal(more(before, now), expected)
    })
  }

  it('is nothing where the run before counted none', () => {
    const { hygiene: _none, ...older } = counts(1)
    assert.equal(more(older as Counts, counts(3)), undefined)
  })
})

describe('The runs before', () => {
  it('are none in the first run, and those that the run before knew', () => {
    const here = moment()
    const first = new Comparison(runAtMoment(here), here.policy, undefined)
    assert.deepEqual([first.trend, first.changes], [[], undefined])
    const { comparison } = comparedWith({})
    assert.deepEqual(comparison.trend, [])
  })

  it('give what is known of a key on to the runs that follow', () => {
    const { comparison, known } = comparedWith({})
    assert.deepEqual([...comparison.carried()], [], 'nothing is carried on before every key was seen')
    assert.equal(known.firstSeen, EARLIER)
  })
})
