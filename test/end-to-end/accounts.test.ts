import assert from 'node:assert/strict'
import { keysOf } from '../../src/history/judged-run.js'
import type { KeyRecord } from '../../src/records/key-record.js'
import { attempt } from '../program.js'
import { delivered, inDirectory, runAt, worldOf } from './remembered.js'
import { acme, NOW, onStage } from './stage.js'

const BOT = 'bot@gemini-1.iam.gserviceaccount.com'
const DAYS = ['23', '24', '25']

/** Of each auth key of the sample organization: the state of its account, how far that reaches, its keys, its project. */
const SAMPLE: Readonly<Record<string, string>> = {
  'Release notes writer (auth)': 'active gemini-only 1 acme-platform',
  'AI Studio key': 'active gemini-only 1 sandbox-alice',
  'Chat assistant (auth)': 'active owner 1 acme-web',
  'Agents (auth)': 'active broad 1 acme-research',
  'Case notes': 'active unknown 1 acme-fraud',
  'Dunning letters (auth)': 'disabled gemini-only 1 acme-billing',
  'Relevance judge': 'missing gemini-only 1 acme-search',
  'Notebook (auth)': 'active gemini-only 1 acme-notebooks',
  'Nightly evaluation (auth)': 'active narrow 2 acme-evals',
  'Embeddings (auth)': 'active narrow 2 acme-evals',
}

describe('the account of an auth key', () => {
  it('is of every kind once in the sample organization, and no gap', async () => {
    await onStage(await acme(), async ({ env }) => {
      const { run } = await attempt({ flags: {}, env }, { now: () => NOW, deliver: false })
      assert.ok(run.kind === 'judged')
      const found: Record<string, string> = {}
      for await (const { key, account } of keysOf(run)) {
        if (account === undefined) continue
        const { state, reach, keys, project } = account
        found[key.displayName ?? ''] = `${state} ${reach} ${keys} ${project}`
        if (key.displayName === 'Notebook (auth)') assert.match(account.email, /-compute@/)
        if (key.displayName === 'Embeddings (auth)') assert.equal(key.project.id, 'acme-rag-lab')
      }
      assert.deepEqual(found, SAMPLE)
      assert.equal(run.record.coverage.gaps.accounts, 0)
    })
  })

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
