import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Knowledge } from '../../src/memory/knowledge.js'
import { BitSet, KnownKeys } from '../../src/memory/known-keys.js'
import { VERDICTS } from '../../src/model.js'
import { TRAFFIC } from '../../src/policy/traffic-classes.js'
import { identityOf } from '../../src/records/gone-record.js'
import { day, instant } from '../policy/keys.js'

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', '\0', '__proto__', '\ud800'),
)
const number = fc.stringMatching(/^[0-9]{1,13}$/)
const project = fc.record(
  {
    number,
    id: text,
    owner: text,
    ancestors: fc.array(fc.constantFrom('folders/1', 'folders/2', 'organizations/9')),
  },
  { noNullPrototype: true, requiredKeys: ['number', 'id', 'ancestors'] },
)
const moment = fc.constantFrom(instant('2026-11-22T07:00:00Z'), instant('2026-11-23T07:00:00Z'))

/** Half of the keys are named as Google names them, the rest in any way. */
const key = fc
  .record(
    {
      uid: fc.oneof(
        fc.uuid(),
        fc.uuid().map((uuid) => uuid.toUpperCase()),
        text,
      ),
      displayName: text,
      project,
    },
    { noNullPrototype: true, requiredKeys: ['uid', 'project'] },
  )
  .chain((names) =>
    fc
      .oneof(fc.constant(`projects/${names.project.number}/locations/global/keys/${names.uid}`), text)
      .map((name) => ({
        ...names,
        name,
        type: 'standard' as const,
      })),
  )

const knowledge = fc.record(
  {
    key,
    verdict: fc.constantFrom(...VERDICTS),
    boundTo: text,
    last: fc.record(
      {
        verdict: fc.constantFrom(...VERDICTS),
        on: fc.constant(day('2026-11-22')),
        type: fc.constant('standard' as const),
        apiRestriction: fc.constant('none' as const),
        access: fc.constant('yes' as const),
        dormant: fc.constantFrom(true, 'unknown' as const),
      },
      { noNullPrototype: true },
    ),
    firstSeen: moment,
    lastSeen: moment,
    overdueSince: fc.constant(day('2026-06-19')),
    lastAcceptedSeen: fc.constant(day('2026-11-20')),
    traffic: fc.constantFrom(...TRAFFIC),
    goneSince: moment,
  },
  { noNullPrototype: true, requiredKeys: ['key', 'verdict', 'firstSeen', 'lastSeen'] },
)

const manyKnown = fc.uniqueArray(knowledge, { selector: (known) => identityOf(known.key), maxLength: 40 })

describe('what is known of many keys', () => {
  it('is given back as it was put in, in its order and by its identity', () => {
    fc.assert(
      fc.property(manyKnown, (all) => {
        const known = KnownKeys.of(all)
        assert.deepEqual([...known], all)
        assert.equal(known.size, all.length)
        for (const [place, each] of all.entries()) {
          assert.equal(known.find(identityOf(each.key)), place)
          assert.deepEqual(known.get(identityOf(each.key)), each)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('is found among tens of thousands, and nothing else is', () => {
    const [sample] = fc.sample(knowledge, { seed: 1, numRuns: 1 })
    assert.ok(sample !== undefined)
    const named = (index: number): Knowledge => ({
      ...sample,
      key: { ...sample.key, uid: `uid-${index}`, name: `projects/1/locations/global/keys/key-${index}` },
    })
    const known = KnownKeys.of(Array.from({ length: 20_000 }, (_none, index) => named(index)))
    for (const index of [0, 1, 511, 512, 513, 1_023, 1_024, 10_000, 19_999]) {
      assert.deepEqual(known.get(`uid-${index}`), named(index))
    }
    assert.deepEqual(
      [known.get('uid-20000'), known.get(''), known.find('key-1')],
      [undefined, undefined, undefined],
    )
  })

  it('is nothing where there is no place', () => {
    assert.throws(() => new KnownKeys().at(0), /there is no row 0/)
  })
})

describe('marks', () => {
  it('are where they were set, and nowhere else', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(99)), (numbers) => {
        const marks = new BitSet(100)
        for (const each of numbers) marks.add(each)
        const marked = Array.from({ length: 100 }, (_none, index) => index).filter((each) => marks.has(each))
        assert.deepEqual(
          marked,
          numbers.toSorted((a, b) => a - b),
        )
      }),
    )
  })
})
