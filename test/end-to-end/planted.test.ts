import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import type { Simulator } from '../../simulator/simulator.js'
import { createGoogle } from '../../src/google/client.js'
import { RunArchive } from '../../src/history/archive.js'
import type { ArchiveStore } from '../../src/history/archive-store.js'
import { manifestNames } from '../../src/history/names.js'
import { canonical, sha256 } from '../../src/records/canonical.js'
import { storeFor } from '../../src/run/archive-stores.js'
import { main } from '../program.js'
import { instant } from '../report/samples.js'
import { Text } from '../text.js'
import { delivered, digestsIn, inDirectory, runAt, worldOf } from './remembered.js'
import { onStage, recordsIn } from './stage.js'

const [FIRST, SECOND, THIRD] = [
  '2026-11-21T07:00:00Z',
  '2026-11-22T07:00:00Z',
  '2026-11-23T07:00:00Z',
] as const
const KEYS = '[{id: one, uid: uid-one, name: One, created: 400d ago}]'
const KINDS = ['directory', 'bucket'] as const

const folderOf = (run: string) => `small/runs/${run.replaceAll(':', '-')}/`

/** An archive, the program that writes it, and somebody who may only add objects to it. */
interface Scene {
  readonly simulator: Simulator
  readonly env: Record<string, string>
  readonly store: ArchiveStore
  /** A run at its time. */
  readonly run: (time: string) => ReturnType<typeof runAt>
  /** Puts an object there at a time. */
  readonly plant: (time: string, path: string, content: string) => Promise<void>
  readonly verified: (time: string) => Promise<{ readonly status: number; readonly said: string }>
}

async function onScene(kind: (typeof KINDS)[number], use: (scene: Scene) => Promise<void>): Promise<void> {
  let clock = new Date(FIRST)
  const stage =
    (directory: string) =>
    async ({ simulator, env: given }: Pick<Scene, 'simulator' | 'env'>) => {
      const archive = kind === 'bucket' ? 'gs://audits/daily' : directory
      const env = { ...given, AUDIT_ARCHIVE: archive, AUDIT_NAME: 'small' }
      const store = storeFor(archive, createGoogle({ origin: simulator.origin, pace: 'off' }))
      const plant = async (time: string, path: string, content: string) => {
        clock = new Date(time)
        const file = join(directory, path)
        if (kind === 'directory') {
          await mkdir(dirname(file), { recursive: true })
          await writeFile(file, content, { flag: 'wx' })
          return
        }
        const object = { contentType: 'application/json', metadata: {}, content: Buffer.from(content) }
        simulator.buckets
          .get('audits')
          ?.insert({ ...object, name: `daily/${path}` }, { ifGenerationMatch: 0 })
      }
      const run = (time: string) => {
        clock = new Date(time)
        return runAt(time, env)
      }
      const verified = async (time: string) => {
        const [out, err] = [new Text(), new Text()]
        const status = await main(['verify'], { out, err, env, now: () => new Date(time) })
        return { status, said: out.text + err.text }
      }
      await use({ simulator, env, store, run, plant, verified })
    }
  await inDirectory((directory) => onStage(worldOf(KEYS), stage(directory), { now: () => clock }))
}

type Json = Record<string, unknown>

const withDigest = (manifest: Json) => `${canonical({ ...manifest, sha256: sha256(canonical(manifest)) })}\n`

/** The manifest of a run, as one reads it who may read the archive. */
async function manifestIn(store: ArchiveStore, run: string): Promise<Json & { readonly record: Json }> {
  const bytes = await store.read(`${folderOf(run)}manifest.json`)
  const { sha256: _sha256, ...manifest } = JSON.parse(bytes?.toString() ?? '{}')
  return manifest
}

/** A run of another time that fits its folder and its own digest; `record`: what is changed besides. */
function forgedFor(run: string, manifest: Json & { readonly record: Json }, record: Json = {}): string {
  const times = { run, reading: run, startedAt: run, judgedAt: run, asOf: run.slice(0, 10) }
  return withDigest({ ...manifest, run, record: { ...manifest.record, ...times, ...record } })
}

