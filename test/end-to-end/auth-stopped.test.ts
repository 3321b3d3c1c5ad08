import assert from 'node:assert/strict'
import { digest } from '../../src/report/digest/digest.js'
import { delivered, inDirectory, runAt, worldOf } from './remembered.js'
import { onStage } from './stage.js'

const BOT = 'bot@gemini-1.iam.gserviceaccount.com'
/** An auth key that worked until its account was disabled, beside a standard key, for whose sake calls are read. */
const KEYS = [
  '{name: Old, targets: [generativelanguage], created: 400d ago}',
  `{name: Live, targets: [generativelanguage], created: 100d ago, serviceAccountEmail: ${BOT}, traffic: [{daily: 500, to: 2026-11-22}, {daily: 500, code: 403, from: 2026-11-23}]}`,
]
const WORLD = worldOf(`[${KEYS.join(', ')}]`, {
  more: `serviceAccounts: [{email: ${BOT}, state: disabled}]`,
})

describe('an auth key that stopped working', () => {
  it('is news before overdue keys that nothing calls, with the reason, and once', async () => {
    await inDirectory(async (directory) => {
      const said: string[] = []
      for (const day of ['24', '25']) {
        await onStage(WORLD, async ({ env }) => {
          const run = delivered(await runAt(`2026-11-${day}T07:00:00Z`, { ...env, AUDIT_ARCHIVE: directory }))
          said.push(digest({ ...run, run: run.record }).message.text)
        })
      }
      const [first = '', second = ''] = said
      assert.match(first, /^1 auth key stopped working, 1 overdue and unused\. It is Live in gemini-1 /)
      assert.match(
        first,
        /3,500 calls a week until Nov 22, refused since; cannot work: its account is disabled/,
      )
      assert.doesNotMatch(second, /stopped working/)
    })
  })

  it('is news where keys like it have no record', async () => {
    const world = worldOf(`[${KEYS.join(', ')}]`)
    await onStage(world, async ({ env }) => {
      const run = delivered(await runAt('2026-11-24T07:00:00Z', { ...env, AUDIT_RECORDS: 'relevant' }))
      assert.equal(run.record.counts.hygiene?.['auth-key-account-disabled'], 0)
      assert.match(digest({ ...run, run: run.record }).message.text, /^1 auth key stopped working, /)
    })
  })
})
