import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, it } from 'mocha'
import { QuotaQueue } from '../../src/google/quota-queue.js'
import { allowance, QUOTAS } from '../../src/google/quotas.js'

describe('a queue', () => {
  it('never starts more than its allowance within any minute, wherever that begins', async () => {
    const queue = new QuotaQueue({ allowance: 4, minute: 400, concurrency: 16 })
    const started: number[] = []
    const run = () =>
      queue.run(async () => void started.push(performance.now()), { timeout: 1000, priority: 0 })
    await run()
    await sleep(340) // the rest comes at the end of what would be the first minute
    await Promise.all(Array.from({ length: 9 }, run))
    for (let index = 4; index < started.length; index++) {
      // By the queue's own clock it is 400; a busy machine lets a task look at the clock later than it started.
      assert.ok(Number(started[index]) - Number(started[index - 4]) >= 360)
    }
  })

  it('starts nothing while it is closed, and goes on by itself', async () => {
    const queue = new QuotaQueue({ allowance: Number.POSITIVE_INFINITY, minute: 60_000, concurrency: 4 })
    queue.close(60)
    queue.close(10) // the longer one counts
    const closed = performance.now()
    await queue.run(async () => undefined, { timeout: 1000, priority: 0 })
    assert.ok(performance.now() - closed >= 55)
  })
})

describe('the allowance', () => {
  it('is a percentage of what Google documents, and never nothing', () => {
    assert.equal(allowance('listAssets', 90), 90)
    assert.equal(allowance('readApiKeys', 90), 216)
    assert.equal(allowance('listAssets', 100), 100)
    assert.equal(allowance('searchResources', 1), 4)
    assert.equal(allowance('listAssets', 0.1), 1)
  })

  it('has a source for every quota', () => {
    for (const { source } of Object.values(QUOTAS))
      assert.match(source, /^https:\/\/(docs\.)?cloud\.google\.com\//)
  })
})
