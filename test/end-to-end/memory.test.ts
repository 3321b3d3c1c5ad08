import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { Simulator } from '../../simulator/simulator.js'
import type { JudgedRun } from '../../src/history/judged-run.js'
import { verify } from '../../src/history/verify.js'
import { attempt } from '../program.js'
import { archiveIn, delivered, digestsIn, inDirectory, recordsOfRun, runAt, worldOf } from './remembered.js'
import { onStage, recordsIn } from './stage.js'

const MONDAY = '2026-11-23T07:00:00Z'
const TUESDAY = '2026-11-24T07:00:00Z'
const ONE = '[{id: one, uid: uid-one, name: One, created: 400d ago}]'
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
          sinceDay: MONDAY.slice(0, 10),
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

describe('what is remembered', () => {
  const onDays = (
    keys: string,
    use: (stage: {
      simulator: Simulator
      env: Record<string, string>
      day: (time: string, more?: Record<string, string>) => Promise<JudgedRun>
    }) => Promise<void>,
    options: Parameters<typeof worldOf>[1] = {},
  ) =>
    inDirectory((directory) =>
      onStage(worldOf(keys, options), ({ simulator, env: settings }) => {
        const env = { ...settings, AUDIT_ARCHIVE: directory }
        return use({
          simulator,
          env,
          day: async (time, more = {}) => delivered(await runAt(time, { ...env, ...more })),
        })
      }),
    )
  const keysOfRun = async (run: JudgedRun) =>
    (await recordsOfRun(run)).flatMap((record) => (record.record === 'key' ? [record] : []))

  it('keeps the keys of a project that cannot be read, and compares them when it is back', async () => {
    await onDays(ONE, async ({ simulator, day }) => {
      await day(MONDAY)
      const { world } = simulator
      const everything = ['keys', 'assets'].map((read) => `{read: ${read}, project: gemini-1}`)
      simulator.world = worldOf(ONE, { more: `denied: [${everything.slice(0, 1).join()}]` })
      const unread = await day(TUESDAY, { AUDIT_INVENTORY: 'projects' })
      assert.deepEqual([unread.record.outcome, unread.record.changes.gone], ['incomplete', 0])
      assert.deepEqual(await keysOfRun(unread), [])
      simulator.world = world
      const [back] = await keysOfRun(await day('2026-11-25T07:00:00Z'))
      assert.deepEqual([back?.change, back?.previousVerdict, back?.firstSeen], ['same', 'overdue', MONDAY])
    })
  })

  it('serves with the type of a key where keys.list is refused, and the record says so', async () => {
    await onDays(ONE, async ({ simulator, day }) => {
      await day(MONDAY)
      simulator.world = worldOf(ONE, { more: 'denied: [{read: keys, project: gemini-1}]' })
      const [key] = await keysOfRun(await day(TUESDAY))
      assert.ok(key !== undefined && 'evidence' in key)
      assert.deepEqual(
        [key.key.type, key.evidence.type.from, key.verdict],
        ['standard', 'remembered', 'overdue'],
      )
      const alone = await day(TUESDAY, { AUDIT_NAME: 'without-memory' })
      assert.equal((await keysOfRun(alone))[0]?.key.type, 'unknown')
    })
  })

  it('holds a line for every key, whatever goes to Cloud Logging, and compares all of them', async () => {
    const restricted = '[{id: one, uid: uid-one, name: One, created: 400d ago, targets: [maps-backend]}]'
    await onDays(restricted, async ({ simulator, day }) => {
      const relevant = { AUDIT_RECORDS: 'relevant' }
      const first = await day(MONDAY, relevant)
      assert.equal(first.record.records.count, 0)
      simulator.world = worldOf(ONE)
      const [key] = await keysOfRun(await day(TUESDAY, relevant))
      assert.deepEqual(
        [key?.change, key?.changeCause, key?.previousVerdict],
        ['worse', 'key', 'not-affected'],
      )
    })
  })

  it('is no run by another day: it is delivered and remembered, and neither a baseline nor a link', async () => {
    await onDays(ONE, async ({ day }) => {
      await day(MONDAY)
      const other = await day('2026-11-23T09:00:00Z', { AUDIT_AS_OF: '2027-06-01' })
      assert.equal(other.record.previous, undefined)
      const { record } = await day(TUESDAY)
      assert.deepEqual([record.changes.since, record.previous?.run], [MONDAY, MONDAY])
    })
  })

  it('has its place in time when it is late, and the chain stays whole', async () => {
    await onDays(ONE, async ({ env, day }) => {
      const twoHoursLater = '2026-11-24T09:00:00Z'
      await day(MONDAY)
      await day(twoHoursLater)
      const retry = { now: () => new Date('2026-11-24T09:30:00Z'), deliver: true, scheduled: TUESDAY }
      const late = delivered(await attempt({ flags: {}, env }, retry))
      const { previous, overtakenBy } = late.record
      assert.deepEqual([previous?.run, overtakenBy?.run], [MONDAY, twoHoursLater])
      const next = await day('2026-11-26T07:00:00Z')
      assert.equal(next.record.previous?.run, twoHoursLater)
      const archive = archiveIn(env['AUDIT_ARCHIVE'] ?? '')
      const { breaks, foreign, runs, notes } = await verify(archive, 'organizations-99', {
        now: next.record.run,
      })
      assert.deepEqual([breaks, foreign, runs.length], [[], [], 4])
      assert.deepEqual(notes.length, 2) // that it is late, and that no link leads to it
    })
  })

  it('is not overtaken by a run that lies in the future, and says that there is one', async () => {
    await onDays(ONE, async ({ day }) => {
      await day(MONDAY)
      await day('2026-11-25T07:00:00Z')
      const { record } = await day(TUESDAY)
      assert.deepEqual([record.previous?.run, record.overtakenBy], [MONDAY, undefined])
      assert.match(
        record.coverage.archive?.join() ?? '',
        /runs\/2026-11-25T07-00-00Z\/ .*its run lies in the future/,
      )
    })
  })

  it('takes reading one earlier run, however many there are', async () => {
    await onDays(ONE, async ({ simulator, env }) => {
      const bucket = { ...env, AUDIT_ARCHIVE: 'gs://audits/many' }
      const reads: number[] = []
      for (let day = 1; day <= 9; day += 1) {
        const before = simulator.requests.get('storage.objects.get') ?? 0
        delivered(await runAt(`2026-11-0${day}T07:00:00Z`, bucket))
        reads.push((simulator.requests.get('storage.objects.get') ?? 0) - before)
      }
      assert.equal(new Set(reads.slice(1)).size, 1)
    })
  })

  it('records the policy when it changes and in the first run of a month', async () => {
    await inDirectory((policies) =>
      onDays(ONE, async ({ day }) => {
        const file = join(policies, 'policy.yaml')
        const recorded = async (time: string, text: string) => {
          await writeFile(file, text)
          const records = await recordsOfRun(await day(time, { AUDIT_POLICY: file }))
          return records.filter(({ record }) => record === 'policy').length
        }
        assert.equal(await recorded('2026-11-28T07:00:00Z', 'dormant-days: 30\n'), 1)
        assert.equal(await recorded('2026-11-29T07:00:00Z', 'dormant-days: 30\n'), 0)
        assert.equal(await recorded('2026-11-30T07:00:00Z', 'dormant-days: 31\n'), 1)
        assert.equal(await recorded('2026-12-01T07:00:00Z', 'dormant-days: 31\n'), 1)
        assert.equal(await recorded('2026-12-02T07:00:00Z', 'dormant-days: 31\n'), 0)
      }),
    )
  })

  it('records the built-in policy where it takes over from a file, and never else', async () => {
    await inDirectory((policies) =>
      onDays(ONE, async ({ day }) => {
        const file = join(policies, 'policy.yaml')
        await writeFile(file, 'dormant-days: 31\n')
        const recorded = async (time: string, env: Readonly<Record<string, string>> = {}) => {
          const run = await day(time, env)
          const records = (await recordsOfRun(run)).filter(({ record }) => record === 'policy')
          return { records, policy: run.record.policy }
        }
        assert.deepEqual((await recorded('2026-11-27T07:00:00Z')).records, [])
        const { records: ofFile } = await recorded('2026-11-28T07:00:00Z', { AUDIT_POLICY: file })
        assert.equal(ofFile.length, 1)
        const { records, policy } = await recorded('2026-11-29T07:00:00Z')
        assert.equal(records.length, 1)
        const [record] = records
        assert.ok(record?.record === 'policy')
        assert.equal(record.source, 'built-in')
        assert.equal(record.sha256, createHash('sha256').update(record.text).digest('hex'))
        const { deadlines, ...rest } = parse(record.text)
        assert.deepEqual(deadlines, policy.deadlines)
        assert.deepEqual(rest, { 'dormant-days': 30 })
        assert.equal(policy.sha256, undefined)
        assert.deepEqual((await recorded('2026-11-30T07:00:00Z')).records, [])
        assert.deepEqual((await recorded('2026-12-01T07:00:00Z')).records, [])
      }),
    )
  })

  it('goes on past an earlier run that was damaged, and says so', async () => {
    await onDays(ONE, async ({ env, day }) => {
      await day(MONDAY)
      await day(TUESDAY)
      const folder = join(env['AUDIT_ARCHIVE'] ?? '', 'organizations-99/runs/2026-11-24T07-00-00Z')
      const name = (await readdir(folder)).find((file) => file.startsWith('records-')) ?? ''
      await writeFile(join(folder, name), 'x')
      const { record } = await day('2026-11-25T07:00:00Z')
      assert.deepEqual([record.changes.since, record.previous?.run], [MONDAY, TUESDAY])
      const [passed = '', ...others] = record.coverage.archive ?? []
      assert.match(passed, /2026-11-24T07-00-00Z\/records-.*its digest is not that of its manifest/)
      assert.deepEqual(others, [])
    })
  })

  it('remembers the last accepted call longer than Cloud Monitoring does', async () => {
    const used =
      '[{id: one, uid: uid-one, name: One, created: 400d ago, traffic: [{from: 10d ago, to: 5d ago, daily: 3}]}]'
    await onDays(used, async ({ simulator, day }) => {
      const [first] = await keysOfRun(await day(MONDAY))
      assert.ok(first !== undefined && 'usage' in first && !('unknown' in first.usage))
      const { lastAccepted } = first.usage.gemini
      assert.ok(lastAccepted !== undefined)
      simulator.world = worldOf(ONE)
      const [later] = await keysOfRun(await day(TUESDAY))
      assert.ok(later !== undefined && 'usage' in later && !('unknown' in later.usage))
      assert.deepEqual(
        [later.usage.gemini.lastAccepted, later.usage.gemini.lastAcceptedSeen],
        [undefined, lastAccepted],
      )
      simulator.world = worldOf(ONE, { more: 'denied: [{read: traffic, project: gemini-1}]' })
      const [unread] = await keysOfRun(await day('2026-11-25T07:00:00Z'))
      assert.ok(unread !== undefined && 'usage' in unread && 'unknown' in unread.usage)
      assert.equal(unread.usage.lastAcceptedSeen, lastAccepted)
    })
  })

  it('has no place for a run whose archive fails, which is reported as failed', async () => {
    await onDays(ONE, async ({ simulator, env }) => {
      const { run, undelivered } = await runAt(MONDAY, { ...env, AUDIT_ARCHIVE: 'gs://nowhere/x' })
      assert.deepEqual(undelivered, [])
      assert.ok(run.kind === 'failed')
      assert.match(run.record.error, /gs:\/\/nowhere\/x.*failed/)
      assert.equal(recordsIn(simulator, 'run')[0].outcome, 'failed')
      assert.equal(digestsIn(simulator).length, 1)
    })
  })
})
