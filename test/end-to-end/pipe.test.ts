import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { attempt } from '../program.js'
import { onStage, smallWorld, UNCOVERED } from './stage.js'

describe('the command in a pipe that is closed early', () => {
  it('keeps its exit status', async () => {
    await onStage(smallWorld('[{id: one, name: One, created: 400d ago}]'), async ({ env }) => {
      const child = spawn(
        process.execPath,
        ['dist/cli.js', 'audit', '--fail-on', 'overdue', '--format', 'csv'],
        {
          env: { ...process.env, ...env, ...UNCOVERED },
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      )
      child.stdout.destroy()
      const [code] = await once(child, 'exit')
      assert.equal(code, 3)
    })
  })
})

describe('a simulator whose address is wrong', () => {
  it('is no reason to write to Google instead', async () => {
    const env = { AUDIT_SCOPE: 'projects/1', GOOGLE_API_URL: 'http://simulator:8085' }
    const { run, undelivered } = await attempt({ flags: {}, env }, { now: () => new Date(), deliver: true })
    assert.equal(run.kind, 'failed')
    assert.deepEqual(undelivered, [])
  })
})
