import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { main } from '../program.js'
import { digestsIn, inDirectory, worldOf } from './remembered.js'
import { onStage, recordsIn } from './stage.js'

const KEYS = '[{id: one, name: One, created: 400d ago}]'
const world = () =>
  worldOf(KEYS, { tokens: '[{token: xoxb-1-a, scopes: [chat:write, files:write, channels:history]}]' })

const nowhere = () => new Writable({ write: (_chunk, _encoding, done) => done() })

/** One attempt at an execution of the job, as the container's command runs it; its exit status. */
async function attemptAt(
  time: string,
  env: Readonly<Record<string, string>>,
  execution: string,
  attempt: number,
): Promise<number> {
  return main(['audit', '--deliver', '--quiet'], {
    out: nowhere(),
    err: nowhere(),
    now: () => new Date(time),
    env: { ...env, CLOUD_RUN_EXECUTION: execution, CLOUD_RUN_TASK_ATTEMPT: String(attempt) },
  })
}

describe('the Cloud Run job', () => {
  it('goes on with the run of its execution when it is attempted again, hours later', async () => {
    await inDirectory((AUDIT_ARCHIVE) =>
      onStage(world(), async ({ simulator, env }) => {
        const settings = { ...env, AUDIT_ARCHIVE }
        const first = { ...settings, SLACK_BOT_TOKEN: 'xoxb-1-revoked' }
        assert.equal(await attemptAt('2026-11-23T07:00:03Z', first, 'audit-abc12', 0), 1)
        assert.deepEqual(digestsIn(simulator), [])
        assert.equal(await attemptAt('2026-11-23T19:30:00Z', settings, 'audit-abc12', 1), 0)
        assert.equal(await attemptAt('2026-11-23T19:40:00Z', settings, 'audit-abc12', 2), 0)
        assert.equal(digestsIn(simulator).length, 1)
        const runs = new Set(recordsIn(simulator, 'run').map(({ run }) => run))
        assert.deepEqual([...runs], ['2026-11-23T07:00:03Z'])
        const terminal = { out: nowhere(), err: nowhere(), now: () => new Date('2026-11-23T20:00:00Z') }
        assert.equal(await main(['verify', '--archive', AUDIT_ARCHIVE], { ...terminal, env: settings }), 0)
      }),
    )
  })

  it('reads nothing again for what its first attempt has judged', async () => {
    await inDirectory((AUDIT_ARCHIVE) =>
      onStage(world(), async ({ simulator, env }) => {
        const settings = { ...env, AUDIT_ARCHIVE }
        await attemptAt(
          '2026-11-23T07:00:03Z',
          { ...settings, SLACK_BOT_TOKEN: 'xoxb-1-revoked' },
          'audit-a',
          0,
        )
        const read = simulator.requests.get('apikeys.keys.list')
        assert.ok(read)
        await attemptAt('2026-11-23T09:00:00Z', settings, 'audit-a', 1)
        assert.equal(simulator.requests.get('apikeys.keys.list'), read)
      }),
    )
  })

  it('is another run in another execution', async () => {
    await inDirectory((AUDIT_ARCHIVE) =>
      onStage(world(), async ({ simulator, env }) => {
        const settings = { ...env, AUDIT_ARCHIVE }
        assert.equal(await attemptAt('2026-11-23T07:00:03Z', settings, 'audit-a', 0), 0)
        assert.equal(await attemptAt('2026-11-23T15:00:02Z', settings, 'audit-b', 0), 0)
        const runs = recordsIn(simulator, 'run').map(({ run }) => run)
        assert.deepEqual([...new Set(runs)], ['2026-11-23T07:00:03Z', '2026-11-23T15:00:02Z'])
      }),
    )
  })

  it('passes over a beginning that cannot be one, and begins by itself', async () => {
    for (const content of ['no JSON', '{"began": "yesterday"}', '{"began": "2026-11-01T07:00:00.000Z"}']) {
      await inDirectory((AUDIT_ARCHIVE) =>
        onStage(world(), async ({ simulator, env }) => {
          const settings = { ...env, AUDIT_ARCHIVE, AUDIT_NAME: 'small' }
          const folder = join(AUDIT_ARCHIVE, 'small', 'executions')
          mkdirSync(folder, { recursive: true })
          writeFileSync(join(folder, 'audit-a.json'), content)
          assert.equal(await attemptAt('2026-11-23T07:00:03Z', settings, 'audit-a', 1), 0)
          const terminal = { out: nowhere(), err: nowhere(), now: () => new Date('2026-11-23T08:00:00Z') }
          const isForeign = !content.includes('2026')
          const verified = await main(['verify', '--archive', AUDIT_ARCHIVE], { ...terminal, env: settings })
          assert.equal(verified, isForeign ? 3 : 0)
          assert.deepEqual(
            recordsIn(simulator, 'run').map(({ run }) => run),
            ['2026-11-23T07:00:03Z'],
          )
        }),
      )
    }
  })

  it('leaves nothing where it is no job, or delivers nothing', async () => {
    await inDirectory((AUDIT_ARCHIVE) =>
      onStage(world(), async ({ env }) => {
        const settings = { ...env, AUDIT_ARCHIVE, AUDIT_NAME: 'small', CLOUD_RUN_TASK_ATTEMPT: '0' }
        const terminal = { out: nowhere(), err: nowhere(), now: () => new Date('2026-11-23T07:00:00Z') }
        assert.equal(await main(['audit', '--deliver'], { ...terminal, env: settings }), 0)
        const job = { ...settings, CLOUD_RUN_EXECUTION: 'audit-a' }
        assert.equal(await main(['audit'], { ...terminal, env: job }), 0)
        assert.deepEqual(readdirSync(join(AUDIT_ARCHIVE, 'small')), ['runs'])
      }),
    )
  })
})
