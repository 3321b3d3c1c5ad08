import assert from 'node:assert/strict'
import type { AssetChangeKind } from '../../../src/policy/asset-change.js'
import {
  eventMessage,
  type ReportedChange,
  unreadableMessage,
} from '../../../src/report/event/event-message.js'
import type { SlackMessage } from '../../../src/report/slack/message.js'
import { asText } from '../../../src/report/slack/plain-text.js'
import { assertGolden } from '../../golden.js'
import { day, instant, NO_POLICY, record } from '../samples.js'

const ASKED = { policy: NO_POLICY, asOf: day('2026-11-23') }
const PROJECT = record().key.project

function change(
  kind: AssetChangeKind,
  names: readonly string[],
  at = '2026-11-23T06:58:12Z',
): ReportedChange {
  const keys = names.map((name) =>
    record({ displayName: name, uid: `uid-${name}`, name: `projects/123/locations/global/keys/${name}` }),
  )
  return { kind, at: instant(at), project: PROJECT, keys }
}

const shown = ({ text, parts }: SlackMessage) => `${text}\n\n${asText(parts)}`
const whole = ({ message, thread }: ReturnType<typeof eventMessage>) =>
  [message, ...thread].map(shown).join('\n----\n\n')

describe('the message on single changes', () => {
  it('says all of one key: what happened, whose it is, what stops, and what to do', () => {
    assertGolden('report/event/one-key.txt', whole(eventMessage([change('gemini-enabled', ['Maps'])], ASKED)))
  })

  it('makes one message of several changes, with a table and the steps for each in the thread', () => {
    const changes = [
      change('gemini-enabled', ['Maps', 'Shop']),
      change('key-made', ['Test'], '2026-11-22T23:10:00Z'),
      change('restriction-removed', ['Site']),
    ]
    assertGolden('report/event/burst.txt', whole(eventMessage(changes, ASKED)))
  })

  it('says what happened to a single key in one line each', () => {
    const lines = (
      ['key-made', 'restriction-removed', 'gemini-allowed', 'key-changed', 'gemini-enabled'] as const
    ).map((kind) => eventMessage([change(kind, ['Maps'])], ASKED).message.text.split('. ')[0])
    assertGolden('report/event/lines.txt', `${lines.join('\n')}\n`)
  })

  it('names a key once that several changes concern, by its own change', () => {
    const changes = [change('gemini-enabled', ['Maps']), change('key-made', ['Maps'])]
    const { message, thread } = eventMessage(changes, ASKED)
    assert.match(message.text, /^New key in /)
    assert.deepEqual(thread, [])
  })

  it('asks for a restriction before the Gemini API is on, of which a run says nothing', () => {
    const { key } = record()
    const latent = { ...record(), key: { ...key, apiRestriction: 'none' }, verdict: 'latent' } as const
    const other = {
      ...latent,
      key: { ...latent.key, name: `${key.name}-2`, apiRestriction: 'gemini-only' },
    } as const
    const remedy = { action: 'none', steps: [] } as const
    const keys = [latent, other].map((each) => ({ ...each, findings: [], remedy }))
    const { message } = eventMessage([{ ...change('key-made', []), keys }], ASKED)
    const [first = '', second = ''] = asText(message.parts)
      .split('\n')
      .filter((line) => line.startsWith('•'))
    assert.match(first, / · restrict to its APIs$/)
    assert.match(second, / · nothing$/)
  })

  it('says in a sentence what to do also where no deadline asks anything', () => {
    const finding = {
      id: 'auth-key-unrestricted',
      severity: 'WARNING',
      because: 'It has no API restriction.',
      controls: [],
      steps: [],
    } as const
    const remedy = { action: 'none', steps: [] } as const
    const auth = { ...record(), verdict: 'compliant', findings: [], hygiene: [finding], remedy } as const
    const { message } = eventMessage([{ ...change('restriction-removed', []), keys: [auth] }], ASKED)
    assert.match(message.text, / To do: restrict to its APIs\.$/)
    const fine = { ...auth, hygiene: [] }
    const { message: other } = eventMessage([{ ...change('restriction-removed', []), keys: [fine] }], ASKED)
    assert.doesNotMatch(other.text, /To do/)
  })

  it('says that messages of the feed cannot be read, and what to do', () => {
    const advice = { say: 'look at the topic', command: 'gcloud asset feeds list --organization=1' }
    assertGolden('report/event/unreadable.txt', shown(unreadableMessage({ why: 'it is no JSON', advice })))
  })

  it('stays within what Slack takes, and pings nobody, whatever keys are called', () => {
    const names = Array.from({ length: 150 }, (_, at) => `<!channel> ${at} ${'𝕏'.repeat(400)}`)
    const { message, thread } = eventMessage([change('key-made', names)], ASKED)
    for (const { text, blocks } of [message, ...thread]) {
      assert.ok(text.length <= 4_000 && JSON.stringify(blocks).length <= 12_000 && blocks.length <= 50)
      assert.doesNotMatch(text, /<!channel>/)
    }
  })
})
