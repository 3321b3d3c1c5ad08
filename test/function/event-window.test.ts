import assert from 'node:assert/strict'
import { EventWindow } from '../../src/function/event-handler.js'

/** Longer than a test lasts: only a full window is over before. */
const LONG = 60_000

describe('the window of changes', () => {
  it('handles together what comes within it, and gives each its own result', async () => {
    const handled: (readonly number[])[] = []
    const window = new EventWindow<number, string>(1, async (items) => {
      handled.push(items)
      return items.map((item) => `done ${item}`)
    })
    assert.deepEqual(await Promise.all([window.add(1), window.add(2)]), ['done 1', 'done 2'])
    assert.equal(await window.add(3), 'done 3')
    assert.deepEqual(handled, [[1, 2], [3]])
  })

  it('ends early when it is full', async () => {
    const window = new EventWindow<number, number>(LONG, async (items) => items.map(() => items.length))
    const results = await Promise.all(Array.from({ length: 200 }, (_, item) => window.add(item)))
    assert.deepEqual(new Set(results), new Set([200]))
  })

  it('handles one window after the other', async () => {
    const order: string[] = []
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const window = new EventWindow<string, void>(LONG, async ([first = '', ...others]) => {
      order.push(`begin ${first}`)
      if (first === 'one') await held
      order.push(`end ${first}`)
      return [first, ...others].map(() => undefined)
    })
    const full = (item: string) => Promise.all(Array.from({ length: 200 }, () => window.add(item)))
    const both = [full('one'), full('two')]
    await new Promise(setImmediate)
    assert.deepEqual(order, ['begin one'])
    release()
    await Promise.all(both)
    assert.deepEqual(order, ['begin one', 'end one', 'begin two', 'end two'])
  })

  it('rejects each when handling fails, and goes on', async () => {
    let isBroken = true
    const window = new EventWindow<number, number>(1, async (items) => {
      if (isBroken) throw new Error('broken')
      return items
    })
    const both = await Promise.allSettled([window.add(1), window.add(2)])
    assert.deepEqual(
      both.map(({ status }) => status),
      ['rejected', 'rejected'],
    )
    isBroken = false
    assert.equal(await window.add(3), 3)
  })
})