/** What somebody puts under the name of a manifest, and why it does not count. */
const MANIFESTS: readonly (readonly [string, (store: ArchiveStore) => Promise<string>, RegExp])[] = [
  ['that is no JSON', async () => 'x', /it is no JSON object/],
  ['that names a newer format', async () => '{"format":2}', /its digest is not that of its content/],
  ['of a newer format, with its digest', async () => withDigest({ format: 2 }), /it is of format 2/],
  [
    'of yesterday’s run',
    async (store) => withDigest(await manifestIn(store, FIRST)),
    /it is the manifest of small 2026-11-21T07:00:00Z/,
  ],
  [
    'of a run that links to nothing',
    async (store) => forgedFor(SECOND, await manifestIn(store, FIRST)),
    /it does not link to the run 2026-11-21T07:00:00Z before it/,
  ],
  [
    'of a run that links to a record that nobody has',
    async (store) =>
      forgedFor(SECOND, await manifestIn(store, FIRST), {
        previous: { run: FIRST, sha256: 'ab'.repeat(32) },
      }),
    /it links to another run record of 2026-11-21T07:00:00Z than the one that is there/,
  ],
  [
    'whose record is damaged',
    async (store) => forgedFor(SECOND, await manifestIn(store, FIRST), { counts: { strictest: 7 } }),
    /record is not as it was written/,
  ],
]

/** A bucket says when an object was put there, which is enough; a directory does not. */
const BEFORE = /it was put there before its run began/

for (const kind of KINDS) {
  describe(`what is put into the folder of a run before it, in a ${kind}`, () => {
    for (const [what, content, why] of MANIFESTS) {
      it(`neither stops nor stands for the run: a manifest ${what}`, async () => {
        await onScene(kind, async ({ simulator, store, run, plant, verified }) => {
          delivered(await run(FIRST))
          await plant('2026-11-22T06:00:00Z', `${folderOf(SECOND)}manifest.json`, await content(store))
          const { record } = delivered(await run(SECOND))
          assert.equal(record.startedAt, '2026-11-22T07:00:00.000Z')
          assert.equal(record.previous?.run, FIRST)
          const expected = kind === 'bucket' ? BEFORE : why
          assert.match(record.coverage.archive?.join() ?? '', expected)
          assert.ok(record.coverage.archive?.[0]?.includes(`${folderOf(SECOND)}manifest.json`))
          assert.equal(digestsIn(simulator).length, 2)
          delivered(await run(SECOND))
          assert.equal(digestsIn(simulator).length, 2)
          assert.equal(delivered(await run(THIRD)).record.previous?.run, SECOND)
          const { status, said } = await verified(THIRD)
          assert.equal(status, 3)
          assert.match(said, /3 runs whole/)
          const named = said.split('\n').filter((line) => /Does not belong|Broken/.test(line))
          assert.equal(named.length, 1, said)
          assert.match(named[0] ?? '', expected)
        })
      })
    }

    it('leaves the run a name that nobody can take: every one that can be guessed is taken', async () => {
      await onScene(kind, async ({ simulator, store, run, plant }) => {
        delivered(await run(FIRST))
        const guessed = manifestNames('0'.repeat(64))
        for (const name of guessed) await plant('2026-11-22T06:00:00Z', folderOf(SECOND) + name, 'x')
        const { record } = delivered(await run(SECOND))
        const digest = sha256(canonical(record))
        const objects = await store.objects(folderOf(SECOND))
        assert.ok(objects.some(({ path }) => path === `manifest-${digest.slice(0, 16)}.json`))
        assert.equal(digestsIn(simulator).length, 2)
        assert.deepEqual(delivered(await run(THIRD)).record.previous, { run: SECOND, sha256: digest })
      })
    })

    it('is no report of the run: that takes another name, and the one before is named', async () => {
      await onScene(kind, async ({ store, run, plant, verified }) => {
        await plant('2026-11-21T06:00:00Z', `${folderOf(FIRST)}report.html`, 'all clear')
        const { record } = delivered(await run(FIRST))
        const page = await store.read(
          `${folderOf(FIRST)}report-${sha256(canonical(record)).slice(0, 16)}.html`,
        )
        assert.match(page?.toString() ?? '', /^<!doctype html>/)
        const { status, said } = await verified(FIRST)
        assert.equal(status, 3)
        assert.match(said, /Does not belong: .*report\.html: it stood there before the report of its run/)
      })
    })

    it('is no mark that the run was delivered: digest, keys and run record are delivered all the same', async () => {
      await onScene(kind, async ({ simulator, run, plant, verified }) => {
        const mark = JSON.stringify({ at: FIRST, holder: 'mallory' })
        for (const to of ['slack-C0456', 'logging-projects-auditor-1-logs-gemini-key-audit']) {
          for (const claims of ['claims', `claims/${'ab'.repeat(32)}`]) {
            await plant('2026-11-21T06:00:00Z', `${folderOf(FIRST)}${claims}/${to}-1`, mark)
            await plant('2026-11-21T06:00:00Z', `${folderOf(FIRST)}${claims}/${to}-1.done`, mark)
          }
        }
        const { record } = delivered(await run(FIRST))
        assert.equal(digestsIn(simulator).length, 1)
        assert.deepEqual(
          ['key', 'run'].map((kind) => recordsIn(simulator, kind).length),
          [1, 1],
        )
        assert.match(record.coverage.archive?.join() ?? '', /it was there before its run was remembered/)
        assert.match((await verified(FIRST)).said, /Does not belong: .*it is about another run record/)
      })
    })
  })
}

