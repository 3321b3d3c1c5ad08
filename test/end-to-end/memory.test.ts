import assert from 'node:assert/strict'
import { delivered, digestsIn, inDirectory, recordsOfRun, runAt, worldOf } from './remembered.js'
import { onStage, recordsIn } from './surroundings.js'

const MONDAY = '2026-11-23T07:00:00Z'
const TUESDAY = '2026-11-24T07:00:00Z'
const KEYS =
  '[{id: one, name: One, created: 400d ago}, {id: two, name: Two, created: 400d ago, targets: [maps-backend]}]'

/** Every archive of the issue: its kind, and the setting for a directory. */
const ARCHIVES: readonly (readonly [string, (directory: string) => string])[] = [
  ['a directory', (directory) => directory],
  ['a locked bucket', () => 'gs://audits/gemini'],
]

for (const [kind, archive] of ARCHIVES) {
  describe(`a run that is remembered in ${kind}`, () => {
    const onArchive = (
      keys: string,
      use: (stage: Parameters<Parameters<typeof onStage>[1]>[0]) => Promise<void>,
    ) =>
      inDirectory((directory) =>
        onStage(worldOf(keys), ({ simulator, env }) =>
          use({ simulator, env: { ...env, AUDIT_ARCHIVE: archive(directory) } }),
        ),
      )

    it('is delivered once, and a retry reads, writes and posts nothing again', async () => {
      await onArchive(KEYS, async ({ simulator, env }) => {
        const first = delivered(await runAt(MONDAY, env))
        const asked = new Map(simulator.requests)
        const messages = simulator.slackMessages().length
        const again = delivered(await runAt(MONDAY, env))
        assert.deepEqual(again.record, first.record)
        assert.deepEqual(await recordsOfRun(again), await recordsOfRun(first))
        assert.equal(simulator.slackMessages().length, messages)
        const grown = [...simulator.requests].filter(([operation, count]) => asked.get(operation) !== count)
        assert.deepEqual(
          grown.filter(([operation]) => !operation.startsWith('storage.')),
          [],
        )
      })
    })

    it('judges what the world was at first, though it has changed before the retry', async () => {
      await onArchive(KEYS, async ({ simulator, env }) => {
        const broken = { ...env, SLACK_CHANNEL: 'C0NOWHERE' }
        const { undelivered } = await runAt(MONDAY, broken)
        assert.equal(undelivered.length, 1)
        simulator.world = worldOf('[]')
        const { record } = delivered(await runAt(MONDAY, env))
        assert.equal(record.counts.verdict.overdue, 1)
        assert.equal(digestsIn(simulator).length, 1)
        assert.equal(recordsIn(simulator, 'run').length, 1)
      })
    })

    it('is compared with by the next one, and linked to', async () => {
      await onArchive(KEYS, async ({ simulator, env }) => {
        const { record: monday } = delivered(await runAt(MONDAY, env))
        assert.deepEqual([monday.changes.since, monday.previous], [null, undefined])
        simulator.world = worldOf(
          '[{id: one, name: One, created: 400d ago, targets: [maps-backend]}, {id: new, name: New, created: 1d ago}]',
        )
        const { record, ...tuesday } = delivered(await runAt(TUESDAY, env))
        assert.deepEqual(record.changes, {
          since: MONDAY,
          new: 1,
          worse: 0,
          better: 1,
          lost: 0,
          found: 0,
          gone: 1,
          fixed: 1,
          newStandardKeys: 1,
        })
        assert.equal(record.previous?.run, MONDAY)
        const records = await recordsOfRun({ ...tuesday, record })
        const changes = records.flatMap((each) =>
          each.record === 'key'
            ? [[each.key.displayName, each.change, each.changeCause, each.previousVerdict]]
            : [],
        )
        assert.deepEqual(changes.sort(), [
          ['New', 'new', 'key', undefined],
          ['One', 'better', 'key', 'overdue'],
          ['Two', 'gone', 'key', 'not-affected'],
        ])
      })
    })
  })
}
