import assert from 'node:assert/strict'
import { SMALL, simulated } from '../simulated.js'

/** Where a world's log goes, in lines: each sink, each bucket with its days. */
async function configured(log: string): Promise<readonly string[]> {
  const lines: string[] = []
  await simulated(`${SMALL}\nlog: ${log}`, async (ask) => {
    const { sinks } = (await ask('/v2/projects/auditor-home/sinks')).body
    const { buckets } = (await ask('/v2/projects/auditor-home/locations/-/buckets')).body
    for (const { name, exclusions = [] } of sinks)
      lines.push(`${name}${exclusions.length > 0 ? ' without it' : ''}`)
    for (const { name, retentionDays } of buckets) lines.push(`${name.split('/').at(-1)} ${retentionDays}`)
  })
  return lines
}

describe("the configuration of the simulator's log", () => {
  it('sends the log of the audit to a bucket of its own, and keeps it out of _Default', async () => {
    assert.deepEqual(await configured('{retentionDays: 730}'), [
      '_Required',
      '_Default without it',
      'gemini-key-audit',
      '_Required 400',
      '_Default 30',
      'gemini-key-audit 730',
    ])
  })

  it('leaves the log in _Default where a world says so, besides or alone', async () => {
    assert.ok((await configured('{inDefault: true}')).includes('_Default'))
    assert.deepEqual(await configured('{own: null}'), [
      '_Required',
      '_Default',
      '_Required 400',
      '_Default 30',
    ])
  })

  it('is denied by permission', async () => {
    const denied = 'denied: [{permission: logging.sinks.list}]'
    await simulated(`${SMALL}\n${denied}`, async (ask) => {
      assert.equal((await ask('/v2/projects/auditor-home/sinks')).status, 403)
      assert.equal((await ask('/v2/projects/auditor-home/locations/-/buckets')).status, 200)
    })
  })
})
