import assert from 'node:assert/strict'
import { keysOf } from '../../src/history/judged-run.js'
import type { KeyRecord } from '../../src/records/key-record.js'
import { delivered, inDirectory, runAt, worldOf } from './remembered.js'
import { onStage } from './stage.js'

const BOT = 'bot@gemini-1.iam.gserviceaccount.com'
const DAYS = ['23', '24', '25']

describe('the account of an auth key', () => {
  it('is known on days on which its project is not confirmed, though the inventory never shows it', async () => {
    const world = worldOf(`[{name: Bound, targets: [generativelanguage], serviceAccountEmail: ${BOT}}]`, {
      more: `bindings: [{role: roles/editor, project: gemini-1, members: ["serviceAccount:${BOT}"]}]`,
    })
    await inDirectory(async (directory) => {
      const sources: string[] = []
      for (const day of DAYS) {
        await onStage(world, async ({ env }) => {
          const run = delivered(await runAt(`2026-11-${day}T07:00:00Z`, { ...env, AUDIT_ARCHIVE: directory }))
          const records: KeyRecord[] = []
          for await (const record of keysOf(run)) records.push(record)
          const [{ key, account, evidence } = assert.fail('no key')] = records
          assert.deepEqual([key.serviceAccountEmail, account?.email, account?.reach], [BOT, BOT, 'owner'])
          sources.push(evidence.type.from)
        })
      }
      assert.equal(sources[0], 'keys.list')
      assert.ok(sources.includes('remembered'), `${sources}`)
    })
  })
})