describe('the time at which a bucket took an object', () => {
  it('shows a run that was prepared, whatever it links to, and the real one is delivered', async () => {
    await onScene('bucket', async ({ simulator, store, run, plant }) => {
      const first = delivered(await run(FIRST))
      const previous = { run: FIRST, sha256: sha256(canonical(first.record)) }
      const forged = forgedFor(SECOND, await manifestIn(store, FIRST), { previous })
      await plant('2026-11-22T06:58:00Z', `${folderOf(SECOND)}manifest.json`, forged)
      const { record } = delivered(await run(SECOND))
      assert.match(record.coverage.archive?.join() ?? '', BEFORE)
      assert.equal(digestsIn(simulator).length, 2)
    })
  })

  it('shows a run that was put there afterwards with all its digests: it is backdated', async () => {
    await onScene('bucket', async ({ store, run, plant, verified }) => {
      const first = delivered(await run(FIRST))
      const previous = { run: FIRST, sha256: sha256(canonical(first.record)) }
      const manifest = await manifestIn(store, FIRST)
      const records = (manifest['records'] as { readonly name: string }).name
      const bytes = (await store.read(folderOf(FIRST) + records)) ?? assert.fail()
      await plant(
        '2026-11-23T06:00:00Z',
        `${folderOf(SECOND)}manifest.json`,
        forgedFor(SECOND, manifest, { previous }),
      )
      await store.create(folderOf(SECOND) + records, bytes)
      const { status, said } = await verified('2026-11-23T06:30:00Z')
      assert.equal(status, 3, said)
      assert.match(
        said,
        /The run 2026-11-22T07:00:00Z was put into the archive only 23 hours after it was judged: it is backdated/,
      )
    })
  })
})

