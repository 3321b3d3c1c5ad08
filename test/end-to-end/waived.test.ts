import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { callFunction, onStage, smallWorld } from './stage.js'

const RULES = ['dormant-key', 'unrestricted-key', 'standard-key']

describe('a policy that switches every rule off', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gemini-key-audit-test-'))
  after(() => rmSync(folder, { recursive: true }))

  it('is no all-clear: the first line names the exempt keys and the rules', async () => {
    const policy = join(folder, 'policy.yaml')
    const off = RULES.map((rule) => `  ${rule}: {date: none, reason: a trial, approved-by: ciso@example.com}`)
    writeFileSync(policy, `deadlines:\n${off.join('\n')}\n`)
    await onStage(smallWorld('[{id: one, name: One, created: 400d ago}]'), async ({ simulator, env }) => {
      const { status, body } = await callFunction({ ...env, AUDIT_POLICY: policy })
      assert.equal(status, 200)
      assert.equal(body.counts.verdict.exempt, 1)
      const [message] = simulator.slackMessages()
      assert.match(
        message?.text ?? '',
        /1 exempt; the policy ignores dormant keys, keys without API restriction and standard keys/,
      )
      assert.match(JSON.stringify(message?.blocks), /3 exceptions in force/)
    })
  })
})
