import assert from 'node:assert/strict'
import { type Simulator, startSimulator } from '../../simulator/simulator.js'
import type { Gate } from '../../simulator/wire/call.js'
import { readWorld } from '../../simulator/world/file.js'
import { createGoogle } from '../../src/google/client.js'
import { ApiError } from '../../src/google/errors.js'
import { readObject } from '../../src/google/storage.js'
import { uploadObject } from '../../src/google/upload.js'

const WORLD = `
organization: {number: 99, domain: small.example}
caller: {project: auditor-1, serviceAccount: auditor@auditor-1.iam.gserviceaccount.com}
projects: [{id: auditor-1, number: 1, services: [storage]}]
buckets: [{name: plain}]
`

const PIECE = 256 * 1024
const CONTENT = Buffer.alloc(2 * PIECE + 7, 'something large ')

async function* pieces(content = CONTENT): AsyncGenerator<Buffer> {
  for (let from = 0; from < content.length; from += PIECE) yield content.subarray(from, from + PIECE)
}

describe('an upload in pieces', () => {
  const sent: string[] = []
  let simulator: Simulator | undefined

  afterEach(async () => {
    sent.length = 0
    await simulator?.stop()
  })

  async function googleBehind(gate: Gate) {
    const listening: Gate = (call, answer) => {
      if (call.method === 'PUT') sent.push(call.headers['content-range'] ?? '')
      return gate(call, answer)
    }
    simulator = await startSimulator({
      world: readWorld(WORLD, 'upload.yaml', new Date()),
      gates: [listening],
    })
    const retryPolicy = { retries: 3, first: 1, longest: 2, total: 10_000 }
    return createGoogle({ origin: simulator.origin, pace: 'off', retryPolicy })
  }

  const END = CONTENT.length - 1

  it('sends each piece once, and says with the last one that it is whole', async () => {
    const google = await googleBehind((_call, answer) => answer())
    assert.equal(await uploadObject(google, 'plain', 'a/large', pieces()), true)
    assert.deepEqual(sent, [
      `bytes 0-${PIECE - 1}/*`,
      `bytes ${PIECE}-${2 * PIECE - 1}/*`,
      `bytes ${2 * PIECE}-${END}/${CONTENT.length}`,
    ])
    assert.ok((await readObject(google, 'plain', 'a/large'))?.equals(CONTENT))
  })

  it('goes on where Cloud Storage has it when an answer is lost', async () => {
    const google = await googleBehind(async (_call, answer) => {
      const given = await answer()
      return sent.length === 2 ? { status: 503, body: { error: { code: 503 } } } : given
    })
    assert.equal(await uploadObject(google, 'plain', 'a/large', pieces()), true)
    assert.deepEqual(sent.slice(1, 3), [`bytes ${PIECE}-${2 * PIECE - 1}/*`, 'bytes */*'])
    assert.ok((await readObject(google, 'plain', 'a/large'))?.equals(CONTENT))
  })

  it('sends a piece again that never arrived', async () => {
    const google = await googleBehind(async (_call, answer) =>
      sent.length === 3 ? { hangup: 'reset' } : answer(),
    )
    assert.equal(await uploadObject(google, 'plain', 'a/large', pieces()), true)
    assert.ok((await readObject(google, 'plain', 'a/large'))?.equals(CONTENT))
  })

  it('fails when what is stored is not what was sent', async () => {
    const google = await googleBehind(async (_call, answer) => {
      const given = await answer()
      if (!('status' in given) || given.status !== 200 || sent.length < 3) return given
      return { ...given, body: { ...Object(given.body), md5Hash: 'AAAA' } }
    })
    await assert.rejects(uploadObject(google, 'plain', 'a/large', pieces()), (error) => {
      assert.ok(error instanceof ApiError)
      assert.match(error.message, /gs:\/\/plain\/a\/large failed: .*what was stored is not what was sent/)
      return true
    })
  })

  it('leaves an object that is there as it is', async () => {
    const google = await googleBehind((_call, answer) => answer())
    assert.equal(await uploadObject(google, 'plain', 'a/large', pieces()), true)
    assert.equal(await uploadObject(google, 'plain', 'a/large', pieces(Buffer.alloc(PIECE + 1))), false)
    assert.ok((await readObject(google, 'plain', 'a/large'))?.equals(CONTENT))
  })
})