describe('an object of a newer format, whose digest fits', () => {
  for (const flags of [[], ['--all']] as const) {
    it(`ends no check: it is named, and the runs are looked at${flags.length > 0 ? ' with --all as well' : ''}`, async () => {
      await onScene('directory', async ({ env, run, plant }) => {
        delivered(await run(FIRST))
        delivered(await run(SECOND))
        await plant(SECOND, `${folderOf('2026-11-21T12:00:00Z')}manifest.json`, withDigest({ format: 2 }))
        const [out, err] = [new Text(), new Text()]
        const now = () => new Date(SECOND)
        const status = await main(['verify', ...flags], { out, err, env, now })
        assert.deepEqual([status, err.text], [3, ''])
        assert.match(out.text, /2 runs whole/)
        assert.match(
          out.text,
          /2026-11-21T12-00-00Z\/manifest\.json: it is of format 2, and this version reads format 1/,
        )
      })
    })
  }
})

describe('a manifest that fits its digest and lies among the newest runs', () => {
  /** Each place gets nothing, and one of the others in turn. */
  const values = ['x', [null], { x: null }]

  /** Each place of a value below objects and lists, as its path. */
  function* placesIn(value: unknown, path: readonly string[] = []): Generator<readonly string[]> {
    if (typeof value !== 'object' || value === null) return
    for (const [name, inner] of Object.entries(value)) {
      yield [...path, name]
      yield* placesIn(inner, [...path, name])
    }
  }

  function changed(manifest: Json, path: readonly string[], value: unknown): Json {
    const copy = structuredClone(manifest)
    let at = copy
    for (const name of path.slice(0, -1)) at = at[name] as Json
    at[path.at(-1) ?? ''] = value
    return copy
  }

  it('is passed over or compared with, whatever one of its values is', async () => {
    await onScene('directory', async ({ store, run }) => {
      for (const time of [FIRST, SECOND]) delivered(await run(time))
      const manifest = await manifestIn(store, SECOND)
      const whole = await contentOf(store)
      const outcomes = { passedOver: 0, compared: 0 }
      for (const [index, path] of [...placesIn(manifest)].entries()) {
        for (const value of [null, values[index % values.length]]) {
          const forged = Buffer.from(withDigest(changed(manifest, path, value)))
          const archive = new RunArchive(
            inMemory(new Map([...whole, [`${folderOf(SECOND)}manifest.json`, forged]])),
          )
          const { baseline, passedOver } = await archive.baseline(NEXT, NEXT.time)
          const isBelieved = baseline?.record.run === SECOND
          assert.equal(passedOver.length > 0, !isBelieved, `${path.join('.')} ${JSON.stringify(value)}`)
          outcomes[isBelieved ? 'compared' : 'passedOver'] += 1
        }
      }
      assert.ok(outcomes.passedOver > 100 && outcomes.compared > 20, JSON.stringify(outcomes))
    })
  })

  const NEXT = { audit: 'small', time: instant(THIRD) }

  async function contentOf(store: ArchiveStore): Promise<ReadonlyMap<string, Buffer>> {
    const objects = await store.objects('small/')
    return new Map(
      await Promise.all(
        objects.map(async ({ path }) => {
          const bytes = (await store.read(`small/${path}`)) ?? assert.fail(path)
          return [`small/${path}`, bytes] as const
        }),
      ),
    )
  }

  /** A store that is only read, without a disk: a thousand archives are looked at. */
  function inMemory(content: ReadonlyMap<string, Buffer>): ArchiveStore {
    const names = [...content.keys()].sort()
    const below = (folder: string) =>
      names.filter((name) => name.startsWith(folder)).map((name) => name.slice(folder.length))
    const nothing = () => Promise.reject(new Error('nothing is written'))
    return {
      name: 'memory',
      create: nothing,
      createLarge: nothing,
      read: async (path) => content.get(path),
      open: async (path) => {
        const bytes = content.get(path)
        return bytes && { size: bytes.length, pieces: () => Readable.from([bytes]) }
      },
      list: async (folder) => [...new Set(below(folder).map((name) => name.replace(/\/.*$/s, '/')))],
      objects: async (folder) =>
        below(folder).map((path) => ({ path, size: content.get(folder + path)?.length ?? 0 })),
    }
  }
})
