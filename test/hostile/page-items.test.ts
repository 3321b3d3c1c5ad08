import assert from 'node:assert/strict'
import fc from 'fast-check'
import { CallSums, seriesOf } from '../../src/inventory/call-sums.js'
import { inventoried, listed } from '../../src/inventory/observation.js'
import { elementsOf } from '../../src/inventory/page-items.js'
import { keyOfAsset, keyOfList } from '../../src/inventory/wire-key.js'
import { projectOfAsset, projectOfManager } from '../../src/inventory/wire-project.js'
import { enabledIn } from '../../src/inventory/wire-service.js'
import type { Key, Observation } from '../../src/model.js'
import { factsOf } from '../../src/policy/facts.js'
import { judge } from '../../src/policy/judge.js'
import { builtInPolicy } from '../../src/policy/policy.js'
import { canonical } from '../../src/records/canonical.js'
import { day, PROJECT, RUN } from '../report/samples.js'
import { cases } from './cases.js'
import { keyAssets, parsed, projectAssets, timeSeries, wireKeys } from './wire.js'

const OWN = { ...PROJECT, number: '7', id: 'acme' }
const STANDING = { state: 'on', source: { from: 'assets', readAt: RUN.reading } } as const

/** What a malformed key is judged, read either way. */
function verdictsOf(key: Key): readonly string[] {
  const either: readonly Observation[] = [
    listed(key, OWN, STANDING, RUN.reading),
    inventoried(key, OWN, STANDING, RUN.reading, undefined),
  ]
  return either.map((found) => judge(factsOf(found, RUN.asOf, 30), builtInPolicy(), RUN.asOf).verdict)
}

/** Whether a text is one that a name of Google's cannot have. */
const isBroken = (name: string) => !/^projects\/7\/locations\/global\/keys\/[^/\s\p{C}]+$/u.test(name)

describe('Hostile elements of listings', () => {
  it('are each a key, a malformed key or reported as unnamed, and nothing malformed is judged clean', () => {
    let flaws = 0
    fc.assert(
      fc.property(fc.array(wireKeys('7'), { maxLength: 8 }), (page) => {
        const { found, unnamed } = elementsOf(parsed(page) as unknown[], (element) => keyOfList(element, OWN))
        assert.equal(found.length + unnamed.length, page.length)
        for (const key of found) {
          assert.ok(!isBroken(key.name) && key.projectNumber === '7', key.name)
          if (key.flaw === undefined) assert.notEqual(key.uid, '')
          else assert.deepEqual(verdictsOf(key), ['unknown', 'unknown'])
          flaws += key.flaw === undefined ? 0 : 1
          assert.doesNotMatch(JSON.stringify(key), /AIzaNEVER/)
        }
      }),
      cases(500),
    )
    assert.ok(flaws > 0)
  })

  it('of the asset inventory too', () => {
    fc.assert(
      fc.property(fc.array(keyAssets('7'), { maxLength: 8 }), (page) => {
        const { found, unnamed } = elementsOf(parsed(page) as unknown[], keyOfAsset)
        assert.equal(found.length + unnamed.length, page.length)
        for (const { key } of found) {
          assert.match(key.projectNumber, /^\d+$/)
          if (key.flaw !== undefined) assert.deepEqual(verdictsOf(key), ['unknown', 'unknown'])
        }
      }),
      cases(500),
    )
  })

  it('are projects with data for labels, or none, and never change what all objects inherit', () => {
    fc.assert(
      fc.property(projectAssets, (element) => {
        for (const read of [projectOfAsset(parsed(element)), projectOfManager(parsed(element))]) {
          if (read === undefined) continue
          const { number, id, labels, state } = read.project
          assert.match(number, /^\d+$/)
          assert.match(id, /^[^\s\p{C}/]+$/u)
          assert.equal(Object.getPrototypeOf(labels), null)
          for (const value of Object.values(labels)) assert.equal(typeof value, 'string')
          assert.ok(['ACTIVE', 'DELETE_REQUESTED', 'DELETE_IN_PROGRESS'].includes(state))
        }
        assert.equal(Reflect.get({}, 'polluted'), undefined)
        assert.deepEqual(Object.keys(Object.prototype), [])
      }),
      cases(500),
    )
  })

  it('are time series with counts that records can hold, or none', () => {
    fc.assert(
      fc.property(fc.array(timeSeries, { maxLength: 6 }), (page) => {
        const sums = new CallSums(day('0001-01-01'))
        for (const element of parsed(page) as unknown[]) {
          const series = seriesOf(element)
          if (series) sums.add(series)
          enabledIn(element)
        }
        for (const uid of ['u1', '__proto__']) {
          const usage = sums.usageOf(uid)
          const { accepted, refused, failed, failedCodes } = usage.gemini
          for (const count of [accepted, refused, failed, ...Object.values(failedCodes)]) {
            assert.ok(Number.isSafeInteger(count) && count >= 0)
          }
          assert.deepEqual(JSON.parse(canonical(usage)), JSON.parse(JSON.stringify(usage)))
        }
      }),
      cases(500),
    )
  })
})
