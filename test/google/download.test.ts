import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { type Simulator, startSimulator } from '../../simulator/simulator.js'
import type { Outcome } from '../../simulator/wire/call.js'
import { createGoogle } from '../../src/google/client.js'
import { listObjectsBelow, objectLines } from '../../src/google/download.js'
import type { ApiError } from '../../src/google/errors.js'
import { Crc32c } from '../../src/google/storage.js'
import { SMALL, worldOf } from '../simulator/simulated.js'

const CHECK = Buffer.from('123456789')

describe('the checksum of Cloud Storage', () => {
  it('is CRC32C, by its published check value, in one piece or in several', () => {
    for (const cut of [0, 4, 9]) {
      const checksum = new Crc32c()
      checksum.update(CHECK.subarray(0, cut))
      checksum.update(CHECK.subarray(cut))
      assert.equal(Buffer.from(checksum.digest(), 'base64').toString('hex'), 'e3069283')
    }
  })
})

describe('the lines of an object', () => {
  let simulator: Simulator
  /** What a part of content becomes on its way. */
  let change: (outcome: Outcome, count: number) => Outcome = (outcome) => outcome
  let count = 0

  beforeEach(async () => {
    count = 0
    change = (outcome) => outcome
    simulator = await startSimulator({
      world: worldOf(SMALL),
      gates: [
        async (call, answer) => {
          const isPart = call.operation === 'storage.objects.get'
          return isPart ? change(await answer(), ++count) : answer()
        },
      ],
    })
  })

  afterEach(() => simulator.stop())

  /** All batches of lines of an object with this content. */
  async function read(content: string | Buffer, part?: number): Promise<readonly (readonly unknown[])[]> {
    const object = { name: 'a/0', content: Buffer.from(content), contentType: 'text/plain', metadata: {} }
    simulator.buckets.get('archive')?.insert(object)
    const retryPolicy = { retries: 2, first: 1, longest: 2, total: 5000 }
    const google = createGoogle({ origin: simulator.origin, pace: 'off', retryPolicy })
    const [info] = await listObjectsBelow(google, 'archive', 'a/', 'exports')
    if (info === undefined) throw new Error('the object is not listed')
    const batches: (readonly unknown[])[] = []
    for await (const lines of objectLines(google, info, part)) batches.push(lines)
    return batches
  }

  it('come in batches of some megabytes, however few lines these are', async () => {
    const line = JSON.stringify('x'.repeat(1_500_000))
    const batches = await read(Array.from({ length: 8 }, () => line).join('\n'))
    assert.deepEqual(
      batches.map((lines) => lines.length),
      [3, 3, 2],
    )
  })

  it('are the same in parts of any size, with a line feed at the end or without', async () => {
    const values = fc.array(
      fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.constant({ a: ['ü'] })),
    )
    await fc.assert(
      fc.asyncProperty(
        values,
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom('', '\n', '\n\n'),
        async (values, part, end) => {
          const lines = (
            await read(values.map((value) => JSON.stringify(value)).join('\n') + end, part)
          ).flat()
          assert.deepEqual(lines, values)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('come in batches of a thousand', async () => {
    const sizes = async (lines: number) => (await read('{}\n'.repeat(lines), 700)).map(({ length }) => length)
    assert.deepEqual(await sizes(1000), [1000])
    assert.deepEqual(await sizes(2001), [1000, 1000, 1])
    assert.deepEqual(await sizes(0), [0])
  })

  it('are undefined where they are no JSON, or broken off, and cost no other', async () => {
    assert.deepEqual((await read('{"a":1}\n{"a"\nnonsense\n{"b":2}\n{"c":')).flat(), [
      { a: 1 },
      undefined,
      undefined,
      { b: 2 },
      undefined,
    ])
  })

  it('are undefined where they are longer than any resource, however they are cut', async () => {
    const most = 4 * 2 ** 20
    const line = (length: number) => `"${'x'.repeat(length - 2)}"`
    const lengths = (lines: readonly unknown[]) =>
      lines.map((text) => (typeof text === 'string' ? text.length : text))
    for (const part of [undefined, 2 ** 20]) {
      const lines = await read(`1\n${line(most + 1)}\n2\n${line(1000)}\n${line(most + 1)}`, part)
      assert.deepEqual(lengths(lines.flat()), [1, undefined, 2, 998, undefined])
    }
    assert.deepEqual(lengths((await read(`${line(most)}\n1`, 2 ** 20)).flat()), [most - 2, 1])
  })

  it('are asked for again where a part is too short', async () => {
    change = (outcome, count) =>
      count === 2 && 'body' in outcome && Buffer.isBuffer(outcome.body)
        ? { ...outcome, body: outcome.body.subarray(1) }
        : outcome
    assert.deepEqual((await read('1\n2\n3\n4\n5', 3)).flat(), [1, 2, 3, 4, 5])
    assert.equal(count, 4)
  })

  it('are refused for a wrong checksum, before the last batch is handed out', async () => {
    change = (outcome) =>
      'body' in outcome && Buffer.isBuffer(outcome.body)
        ? { ...outcome, body: Buffer.from(outcome.body.toString().replace('1', '2')) }
        : outcome
    await assert.rejects(read('1\n'), (error: ApiError) => {
      assert.equal(error.reason, 'DAMAGED_OBJECT')
      assert.equal(
        error.because,
        'Reading the exported file gs://archive/a/0 failed: what came is not what Cloud Storage holds: the checksums differ',
      )
      return true
    })
  })

  it('are of the generation that was listed: an object that was replaced is not read', async () => {
    const object = { name: 'a/0', content: Buffer.from('new'), contentType: 'text/plain', metadata: {} }
    change = (outcome, count) => {
      if (count === 1) simulator.buckets.get('archive')?.insert(object)
      return outcome
    }
    await assert.rejects(read('1\n2\n3\n4\n5\n6', 2), { reason: 'NOT_FOUND' })
  })
})
