import assert from 'node:assert/strict'
import { deliverAll } from '../../src/deliver/deliver-all.js'
import type { Delivery } from '../../src/deliver/delivery.js'
import { DeliveryError } from '../../src/deliver/delivery.js'
import type { ArchiveStore } from '../../src/history/archive-store.js'
import { Claims } from '../../src/history/claims.js'
import type { FailedRun, JudgedRun } from '../../src/history/judged-run.js'
import type { DeliveryRecord } from '../../src/records/delivery-record.js'
import { onStore, STORES } from '../history/stores.js'
import { instant, RUN } from '../report/samples.js'

const TO = 'slack:C0456'
const BROKEN = { code: 'UNSENT', cause: 'the line was broken', advice: { say: 'try again' } }
const AT = instant('2026-11-23T07:05:00Z')

/** What tells reads of a run; the deliveries of these tests look at nothing else. */
const JUDGED = { kind: 'judged', run: RUN, record: { record: 'run' } } as JudgedRun
const FAILED = { kind: 'failed', run: RUN } as FailedRun

const [[, inDirectory] = assert.fail()] = STORES

/** A delivery that ends as it is told, and keeps whether each attempt at it was uncertain. */
function delivery(end: () => ReturnType<Delivery['deliver']>) {
  const attempts: (boolean | undefined)[] = []
  const deliver: Delivery['deliver'] = (_run, turn) => {
    attempts.push(turn?.isUncertain)
    return end()
  }
  return { attempts, to: TO, what: 'the digest', isRepeatable: false, deliver } satisfies Delivery & {
    attempts: unknown
  }
}

/** A delivery that keeps records of the others. */
function keeper() {
  const notes: DeliveryRecord[] = []
  const note = async (record: DeliveryRecord) => {
    notes.push(record)
    return { problems: [] }
  }
  const deliver = async () => ({ problems: [] })
  return {
    notes,
    to: 'logging:log',
    what: 'the records',
    isRepeatable: true,
    deliver,
    note,
  } satisfies Delivery & {
    notes: unknown
  }
}

const attemptAt = (store: ArchiveStore, holder: string) => ({
  now: () => AT,
  claims: new Claims(store, JUDGED, { now: () => AT, holder, lifetime: 60_000, pause: 1 }),
})

const throwing = (isUnclear: boolean) => async () => {
  throw new DeliveryError(TO, true, 'posting failed', BROKEN, isUnclear)
}
const arrived = async () => ({ problems: [] })

describe('the second attempt at a delivery', () => {
  const firsts: readonly (readonly [string, () => ReturnType<Delivery['deliver']>, boolean])[] = [
    ['was refused', throwing(false), false],
    ['may have arrived', throwing(true), true],
    [
      'arrived in part',
      async () => ({ problems: [new DeliveryError(TO, true, 'sending the file failed', BROKEN)] }),
      true,
    ],
  ]
  for (const [how, first, isUncertain] of firsts) {
    it(`is ${isUncertain ? 'uncertain' : 'certain to be the first to arrive'} where the first ${how}`, async () => {
      await onStore(inDirectory, async (store) => {
        const problems = await deliverAll(JUDGED, [delivery(first)], attemptAt(store, 'one'))
        assert.equal(problems.length, 1)
        const second = delivery(arrived)
        assert.deepEqual(await deliverAll(JUDGED, [second], attemptAt(store, 'two')), [])
        assert.deepEqual(second.attempts, [isUncertain])
      })
    })
  }
})

describe('what became of a delivery', () => {
  it('is written down once when it has arrived, whatever the number of attempts at the run', async () => {
    await onStore(inDirectory, async (store) => {
      const log = keeper()
      for (const holder of ['one', 'two']) {
        assert.deepEqual(await deliverAll(JUDGED, [log, delivery(arrived)], attemptAt(store, holder)), [])
      }
      assert.deepEqual(
        log.notes.map(({ to, result }) => [to, result]),
        [[TO, 'delivered']],
      )
    })
  })

  it('is written down each time when it failed, and of each failed run', async () => {
    await onStore(inDirectory, async (store) => {
      const log = keeper()
      await deliverAll(JUDGED, [log, delivery(throwing(false))], attemptAt(store, 'one'))
      await deliverAll(JUDGED, [log, delivery(throwing(false))], attemptAt(store, 'two'))
      await deliverAll(FAILED, [log, delivery(arrived)], attemptAt(store, 'three'))
      await deliverAll(FAILED, [log, delivery(arrived)], attemptAt(store, 'four'))
      assert.deepEqual(
        log.notes.map(({ result }) => result),
        ['failed', 'failed', 'delivered', 'delivered'],
      )
    })
  })
})
