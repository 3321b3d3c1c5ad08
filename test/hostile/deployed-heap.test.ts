import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { deployedHeap } from '../../bench/deployed-heap.js'
import { largeWorld } from '../../bench/large/worlds.js'
import { onStage, recordsIn, UNCOVERED } from '../end-to-end/stage.js'

/** Their keys take 28 MB of JSON, more than one answer may have; beside them are five usual projects of three keys. */
const SIZE = { projects: 30, keys: 20, referrers: 300, characters: 160, labels: 0 }
const KEYS = SIZE.projects * SIZE.keys + 5 * 3

describe('Hostile sizes: the heap of the deployment', function () {
  this.timeout(240_000)

  it('holds an audit of 30 projects with 20 keys of 48 kB each, and nothing is missing', async () => {
    assert.match(deployedHeap(), /--max-old-space-size=\d+/)
    const now = () => new Date() // as the audit has it, which is a process of its own
    const world = largeWorld(SIZE, now())
    await onStage(
      world,
      async ({ simulator, env }) => {
        const child = spawn(process.execPath, ['dist/cli.js', 'audit', '--deliver', '--format', 'json'], {
          env: {
            ...process.env,
            ...env,
            ...UNCOVERED,
            NODE_OPTIONS: deployedHeap(),
            AUDIT_INVENTORY: 'auto',
          },
          stdio: 'ignore',
        })
        const [status] = await once(child, 'exit')
        assert.equal(status, 0)
        const [run] = recordsIn(simulator, 'run')
        assert.deepEqual(recordsIn(simulator, 'gap'), [])
        assert.deepEqual([run.coverage.complete, run.counts.keys], [true, KEYS])
        assert.equal(recordsIn(simulator, 'key').length, KEYS)
      },
      { now },
    )
  })
})
