import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createGoogle } from '../../src/google/client.js'
import { ArchiveError } from '../../src/history/archive-store.js'
import { BucketStore } from '../../src/history/bucket-store.js'
import { DirectoryStore } from '../../src/history/directory-store.js'
import { createFrom, PIECE } from '../../src/history/pieces.js'
import { onStage, smallWorld } from '../end-to-end/stage.js'
import { onStore, STORES } from './stores.js'

const bytes = (text: string) => Buffer.from(text)

/** In chunks that end nowhere near the end of a piece. */
async function* inChunks(content: Buffer): AsyncGenerator<Buffer> {
  for (let from = 0; from < content.length; from += 1_000_003) yield content.subarray(from, from + 1_000_003)
}

async function joined(pieces: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = []
  for await (const piece of pieces) all.push(piece)
  return Buffer.concat(all)
}

for (const [name, open] of STORES) {
  describe(`an archive in ${name}`, () => {
    it('gives back byte for byte what was written', async () => {
      await onStore(open, async (store) => {
        const content = Buffer.from(Array.from({ length: 1_000 }, (_none, index) => (index * 7) % 256))
        assert.equal(await store.create('a/runs/one.gz', content), true)
        assert.deepEqual(await store.read('a/runs/one.gz'), content)
        assert.equal(await store.create('a/empty', bytes('')), true)
        assert.deepEqual(await store.read('a/empty'), bytes(''))
      })
    })

    it('never overwrites: the first write stays, and the second is refused', async () => {
      await onStore(open, async (store) => {
        assert.equal(await store.create('a/claim-1', bytes('first')), true)
        assert.equal(await store.create('a/claim-1', bytes('second')), false)
        assert.deepEqual(await store.read('a/claim-1'), bytes('first'))
      })
    })

    it('lets one of many writers at once have a name', async () => {
      await onStore(open, async (store) => {
        const writers = Array.from({ length: 8 }, (_none, index) => store.create('a/x', bytes(`${index}`)))
        const won = (await Promise.all(writers)).flatMap((created, index) => (created ? [index] : []))
        assert.equal(won.length, 1)
        assert.deepEqual(await store.read('a/x'), bytes(`${won[0]}`))
      })
    })

    it('takes content in pieces, of any length, and gives it back in pieces, as often as one likes', async () => {
      await onStore(open, async (store) => {
        for (const length of [0, PIECE, PIECE + 1]) {
          const content = Buffer.alloc(length, `${length} `)
          assert.equal(await createFrom(store, `large/${length}`, inChunks(content)), true)
          const found = await store.open(`large/${length}`)
          assert.equal(found?.size, length)
          assert.ok((await joined(found.pieces())).equals(content))
          assert.ok((await joined(found.pieces())).equals(content))
        }
      })
    })

    it('never overwrites large content either', async () => {
      await onStore(open, async (store) => {
        const content = Buffer.alloc(2 * PIECE + 1, 'first')
        assert.equal(await store.create('a/large', bytes('small')), true)
        assert.equal(await createFrom(store, 'a/large', inChunks(content)), false)
        assert.deepEqual(await store.read('a/large'), bytes('small'))
      })
    })

    it('has nothing of what broke off while it was written', async () => {
      await onStore(open, async (store) => {
        async function* broken(): AsyncGenerator<Buffer> {
          yield Buffer.alloc(2 * PIECE + 1)
          throw new Error('broken off')
        }
        await assert.rejects(createFrom(store, 'b/broken', broken()), /broken off/)
        assert.deepEqual(await store.list('b/'), [])
        assert.equal(await store.open('b/broken'), undefined)
      })
    })

    it('knows nothing of what is not there', async () => {
      await onStore(open, async (store) => {
        assert.equal(await store.open('a/nothing'), undefined)
        assert.equal(await store.read('a/nothing'), undefined)
        assert.deepEqual(await store.list('a/'), [])
      })
    })

    it('lists a folder in the order of names: its objects, and the folders in it once', async () => {
      await onStore(open, async (store) => {
        for (const path of ['a/2026-11/m', 'a/2026-12/m', 'a/2026-12/claims/x', 'a/z', 'ab/m', 'a/2025/m']) {
          await store.create(path, bytes(path))
        }
        assert.deepEqual(await store.list('a/'), ['2025/', '2026-11/', '2026-12/', 'z'])
        assert.deepEqual(await store.list('a/', '2026-11'), ['2026-11/', '2026-12/', 'z'])
        assert.deepEqual(await store.list('a/', '2026-12'), ['2026-12/', 'z'])
        assert.deepEqual(await store.list('a/2026-12'), ['claims/', 'm'])
        assert.deepEqual(await store.list(''), ['a/', 'ab/'])
      })
    })
  })
}

describe('an archive that cannot be used', () => {
  it('says so of a directory that cannot be one', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'archive-'))
    try {
      await writeFile(join(directory, 'file'), '')
      const store = new DirectoryStore(join(directory, 'file'))
      await assert.rejects(store.create('a/b', bytes('x')), (error) => {
        assert.ok(error instanceof ArchiveError)
        assert.match(error.message, /^Writing .*file\/a\/b failed \(E\w+\); name a directory .*AUDIT_ARCHIVE/)
        return true
      })
    } finally {
      await rm(directory, { recursive: true })
    }
  })

  it('says so of a bucket that is not there, or closed', async () => {
    await onStage(smallWorld('[]'), async ({ simulator }) => {
      const google = createGoogle({ origin: simulator.origin, pace: 'off' })
      await assert.rejects(new BucketStore(google, 'nowhere', '').create('a', bytes('x')), (error) => {
        assert.ok(error instanceof ArchiveError)
        assert.match(error.message, /Writing the object gs:\/\/nowhere\/a failed: .*storage buckets add-iam/)
        assert.equal(error.retry, false)
        return true
      })
    })
  })

  it('leaves no draft behind in a directory, and lists none', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'archive-'))
    try {
      const store = new DirectoryStore(directory)
      await store.create('a/x', bytes('one'))
      await store.create('a/x', bytes('two'))
      assert.deepEqual(await readdir(join(directory, 'a')), ['x'])
      await writeFile(join(directory, 'a', '.lost.part'), 'half')
      assert.deepEqual(await store.list('a/'), ['x'])
    } finally {
      await rm(directory, { recursive: true })
    }
  })
})
