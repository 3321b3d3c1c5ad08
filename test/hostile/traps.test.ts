import assert from 'node:assert/strict'
import { redactedWords } from '../../src/errors.js'
import { listKeys } from '../../src/google/apikeys.js'
import { createGoogle, type GoogleClient } from '../../src/google/client.js'
import { readBlocker } from '../../src/inventory/blocker.js'
import { type RawServer, startRawServer } from './server.js'
import { jsonText } from './wire.js'

describe('Answers that trap who takes them for what they should be', () => {
  let server: RawServer
  let google: GoogleClient

  before(async () => {
    server = await startRawServer()
    const retryPolicy = { retries: 0, first: 1, longest: 1, total: 10 }
    google = createGoogle({ origin: server.origin, pace: 'off', retryPolicy, timeLimit: 5_000 })
  })

  after(() => server.stop())

  function answer(status: number, body: unknown): void {
    server.answer = () => ({ status, headers: { 'content-type': 'application/json' }, body: jsonText(body) })
  }

  it('hold lists in lists where a text belongs', async () => {
    for (const allowedServices of [['@json:deep'], [{ toString: 1, valueOf: 1 }], '@json:deep']) {
      answer(200, { name: 'x', spec: { rules: [{ enforce: true, parameters: { allowedServices } }] } })
      assert.deepEqual(await readBlocker(google, 'projects/1'), { state: 'in-force' })
    }
  })

  it('are refusals with fields that look like methods', async () => {
    answer(403, { error: { status: 'PERMISSION_DENIED' }, forEach: 1, set: 1 })
    await assert.rejects(listKeys(google, 'projects/1').next(), {
      name: 'ApiError',
      reason: 'PERMISSION_DENIED',
    })
  })

  it('are pages whose only field is what all objects have, which is no empty page', async () => {
    const page = JSON.parse('{"__proto__": {"keys": []}}')
    answer(200, page)
    await assert.rejects(listKeys(google, 'projects/1').next(), {
      name: 'ApiError',
      reason: 'DAMAGED_ANSWER',
    })
  })

  // What takes time in proportion to the square of these lengths takes hours.
  for (const part of ['a', '/', 'a.', '://', 'Aa0-']) {
    it(`are messages of a million characters such as ${part}, which are looked through for secrets`, () => {
      assert.ok(redactedWords(part.repeat(1_000_000 / part.length)).length > 0)
    })
  }

  it('are words in which secrets stand behind others', () => {
    const secret = 'Abcdefghijklmnopqrstuvwxyz0123456789'
    assert.equal(redactedWords(`a projects/acme-web/${secret}.x b`), 'a projects/acme-… b')
    assert.equal(redactedWords(`see https://a.example/b?c=${secret}#d now`), 'see https://a.example/b?… now')
    assert.equal(redactedWords('a'.repeat(100)), 'a'.repeat(100))
  })
})
