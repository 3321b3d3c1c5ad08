import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import * as fc from 'fast-check'
import { exportedFiles } from '../../../simulator/google/exported-file.js'
import type { Simulator } from '../../../simulator/simulator.js'
import { crc32c } from '../../../simulator/storage/crc32c.js'
import { shelfOf } from '../../../simulator/wire/pages.js'
import { type Ask, posting, SMALL, simulated } from '../simulated.js'

const KEY = 'apikeys.googleapis.com/Key'
const EXPORT = '/v1/organizations/9:exportAssets'

function request(uriPrefix: string, more: object = {}): RequestInit {
  const outputConfig = { gcsDestination: { uriPrefix } }
  return posting({ assetTypes: [KEY], contentType: 'RESOURCE', outputConfig, ...more })
}

/** Looks at an operation until it is done. */
async function finished(ask: Ask, name: string) {
  for (;;) {
    const { body } = await ask(`/v1/${name}`)
    if (body.done) return body
    await sleep(1)
  }
}

function linesOf({ buckets }: Simulator, name: string) {
  const text = buckets.get('archive')?.get(name).content.subarray().toString() ?? ''
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}

describe('an export of assets', () => {
  it('writes a line of JSON for each asset, in the names of the protocol buffers', async () => {
    await simulated(SMALL, async (ask, simulator) => {
      const { body } = await ask(EXPORT, request('gs://archive/a/b'))
      assert.match(body.name, /^organizations\/9\/operations\/ExportAssets\/RESOURCE\/[0-9a-f]{32}$/)
      assert.equal(body.done, undefined)
      const { response } = await finished(ask, body.name)
      assert.equal(response.readTime, '2026-11-23T07:00:00Z')
      assert.deepEqual(response.outputResult.gcsResult.uris, [`gs://archive/a/b/${KEY}/0`])
      const lines = linesOf(simulator, `a/b/${KEY}/0`)
      assert.deepEqual(
        lines.map(({ resource }) => resource.data.displayName),
        ['Chat', 'Maps', 'Bound', 'Gone', 'Vanished'],
      )
      assert.deepEqual(Object.keys(lines[0]), ['name', 'asset_type', 'resource', 'ancestors', 'update_time'])
      assert.equal(lines[0].resource.discovery_name, 'V2Key')
    })
  })

  it('is done after so many looks, not before', async () => {
    await simulated(
      SMALL,
      async (ask, { buckets }) => {
        const { body } = await ask(EXPORT, request('gs://archive/a'))
        while (buckets.get('archive')?.list().length === 0) await sleep(1)
        const looks = []
        for (let look = 0; look < 4; look += 1) looks.push((await ask(`/v1/${body.name}`)).body.done)
        assert.deepEqual(looks, [undefined, undefined, true, true])
      },
      { exporting: { polls: 3 } },
    )
  })

  it('cuts a type into files and gives each type its own', async () => {
    await simulated(
      SMALL,
      async (ask) => {
        const { body } = await ask(EXPORT, request('gs://archive/a', { assetTypes: ['.*/(Key|Project)'] }))
        const { response } = await finished(ask, body.name)
        assert.deepEqual(
          response.outputResult.gcsResult.uris.map((uri: string) => uri.replace(/^gs:\/\/archive\/a\//, '')),
          [0, 1].map((number) => `cloudresourcemanager.googleapis.com/Project/${number}`).concat(`${KEY}/0`),
        )
      },
      { exporting: { linesInFile: 2 } },
    )
  })

  it('leaves the resource out where only names are asked for', async () => {
    await simulated(SMALL, async (ask, simulator) => {
      const { body } = await ask(EXPORT, request('gs://archive/a', { contentType: undefined }))
      await finished(ask, body.name)
      assert.equal('resource' in linesOf(simulator, `a/${KEY}/0`)[0], false)
    })
  })

  const refused: readonly [string, string, number, string, string][] = [
    ['a bucket that is not there', 'gs://nowhere/a', 403, '', ''],
    ['a bucket with a retention policy', 'gs://locked/a', 400, '', ''],
    ['no prefix', 'gs://archive', 400, '', ''],
    ['a denied export', 'gs://archive/a', 403, '{read: exports}', 'cloudasset.assets.exportResource'],
    ['a denied bucket', 'gs://archive/a', 403, '{read: storage}', 'storage.objects.create'],
  ]
  for (const [what, prefix, status, denied, permission] of refused) {
    it(`is refused for ${what}`, async () => {
      await simulated(`${SMALL}\ndenied: [${denied}]`, async (ask) => {
        const answer = await ask(EXPORT, request(prefix))
        assert.equal(answer.status, status)
        assert.ok(answer.body.error.message.includes(permission))
      })
    })
  }

  it('is refused to a place that another one is writing to, or that holds an object', async () => {
    await simulated(SMALL, async (ask, { buckets }) => {
      const first = await ask(EXPORT, request('gs://archive/a'))
      assert.equal((await ask(EXPORT, request('gs://archive/a'))).status, 400)
      await finished(ask, first.body.name)
      assert.equal((await ask(EXPORT, request('gs://archive/a'))).status, 200)
      const object = { name: 'b', content: Buffer.from(''), contentType: 'text/plain', metadata: {} }
      buckets.get('archive')?.insert(object)
      assert.equal((await ask(EXPORT, request('gs://archive/b'))).status, 400)
    })
  })

  it('knows its own operations only', async () => {
    await simulated(SMALL, async (ask) => {
      assert.equal((await ask('/v1/organizations/9/operations/ExportAssets/RESOURCE/0')).status, 404)
    })
  })
})

describe('a file that is made when it is read', () => {
  it('has the same bytes, length and checksum from any offset on', async () => {
    const lines = fc.array(fc.string({ unit: 'binary', maxLength: 40_000 }), { minLength: 1, maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(
        lines,
        fc.integer({ min: 1, max: 15 }),
        fc.nat(),
        fc.nat(),
        async (lines, each, one, two) => {
          const files = await exportedFiles(shelfOf(lines), each)
          const whole = lines.map((line) => `${line}\n`).join('')
          const contents = files.map(({ content }) => content.subarray())
          assert.equal(Buffer.concat(contents).toString('hex'), Buffer.from(whole).toString('hex'))
          assert.equal(files.length, Math.ceil(lines.length / each))
          for (const [at, { content, crc32c: checksum }] of files.entries()) {
            const bytes = contents[at] ?? Buffer.alloc(0)
            assert.deepEqual([content.length, checksum], [bytes.length, crc32c(bytes)])
            const [from = 0, to = 0] = [one % bytes.length, two % bytes.length].sort(
              (left, right) => left - right,
            )
            assert.ok(content.subarray(from, to).equals(bytes.subarray(from, to)))
          }
        },
      ),
      { numRuns: 30 },
    )
  })
})
