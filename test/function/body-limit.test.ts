import assert from 'node:assert/strict'
import { gzipSync } from 'node:zlib'
import { LARGEST_BODY, LARGEST_EVENT, limitBodies } from '../../src/function/body-limit.js'
import { callFunction } from '../end-to-end/stage.js'

/** With no settings at all a run ends at once, by an answer of its own. */
const RUN = 500

const posting = (
  body: string | Buffer | ReadableStream,
  headers: Record<string, string> = {},
): RequestInit => ({
  method: 'POST',
  body,
  headers: { 'content-type': 'application/json', ...headers },
})

const json = (bytes: number) => JSON.stringify(['x'.repeat(bytes - 4)])

/** A body of unknown length. */
const streamed = (bytes: number): RequestInit => ({
  ...posting(new Blob(['x'.repeat(bytes)]).stream(), { 'content-type': 'text/plain' }),
  duplex: 'half',
})

describe('the body of a request', () => {
  let endLimit: () => void
  before(() => {
    endLimit = limitBodies()
  })
  after(() => endLimit())

  const answerTo = async (request: RequestInit) => (await callFunction({}, request)).status

  it('may be none, or small', async () => {
    assert.equal(await answerTo({ method: 'POST' }), RUN)
    assert.equal(await answerTo(posting('{}')), RUN)
    assert.equal(await answerTo(posting(json(LARGEST_BODY))), RUN)
    assert.equal(await answerTo(streamed(LARGEST_BODY)), RUN)
  })

  it('is refused when it is larger, before any of it is read', async () => {
    const { status, body, headers } = await callFunction({}, posting(json(LARGEST_BODY + 1)))
    assert.equal(status, 413)
    assert.match(body.error, /at most 16384 bytes/)
    assert.equal(body.retry, false)
    assert.equal(headers.get('connection'), 'close')
  })

  for (const encoding of ['gzip', 'deflate', 'br', 'GZIP']) {
    it(`is refused when it is packed (${encoding}), and is not unpacked`, async () => {
      const bomb = gzipSync(Buffer.alloc(16 * 2 ** 20))
      assert.ok(bomb.length <= LARGEST_BODY + 100)
      assert.equal(
        await answerTo(posting(bomb.subarray(0, LARGEST_BODY), { 'content-encoding': encoding })),
        413,
      )
    })
  }

  it('ends the connection when it does not end itself', async () => {
    await assert.rejects(answerTo(streamed(LARGEST_BODY * 40)))
  })
})

describe('the body of an event', () => {
  /** Bytes of Pub/Sub's largest message in base64. */
  const LARGEST_MESSAGE = Math.ceil(10_000_000 / 3) * 4

  it('may be as large as Pub/Sub’s largest message, and not much larger', async () => {
    const endLimit = limitBodies(LARGEST_EVENT)
    try {
      assert.equal((await callFunction({}, posting(json(LARGEST_MESSAGE + 1_000)))).status, RUN)
      assert.equal((await callFunction({}, posting(json(LARGEST_EVENT + 1)))).status, 413)
    } finally {
      endLimit()
    }
  })
})
