import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { timeLimitOf } from '../../src/google/time-limit.js'

/** Collects all garbage, as a long run does by itself sooner or later. */
function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  assert(typeof collect === 'function')
  return () => void collect()
}

/** Collects again and again, until that has happened: the test's own time limit ends it otherwise. */
async function collectUntil(happened: () => boolean): Promise<void> {
  const collect = garbageCollector()
  do {
    collect()
    await setTimeout(10)
  } while (!happened())
}

describe('The time limit of a reading', () => {
  for (const [which, stop] of [
    ['that can be stopped', new AbortController().signal],
    ['that nothing can stop', undefined],
  ] as const) {
    it(`${which} ends with its time, however much memory is collected meanwhile`, async () => {
      const limit = timeLimitOf(100, stop)
      const reading = AbortSignal.any([limit.signal, new AbortController().signal])
      let heard = false
      reading.addEventListener('abort', () => {
        heard = true
      })
      await collectUntil(() => heard)
      assert.equal(limit.signal.aborted, true)
      assert.equal(reading.reason.name, 'TimeoutError')
    })
  }

  it('ends when it is stopped, for the reason that it was stopped for', () => {
    const stop = new AbortController()
    const { signal } = timeLimitOf(60_000, stop.signal)
    assert.equal(signal.aborted, false)
    const why = new Error('stopped')
    stop.abort(why)
    assert.equal(signal.reason, why)
  })

  it('is over at once where it was stopped before', () => {
    const why = new Error('stopped')
    assert.equal(timeLimitOf(60_000, AbortSignal.abort(why)).signal.reason, why)
  })

  it('is held by nothing and ends no more once it was let go of', () => {
    const stop = new AbortController()
    const { signal, end } = timeLimitOf(60_000, stop.signal)
    end()
    assert.deepEqual(getEventListeners(stop.signal, 'abort'), [])
    stop.abort()
    assert.equal(signal.aborted, false)
  })
})
