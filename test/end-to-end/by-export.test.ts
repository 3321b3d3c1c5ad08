import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Gate } from '../../simulator/wire/call.js'
import { openWorld } from '../../simulator/world/file.js'
import type { World } from '../../simulator/world/world.js'
import type { KeyRecord } from '../../src/records/key-record.js'
import type { JudgedRunRecord } from '../../src/records/run-record.js'
import { main } from '../program.js'
import { Text } from '../text.js'
import { ACME_POLICY, acme, callFunction, NOW, onStage, recordsIn, type Stage } from './stage.js'

interface Audited {
  readonly status: number
  readonly err: string
  readonly run: JudgedRunRecord
  readonly keys: readonly KeyRecord[]
}

const EXPORT = ['--inventory', 'export', '--export', 'gs://exports/daily']

async function audited(env: Stage['env'], args: readonly string[]): Promise<Audited> {
  const [out, err] = [new Text(), new Text()]
  const status = await main(['audit', '--format', 'json', ...args], { out, err, env, now: () => NOW })
  return { status, err: err.text, ...JSON.parse(out.text || '{}') }
}

/**
 * What is said of each key, apart from when it was read and what depends on the way of reading: project by
 * project nobody asks whether the API is on for the sake of deleted keys alone, which no rule applies to.
 */
function verdicts({ keys }: Audited): readonly string[] {
  return keys
    .map(({ key, verdict, findings, geminiAccess, dormant }) =>
      JSON.stringify([key.name, verdict, findings, dormant, verdict === 'deleted' ? '' : geminiAccess]),
    )
    .sort()
}

function withBucket(world: World): World {
  return { ...world, buckets: [...world.buckets, { name: 'exports', retention: 0, isLocked: false }] }
}

const anySize = fc.record({
  keys: fc.integer({ min: 1, max: 60 }),
  projects: fc.integer({ min: 2, max: 9 }),
  gemini: fc.integer({ min: 0, max: 2 }),
  auth: fc.integer({ min: 0, max: 100 }),
  seed: fc.integer({ min: 1, max: 1_000_000 }),
})

describe('an audit by export', () => {
  it('says of any organization what the other ways of reading say', async () => {
    await fc.assert(
      fc.asyncProperty(anySize, fc.integer({ min: 1, max: 20 }), async (size, linesInFile) => {
        const name = `generated:${Object.entries(size).map(([name, value]) => `${name}=${value}`)}`
        const world = withBucket(await openWorld(name, new Date('2026-11-23T07:00:00Z')))
        await onStage(
          world,
          async ({ env, simulator }) => {
            const byAssets = verdicts(await audited(env, ['--inventory', 'assets']))
            const byProjects = verdicts(await audited(env, ['--inventory', 'projects']))
            assert.equal(simulator.requests.get('cloudasset.exportAssets'), undefined)
            const listings = simulator.requests.get('cloudasset.assets.list')
            const byExport = verdicts(await audited(env, EXPORT))
            assert.equal(simulator.requests.get('cloudasset.assets.list'), listings)
            assert.deepEqual(byExport, byAssets)
            assert.deepEqual(byExport, byProjects)
            assert.equal(byExport.length, size.keys)
          },
          { exporting: { linesInFile } },
        )
      }),
      { numRuns: 6 },
    )
  })

  it('says of the sample organization what a listing says, with the moment and the way', async () => {
    await onStage(withBucket(await acme()), async ({ env, simulator }) => {
      const policy = ['--policy', ACME_POLICY]
      const listed = await audited(env, policy)
      const exported = await audited(env, [...EXPORT, ...policy])
      assert.equal(exported.status, 0)
      assert.deepEqual(verdicts(exported), verdicts(listed))
      assert.deepEqual(exported.run.counts, listed.run.counts)
      const reading = exported.run.coverage.reading?.join('\n') ?? ''
      assert.match(reading, /^The assets of organizations\/\d+ were exported as of 2026-11-23T07:00:00/m)
      assert.deepEqual(simulator.buckets.get('exports')?.list(), [])
      const inventoried = exported.keys.filter(({ evidence }) => evidence.key.from === 'assets')
      assert.ok(inventoried.length > 10)
    })
  })

  it('is one run of the function, named in the run record; two runs use two folders', async () => {
    const folders = new Set<string>()
    const watching: Gate = (call, answer) => {
      if (call.operation === 'cloudasset.exportAssets') {
        const { outputConfig } = JSON.parse(call.body.toString())
        folders.add(outputConfig.gcsDestination.uriPrefix)
      }
      return answer()
    }
    await onStage(
      withBucket(await acme()),
      async ({ env, simulator }) => {
        const settings = { ...env, AUDIT_INVENTORY: 'export', AUDIT_EXPORT: 'gs://exports/daily/' }
        assert.equal((await callFunction(settings)).status, 200)
        assert.equal((await callFunction(settings)).status, 200)
        const [run] = recordsIn(simulator, 'run')
        assert.match(run.coverage.reading.join(), /were exported as of/)
      },
      { gates: [watching] },
    )
    assert.equal(folders.size, 2)
    for (const folder of folders) {
      assert.match(folder, /^gs:\/\/exports\/daily\/20\d{6}T\d{6,9}Z-[0-9a-f]{8}\/organizations-\d+\/1$/)
    }
  })

  it('goes on by the listing where it may not export, and says what to grant', async () => {
    const world = withBucket(await acme())
    const below = `organizations/${world.organization.number}`
    const denied = [...world.denied, { read: 'exports', below, reason: 'denied' } as const]
    await onStage({ ...world, denied }, async ({ env }) => {
      const { status, run } = await audited(env, EXPORT)
      assert.equal(status, 0)
      assert.match(
        run.coverage.reading?.join() ?? '',
        /listed page by page instead\. To export: grant a role that holds cloudasset\.assets\.exportResource/,
      )
    })
  })

  const wrong: readonly [string, string[], RegExp][] = [
    [
      'without a place',
      ['--inventory', 'export'],
      /AUDIT_EXPORT \(--export\) is needed with AUDIT_INVENTORY=export: gs:/,
    ],
    [
      'to a directory',
      ['--inventory', 'export', '--export', './x'],
      /AUDIT_EXPORT \(--export\) must be gs:\/\/BUCKET\/PREFIX/,
    ],
    [
      'into the archive',
      [...EXPORT, '--archive', 'gs://exports/daily/archive'],
      /must not overlap with AUDIT_ARCHIVE/,
    ],
  ]
  for (const [what, args, message] of wrong) {
    it(`ends with 2 ${what}, before anything is asked`, async () => {
      await onStage(withBucket(await acme()), async ({ env, simulator }) => {
        const { status, err } = await audited(env, args)
        assert.equal(status, 2)
        assert.match(err, message)
        assert.equal(simulator.requests.size, 0)
      })
    })
  }
})
