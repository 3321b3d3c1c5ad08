import assert from 'node:assert/strict'
import type { Gate } from '../../simulator/wire/call.js'
import { delivered, digestsIn, inDirectory, runAt, worldOf } from './remembered.js'
import { onStage } from './stage.js'

const MONDAY = '2026-11-23T07:00:00Z'
const KEYS = '[{id: one, name: One, created: 400d ago}]'

/** Carries the first message out and loses its answer, as a crash of the network would. */
function losingFirst(): Gate {
  let messages = 0
  return async (call, answer) => {
    if (call.operation !== 'slack.chat.postMessage') return answer()
    messages += 1
    const outcome = await answer()
    return messages === 1 ? { hangup: 'reset' } : outcome
  }
}

describe('a message whose answer was lost', () => {
  const scopes: [string, string, number][] = [
    ['may not be read', 'chat:write, files:write', 2],
    ['may be read', 'chat:write, files:write, channels:history', 1],
  ]
  for (const [how, granted, digests] of scopes) {
    it(`stands ${digests === 1 ? 'once' : 'twice, marked,'} in a channel that ${how}`, async () => {
      const world = worldOf(KEYS, { tokens: `[{token: xoxb-1-a, scopes: [${granted}]}]` })
      await inDirectory((archive) =>
        onStage(
          world,
          async ({ simulator, env }) => {
            const settings = { ...env, AUDIT_ARCHIVE: archive }
            await runAt(MONDAY, settings)
            delivered(await runAt(MONDAY, settings))
            delivered(await runAt(MONDAY, settings))
            const texts = digestsIn(simulator).map(({ text }) => text.startsWith('Repeated: '))
            assert.deepEqual(texts, [false, true].slice(0, digests))
          },
          { gates: [losingFirst()] },
        ),
      )
    })
  }

  it('is no reason to mark the next attempt when Slack had refused it for certain', async () => {
    const world = worldOf(KEYS, { tokens: '[{token: xoxb-1-a, scopes: [chat:write, files:write]}]' })
    await inDirectory((archive) =>
      onStage(world, async ({ simulator, env }) => {
        const settings = { ...env, AUDIT_ARCHIVE: archive }
        const { undelivered } = await runAt(MONDAY, { ...settings, SLACK_BOT_TOKEN: 'xoxb-1-revoked' })
        assert.equal(undelivered.length, 1)
        delivered(await runAt(MONDAY, settings))
        assert.deepEqual(
          digestsIn(simulator).map(({ text }) => text.startsWith('Repeated: ')),
          [false],
        )
      }),
    )
  })
})
