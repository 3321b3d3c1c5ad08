import assert from 'node:assert/strict'
import fc from 'fast-check'
import { blocksOf } from '../../simulator/slack/blocks.js'
import { failedRunRecord } from '../../src/records/run-record.js'
import { digest, failedDigest } from '../../src/report/digest/digest.js'
import type { SlackMessage } from '../../src/report/slack/message.js'
import { RUN } from '../report/samples.js'
import { cases } from './cases.js'
import { names } from './names.js'
import { digestFacts } from './records.js'

/** Who may be called: the owner of the hostile policies. */
const OWNER = '<@U0123ABCD>'

/** What Slack obeys or hides in any text. */
const OBEYED = /(?!\n)[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u

interface Texts {
  /** What Slack reads mentions and links in. */
  readonly parsed: readonly string[]
  /** What Slack shows as it is. */
  readonly plain: readonly string[]
  /** Calls, links and emoji as elements of their own. */
  readonly special: readonly Readonly<Record<string, unknown>>[]
}

/** Every text of a message, by what Slack makes of it. */
function textsOf(value: unknown, found: Texts = { parsed: [], plain: [], special: [] }): Texts {
  if (Array.isArray(value)) return value.reduce<Texts>((sum, each) => textsOf(each, sum), found)
  if (typeof value !== 'object' || value === null) return found
  const { type, text } = value as { readonly type?: unknown; readonly text?: unknown }
  const isMrkdwn = type === 'mrkdwn' && typeof text === 'string'
  const isPlain = ['plain_text', 'raw_text', 'text'].includes(String(type)) && typeof text === 'string'
  const isSpecial = ['user', 'usergroup', 'channel', 'broadcast', 'link', 'emoji'].includes(String(type))
  const own: Texts = {
    parsed: isMrkdwn ? [...found.parsed, text] : found.parsed,
    plain: isPlain ? [...found.plain, text] : found.plain,
    special: isSpecial ? [...found.special, { ...value }] : found.special,
  }
  return textsOf(Object.values(value), own)
}

function assertHarmless({ text, blocks, plain }: SlackMessage): void {
  for (const form of [blocks, plain]) {
    assert.deepEqual('problems' in blocksOf(form) ? blocksOf(form) : [], [])
    const found = textsOf(form)
    for (const parsed of [text, ...found.parsed]) {
      assert.doesNotMatch(parsed.replace(OWNER, ''), /[<>]|&(?!amp;|lt;|gt;)/)
    }
    for (const each of [text, ...found.parsed, ...found.plain]) assert.doesNotMatch(each, OBEYED)
    for (const { type, user_id: user, url } of found.special) {
      if (type === 'user') assert.equal(user, 'U0123ABCD')
      else assert.match(`${type} ${url}`, /^link https:\/\/[a-z]+\.(cloud\.)?google\.(com|dev)\//)
    }
    assert.ok(JSON.stringify(form).length <= 12_000 && form.length <= 50)
  }
  assert.ok(text.length > 0 && text.length <= 4_000)
}

describe('Hostile names in Slack', () => {
  it('call nobody, link nowhere and stay within Slack’s limits, in the digest and its thread', () => {
    fc.assert(
      fc.property(digestFacts, (facts) => {
        const { message, thread } = digest(facts)
        for (const each of [message, ...thread]) assertHarmless(each)
      }),
      cases(150),
    )
  })

  it('call nobody when a run has failed for one of them', () => {
    fc.assert(
      fc.property(names, (name) => {
        const tool = { name: 'gemini-key-audit', version: '0.0.0' }
        const record = failedRunRecord(RUN, RUN.reading, `Reading ${name} failed.`, tool)
        const failure = { code: 'FAULT', reason: record.error, problems: [] }
        const { message, thread } = failedDigest(record, { failure })
        for (const each of [message, ...thread]) assertHarmless(each)
      }),
      cases(150),
    )
  })
})
