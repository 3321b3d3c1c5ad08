import assert from 'node:assert/strict'
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

async function collectFor(milliseconds: number): Promise<void> {
  const collect = garbageCollector()
  const end = performance.now() + milliseconds
  while (performance.now() < end) {
    collect()
    await setTimeout(10)
  }
}

describe('The term of a reading', () => {
  for (const [told, stop] of [
    ['that can be stopped', new AbortController().signal],
    ['that nobody can stop', undefined],
  ] as const) {
    it(`${told} ends with its time, however much memory is collected meanwhile`, async () => {
      const term = timeLimitOf(100, stop)
      const reading = AbortSignal.any([term.signal, new AbortController().signal])
      let heard = false
      reading.addEventListener('abort', () => {
        heard = true
      })
      await collectFor(300)
      assert.equal(heard, true)
      assert.equal(term.signal.aborted, true)
      assert.equal(reading.reason.name, 'TimeoutError')
    })
  }

  it('ends when it is stopped, for the reason of whoever stopped it', () => {
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
})
