import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createGoogle } from '../../src/google/client.js'
import { BucketPlace } from '../../src/history/bucket.js'
import { DirectoryPlace } from '../../src/history/directory.js'
import { ArchiveError } from '../../src/history/error.js'
import { onStage, smallWorld } from '../end-to-end/surroundings.js'
import { onPlace, PLACES } from './places.js'

const bytes = (text: string) => Buffer.from(text)

for (const [name, open] of PLACES) {
  describe(`an archive in ${name}`, () => {
    it('gives back byte for byte what was written', async () => {
      await onPlace(open, async (place) => {
        const content = Buffer.from(Array.from({ length: 1_000 }, (_none, index) => (index * 7) % 256))
        assert.equal(await place.create('a/runs/one.gz', content), true)
        assert.deepEqual(await place.read('a/runs/one.gz'), content)
        assert.equal(await place.create('a/empty', bytes('')), true)
        assert.deepEqual(await place.read('a/empty'), bytes(''))
      })
    })

    it('never overwrites: the first write stays, and the second hears of it', async () => {
      await onPlace(open, async (place) => {
        assert.equal(await place.create('a/claim-1', bytes('first')), true)
        assert.equal(await place.create('a/claim-1', bytes('second')), false)
        assert.deepEqual(await place.read('a/claim-1'), bytes('first'))
      })
    })

    it('lets one of many writers at once have a name', async () => {
      await onPlace(open, async (place) => {
        const writers = Array.from({ length: 8 }, (_none, index) => place.create('a/x', bytes(`${index}`)))
        const won = (await Promise.all(writers)).flatMap((created, index) => (created ? [index] : []))
        assert.equal(won.length, 1)
        assert.deepEqual(await place.read('a/x'), bytes(`${won[0]}`))
      })
    })

    it('knows nothing of what is not there', async () => {
      await onPlace(open, async (place) => {
        assert.equal(await place.read('a/nothing'), undefined)
        assert.deepEqual(await place.list('a/'), [])
      })
    })

    it('lists a folder in the order of names: its objects, and the folders in it once', async () => {
      await onPlace(open, async (place) => {
        for (const path of ['a/2026-11/m', 'a/2026-12/m', 'a/2026-12/claims/x', 'a/z', 'ab/m', 'a/2025/m']) {
          await place.create(path, bytes(path))
        }
        assert.deepEqual(await place.list('a/'), ['2025/', '2026-11/', '2026-12/', 'z'])
        assert.deepEqual(await place.list('a/', '2026-11'), ['2026-11/', '2026-12/', 'z'])
        assert.deepEqual(await place.list('a/', '2026-12'), ['2026-12/', 'z'])
        assert.deepEqual(await place.list('a/2026-12'), ['claims/', 'm'])
        assert.deepEqual(await place.list(''), ['a/', 'ab/'])
      })
    })
  })
}

describe('an archive that cannot be used', () => {
  it('says so of a directory that cannot be one', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'archive-'))
    try {
      await writeFile(join(directory, 'file'), '')
      const place = new DirectoryPlace(join(directory, 'file'))
      await assert.rejects(place.create('a/b', bytes('x')), (error) => {
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
      await assert.rejects(new BucketPlace(google, 'nowhere', '').create('a', bytes('x')), (error) => {
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
      const place = new DirectoryPlace(directory)
      await place.create('a/x', bytes('one'))
      await place.create('a/x', bytes('two'))
      assert.deepEqual(await readdir(join(directory, 'a')), ['x'])
      await writeFile(join(directory, 'a', '.lost.part'), 'half')
      assert.deepEqual(await place.list('a/'), ['x'])
    } finally {
      await rm(directory, { recursive: true })
    }
  })
})
