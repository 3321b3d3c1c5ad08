import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { inDirectory, worldOf } from './remembered.js'
import { onStage, UNCOVERED } from './stage.js'

const KEYS = '[{id: one, name: One, created: 400d ago}, {id: two, name: Two, created: 400d ago}]'
const ATTEMPTS = new URL('many-attempts.ts', import.meta.url)

/** What each run left behind. */
interface Left {
  readonly objects: number
  readonly controllers: number
  readonly listeners: number
}

/** What a process that makes many runs says of them before it ends. */
async function leftByRuns(env: Record<string, string>): Promise<Record<'withoutLog' | 'withLog', Left>> {
  const child = fork(ATTEMPTS, {
    env: { ...process.env, ...env, ...UNCOVERED },
    execArgv: ['--import', 'tsx', '--no-warnings'],
  })
  const messages: unknown[] = []
  child.on('message', (message) => messages.push(message))
  assert.deepEqual(await once(child, 'exit'), [0, null])
  return messages[0] as Record<'withoutLog' | 'withLog', Left>
}

describe('A process that makes many runs', () => {
  it('keeps neither their time limits, nor listeners, nor the types of an API for each', async () => {
    await inDirectory((directory) =>
      onStage(worldOf(KEYS), async ({ env }) => {
        const { withoutLog, withLog } = await leftByRuns({ ...env, AUDIT_ARCHIVE: directory })
        const counts = JSON.stringify({ withoutLog, withLog })
        assert.ok(withoutLog.controllers < 1, counts) // each time limit has one, and a run has three
        assert.ok(withoutLog.objects < 500, counts)
        // Of each write google-gax keeps a few dozen objects for a minute; the types of Cloud Logging are 3,000.
        assert.ok(withLog.objects < 1500, counts)
        assert.deepEqual([withoutLog.listeners, withLog.listeners], [0, 0], counts)
      }),
    )
  }).timeout(240_000) // eight runs on a machine that is busy with others
})
