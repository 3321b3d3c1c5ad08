import assert from 'node:assert/strict'
import fc from 'fast-check'
import { AffectedKeys } from '../../src/memory/affected-keys.js'
import { AFFECTED_VERDICTS } from '../../src/model.js'
import { RULES } from '../../src/policy/rules.js'
import { TRAFFIC } from '../../src/policy/traffic-classes.js'
import { isChanged } from '../../src/records/affected.js'
import { CHANGES, type KeyRecord } from '../../src/records/key-record.js'
import { byUrgency } from '../../src/records/urgency.js'
import { affectedOf } from '../affected.js'
import { day, finding, record } from '../report/samples.js'

const sketch = fc.record({
  verdict: fc.constantFrom(...AFFECTED_VERDICTS),
  traffic: fc.constantFrom(...TRAFFIC),
  calls: fc.nat({ max: 2 }),
  rule: fc.constantFrom(...RULES),
  state: fc.constantFrom('due' as const, 'overdue' as const),
  change: fc.constantFrom(undefined, ...CHANGES.filter((change) => change !== 'gone')),
  name: fc.string({ unit: 'binary', maxLength: 5 }),
})

/** Records of different keys: each has a `uid` of its own. */
const records = fc.array(sketch, { maxLength: 30 }).map((sketches) =>
  sketches.map(({ verdict, traffic, calls, rule, state, change, name }, index): KeyRecord => {
    const gemini = { accepted: 9, refused: 0, failed: 0, acceptedLately: calls }
    return {
      ...record({ uid: `uid-${index}`, displayName: name }),
      verdict,
      findings: verdict === 'unknown' ? [] : [finding(rule, { state })],
      usage:
        traffic === 'unknown'
          ? { unknown: 'not read' }
          : { since: day('2026-10-12'), traffic, gemini, services: [] },
      ...(change === undefined ? {} : { change }),
    }
  }),
)

async function inOrder(keys: AffectedKeys): Promise<KeyRecord[]> {
  const found: KeyRecord[] = []
  for await (const each of keys.inOrder()) found.push(each)
  return found
}

describe('the affected keys of a run', () => {
  it('are walked most urgent first, each as it was added, as often as one likes', async () => {
    await fc.assert(
      fc.asyncProperty(records, async (all) => {
        const keys = await AffectedKeys.of(all)
        const sorted = all.toSorted(byUrgency)
        assert.deepEqual(await inOrder(keys), sorted)
        assert.deepEqual(await inOrder(keys), sorted)
      }),
      { numRuns: 50 },
    )
  })

  it('are walked in their order when they are more than are held at once', async () => {
    const uids = Array.from({ length: 10_500 }, (_none, index) =>
      `${(index * 7_919) % 10_500}`.padStart(5, '0'),
    )
    const one = record()
    const keys = await AffectedKeys.of(uids.map((uid) => ({ ...one, key: { ...one.key, uid } })))
    assert.deepEqual(
      (await inOrder(keys)).map(({ key }) => key.uid),
      uids.toSorted(),
    )
  })

  it('are summarized by ten of the most urgent, and ten of those that have changed', () => {
    fc.assert(
      fc.property(records, (all) => {
        const sorted = all.toSorted(byUrgency)
        const { count, worst, changed, ownerless } = affectedOf(all)
        assert.equal(count, all.length)
        assert.deepEqual(worst, sorted.slice(0, 10))
        assert.deepEqual(changed, sorted.filter(isChanged).slice(0, 10))
        assert.equal(ownerless, all.filter(({ key }) => key.project.owner === undefined).length)
      }),
    )
  })
})
