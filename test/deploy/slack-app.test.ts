import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { SLACK_METHODS } from '../../src/deliver/slack/trial.js'
import { onStage, smallWorld } from '../end-to-end/stage.js'

const SCOPES = [...new Set<string>(Object.values(SLACK_METHODS).flat())].sort()

describe('the manifest of the Slack app', () => {
  it('asks for the scopes that the calls need, and for no others', () => {
    const { oauth_config: oauth } = parse(readFileSync('deploy/slack-app.yaml', 'utf8'))
    assert.deepEqual(Object.keys(oauth.scopes), ['bot'])
    assert.deepEqual([...oauth.scopes.bot].sort(), SCOPES)
  })
})

describe('the table of Slack’s methods', () => {
  it('has every method that the program calls, and no other', () => {
    const files = ['src/deliver', 'src/doctor'].flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts'))
        .map((file) => readFileSync(join(folder, file), 'utf8')),
    )
    const called = files.flatMap((text) =>
      [...text.matchAll(/\b((?:auth|chat|conversations)\.[a-z]\w+)\(|\.(filesUploadV2)\(/g)].flatMap(
        ([, method, upload]) =>
          upload === undefined
            ? [method ?? '']
            : ['files.getUploadURLExternal', 'files.completeUploadExternal'],
      ),
    )
    assert.deepEqual([...new Set(called)].sort(), Object.keys(SLACK_METHODS).sort())
  })

  for (const [method, scopes] of Object.entries(SLACK_METHODS)) {
    it(`${method} needs ${scopes.join(' or ') || 'nothing but a token'}, as the simulator has it`, async () => {
      const others = SCOPES.filter((scope) => !scopes.some((one) => one === scope))
      const answer = async (granted: readonly string[]) => {
        const world = smallWorld('[]')
        const tokens = [{ token: 'xoxb-1', state: 'active' as const, scopes: [...granted] }]
        let body: { ok?: boolean; error?: string; needed?: string } = {}
        await onStage({ ...world, slack: { ...world.slack, tokens } }, async ({ simulator }) => {
          const response = await fetch(
            `${simulator.slackUrl}${method}${scopes.length === 0 ? '' : '?channel=C0456'}`,
            {
              method: 'POST',
              headers: { authorization: 'Bearer xoxb-1' },
            },
          )
          body = (await response.json()) as typeof body
        })
        return body
      }
      const without = await answer(others)
      if (scopes.length === 0) assert.equal(without.ok, true)
      else assert.deepEqual([without.error, without.needed], ['missing_scope', scopes.join(',')])
      for (const scope of scopes) assert.notEqual((await answer([scope])).error, 'missing_scope')
    })
  }
})
