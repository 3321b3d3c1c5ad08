import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { describe, it } from 'mocha'
import { CompressedQueue } from '../../src/memory/pending-keys.js'

describe('the holding', () => {
  it('gives back all that it was given, in order', async () => {
    const batches = fc.array(fc.array(fc.record({ name: fc.string(), at: fc.nat() }), { maxLength: 1500 }), {
      maxLength: 6,
    })
    await fc.assert(
      fc.asyncProperty(batches, async (given) => {
        const holding = new CompressedQueue<{ name: string; at: number }>()
        for (const batch of given) await holding.add(batch)
        const all: unknown[] = []
        for await (const chunk of holding.take()) all.push(...chunk)
        assert.deepEqual(all, given.flat())
      }),
      { numRuns: 30 },
    )
  })

  it('packs what is many', async () => {
    const holding = new CompressedQueue<object>()
    const key = (index: number) => ({
      name: `projects/1/locations/global/keys/${index}`,
      restrictions: { apiTargets: [] },
    })
    const before = process.memoryUsage().arrayBuffers
    for (let page = 0; page < 50; page++) {
      await holding.add(Array.from({ length: 1000 }, (_, index) => key(page * 1000 + index)))
    }
    let count = 0
    for await (const chunk of holding.take()) count += chunk.length
    assert.equal(count, 50_000)
    assert.ok(process.memoryUsage().arrayBuffers - before < 20_000_000)
  })

  it('packs the sooner what is large', async () => {
    const chunksOf = async (weight: number) => {
      const holding = new CompressedQueue<string>(() => weight)
      await holding.add(Array.from({ length: 2_000 }, (_none, at) => `${at}`))
      const chunks: (readonly string[])[] = []
      for await (const chunk of holding.take()) chunks.push(chunk)
      assert.equal(chunks.flat().length, 2_000)
      return Math.max(...chunks.map(({ length }) => length))
    }
    assert.equal(await chunksOf(1), 2_000)
    assert.equal(await chunksOf(50), 40)
  })

  it('is empty after it was emptied', async () => {
    const holding = new CompressedQueue<number>()
    await holding.add([1, 2])
    for await (const chunk of holding.take()) assert.deepEqual(chunk, [1, 2])
    for await (const chunk of holding.take()) assert.deepEqual(chunk, [])
  })
})
