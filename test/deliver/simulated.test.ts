import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { OAuth2Client } from 'google-auth-library'
import { type Simulator, startSimulator } from '../../simulator/simulator.js'
import { RecordLog } from '../../src/deliver/logging.js'
import { SlackChannel, type SlackPost } from '../../src/deliver/slack/channel.js'
import type { JudgedKey } from '../../src/policy/judgement-types.js'
import { entryOf } from '../../src/records/entries.js'
import { keyRecord } from '../../src/records/key-record.js'
import { failedRunRecord } from '../../src/records/run-record.js'
import { byUrgency } from '../../src/records/urgency.js'
import { csv } from '../../src/report/csv.js'
import { digest, failedDigest } from '../../src/report/digest/digest.js'
import { affectedOf } from '../affected.js'
import {
  FACTS,
  GAP,
  gathered,
  judged,
  KEY,
  NO_POLICY,
  PROJECT,
  RUN,
  record,
  runOf,
} from '../report/samples.js'
import { worldOf } from '../simulator/simulated.js'

const WORLD = worldOf(`
organization: {number: "9"}
projects: [{id: acme-audit, number: "77"}]
slack:
  channels: [{id: C0456, name: security}, {id: C0459, name: elsewhere, member: false}]
  tokens:
    - {token: xoxb-all, scopes: ['chat:write', 'files:write', 'channels:history']}
    - {token: xoxb-no-files, scopes: ['chat:write']}
    - {token: xoxb-gone, scopes: ['chat:write'], state: account_inactive}
`)

describe('deliveries to the simulator', () => {
  let simulator: Simulator
  before(async () => {
    simulator = await startSimulator({ world: WORLD, enforce: { slackArguments: true } })
  })
  after(() => simulator.stop())

  const channel = (token = 'xoxb-all', id = 'C0456') =>
    new SlackChannel({ token, channel: id, url: simulator.slackUrl, wait: async () => undefined })

  async function postOf(keys: readonly JudgedKey[], gaps = [GAP]): Promise<SlackPost> {
    const affected = keys.map((key) => keyRecord(key, RUN)).sort(byUrgency)
    const messages = digest({
      run: runOf(keys, gaps),
      affected: affectedOf(affected),
      gaps: gathered(gaps).records(RUN),
      policy: NO_POLICY,
    })
    let content = ''
    for await (const part of csv(affected)) content += part
    const file = { name: 'keys.csv', title: `${keys.length} keys`, content }
    return { audit: RUN.audit, run: RUN.time, tells: 'digest', sha256: 'ab'.repeat(32), ...messages, file }
  }

  it('a digest, its thread and its file are in their places', async () => {
    const before = simulator.slackMessages().length
    const post = await postOf(Array.from({ length: 30 }, (_none, index) => keyOf(`Key ${index}`, `${index}`)))
    const { ts, problems } = await channel().post(post)
    assert.deepEqual(problems, [])
    const [message, ...replies] = simulator.slackMessages().slice(before)
    assert.equal(message?.ts, ts)
    assert.ok(message?.blocks.some(({ type }) => type === 'table'))
    assert.equal(replies.filter(({ files }) => files.length === 0).length, post.thread.length)
    assert.ok(replies.every(({ threadTs }) => threadTs === ts))
    const [file] = simulator.slackFiles().slice(-1)
    assert.equal(file?.content.toString('utf8'), post.file?.content)
    assert.equal(await channel().find(post), ts)
  })

  it('a failed audit is reported once', async () => {
    const tool = { name: 'gemini-key-audit', version: '0.1.0' }
    const reason = 'Listing the assets failed: no right'
    const messages = failedDigest(failedRunRecord(RUN, RUN.reading, reason, tool), {
      failure: { code: 'IAM_PERMISSION_DENIED', reason, problems: [] },
    })
    const post: SlackPost = {
      audit: RUN.audit,
      run: RUN.time,
      tells: 'failure',
      sha256: 'ab'.repeat(32),
      ...messages,
    }
    const first = await channel().post(post)
    assert.equal((await channel().post(post)).ts, first.ts)
  })

  it('Slack’s refusals are reported', async () => {
    const post = await postOf([])
    await assert.rejects(channel('xoxb-all', 'C0459').post(post), /not_in_channel/)
    await assert.rejects(channel('xoxb-all', 'C9999').post(post), /channel_not_found/)
    await assert.rejects(channel('xoxb-gone').post(post), /account_inactive/)
    await assert.rejects(channel('xoxb-wrong').post(post), /invalid_auth/)
    const { problems } = await channel('xoxb-no-files').post(post)
    assert.match(problems[0]?.message ?? '', /lacks the scope files:write/)
  })

  it('every digest is taken as it is, whatever the keys are called', async () => {
    const name = fc
      .record({ unit: fc.string({ unit: 'binary', maxLength: 20 }), times: fc.constantFrom(1, 1, 500) })
      .map(({ unit, times }) => unit.repeat(times))
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(name, name), { minLength: 1, maxLength: 15 }), async (names) => {
        const post = await postOf(names.map(([displayName, project]) => keyOf(displayName, project)))
        for (const message of [post.message, ...post.thread]) {
          for (const blocks of [message.blocks, message.plain]) {
            const posted = await channel().post({ ...post, message: { ...message, blocks }, thread: [] })
            assert.deepEqual(posted.problems, [])
            assert.deepEqual(
              simulator.slackMessages().findLast((one) => one.ts === posted.ts)?.blocks,
              blocks,
            )
          }
        }
      }),
      { numRuns: 8 },
    )
  })

  it('every record is in the log once, however often it is written', async () => {
    const authClient = new OAuth2Client()
    authClient.setCredentials({ access_token: 'simulated', expiry_date: Date.now() + 3_600_000 })
    const log = new RecordLog({
      project: 'acme-audit',
      logName: 'gemini-key-audit',
      authClient,
      origin: simulator.origin,
    })
    const entries = Array.from({ length: 600 }, (_none, index) => entryOf(record({ uid: `uid-${index}` })))
    assert.equal(await log.write(entries), 600)
    assert.equal(await log.write(entries.slice(0, 10)), 10)
    const logged = simulator.logEntries()
    assert.equal(logged.length, 600)
    const byId = new Map(logged.map((entry) => [entry.insertId, entry]))
    for (const { insertId, payload, labels } of entries) {
      const found = byId.get(insertId)
      assert.deepEqual(found?.jsonPayload, JSON.parse(JSON.stringify(payload)))
      assert.deepEqual(found?.labels, labels)
      assert.equal(found?.severity, 'ERROR')
      assert.equal(found?.resource['type'], 'global')
    }
  })
})

function keyOf(displayName: string, id: string): JudgedKey {
  return judged({
    facts: { ...FACTS, key: { ...KEY, displayName, uid: `uid-${displayName}` }, project: { ...PROJECT, id } },
    owner: displayName,
  })
}
