import assert from 'node:assert/strict'
import type { KnownBlock } from '@slack/web-api'
import * as fc from 'fast-check'
import { LIMITS } from '../../../src/report/slack/limits.js'
import { type SlackMessage, slackMessage } from '../../../src/report/slack/message.js'
import type { MessageBlock } from '../../../src/report/slack/message-blocks.js'
import { asText } from '../../../src/report/slack/plain-text.js'

/** Texts from nothing to far too long, of anything that a name can hold. */
const text: fc.Arbitrary<string> = fc
  .record({ unit: fc.string({ unit: 'binary', maxLength: 30 }), times: fc.constantFrom(1, 1, 1, 20, 2_000) })
  .map(({ unit, times }) => unit.repeat(times))
const many = <Item>(item: fc.Arbitrary<Item>) => fc.array(item, { maxLength: 30, size: 'max' })

const part: fc.Arbitrary<MessageBlock> = fc.oneof(
  fc.record({ kind: fc.constant('headline' as const), text }),
  fc.record({ kind: fc.constant('paragraph' as const), text, bold: fc.constant(true as const) }),
  fc.record({
    kind: fc.constant('paragraph' as const),
    text,
    mention: fc.constantFrom('S0123ABCD', 'U0123ABCD'),
  }),
  fc.record({
    kind: fc.constant('list' as const),
    title: text,
    lines: many(text),
    more: fc.nat(),
  }),
  fc.record({ kind: fc.constant('step' as const), say: text, command: text, url: text }),
  fc.record({ kind: fc.constant('small' as const), text }),
)
const table: fc.Arbitrary<MessageBlock> = fc
  .record({ title: text, columns: fc.integer({ min: 1, max: 30 }), rows: many(many(text)), more: fc.nat() })
  .map(({ title, columns, rows, more }) => ({
    kind: 'table',
    title,
    head: Array.from({ length: columns }, (_none, index) => `c${index}`),
    rows: rows.map((row) => Array.from({ length: columns }, (_none, index) => row[index] ?? '')),
    more,
  }))
const parts = fc
  .tuple(many(part), fc.option(table, { nil: undefined }))
  .map(([some, one]) => (one === undefined ? some : [...some, one]))

/** Every text that Slack would show, with whether Slack parses it. */
function textsOf(value: unknown, type = ''): readonly { readonly text: string; readonly type: string }[] {
  if (Array.isArray(value)) return value.flatMap((item) => textsOf(item, type))
  if (typeof value !== 'object' || value === null) return []
  const own = 'type' in value ? String(value.type) : type
  return Object.entries(value).flatMap(([name, inner]) =>
    name === 'text' && typeof inner === 'string' ? [{ text: inner, type: own }] : textsOf(inner, own),
  )
}

function assertTaken(blocks: readonly KnownBlock[]): void {
  assert.ok(blocks.length <= LIMITS.blocks)
  assert.ok(JSON.stringify(blocks).length <= LIMITS.message)
  assert.ok(blocks.filter(({ type }) => type === 'table').length <= 1)
  for (const { text: said, type } of textsOf(blocks)) {
    assert.ok(said.length > 0, `an empty ${type}`)
    assert.ok(said.length <= LIMITS.section)
    if (type === 'mrkdwn')
      assert.doesNotMatch(said.replace(/<(@|!subteam\^)\w+>$/, ''), /[<>]|&(?!amp;|lt;|gt;)/)
  }
  for (const block of blocks) {
    if (block.type === 'header') assert.ok(block.text.text.length <= LIMITS.header)
    if (block.type !== 'table') continue
    assert.ok(block.rows.length <= LIMITS.tableRows)
    for (const row of block.rows) assert.ok(row.length <= LIMITS.tableColumns)
  }
}

describe('a Slack message', () => {
  it('keeps all of Slack’s limits, in both forms, whatever it is made from', () => {
    fc.assert(
      fc.property(text, parts, (sentence, some) => {
        const message = slackMessage(sentence, some)
        assert.ok(message.text.length <= LIMITS.text)
        assert.doesNotMatch(message.text, /[<>]|&(?!amp;|lt;|gt;)/)
        assertTaken(message.blocks)
        assertTaken(message.plain)
      }),
      { numRuns: 150 },
    )
  })

  it('holds no control character but the line ends of commands', () => {
    fc.assert(
      fc.property(text, parts, (sentence, some) => {
        const message = slackMessage(sentence, some)
        for (const said of [
          message.text,
          ...textsOf(message.blocks).map((one) => one.text),
          asText(message.parts),
        ]) {
          assert.doesNotMatch(said, /(?!\n)\p{Cc}/u)
        }
      }),
      { numRuns: 50 },
    )
  })

  const only = (made: SlackMessage): KnownBlock => {
    assert.equal(made.blocks.length, 1)
    return made.blocks[0] as KnownBlock
  }

  it('says how many lines it leaves out', () => {
    const lines = Array.from({ length: 60 }, (_none, index) => `${index} ${'x'.repeat(500)}`)
    const { parts: fitting } = slackMessage('s', [{ kind: 'list', title: 'Many', lines, more: 5 }])
    const [list] = fitting
    assert.ok(list?.kind === 'list')
    assert.ok(list.lines.length > 5 && list.lines.length < 60)
    assert.equal(list.lines.length + list.more, 65)
    assert.match(asText(fitting), new RegExp(`• and ${list.more} more\n$`))
  })

  it('says how many rows of a table it leaves out', () => {
    const rows = Array.from({ length: 150 }, (_none, index) => [`${index}`])
    const { parts: fitting } = slackMessage('s', [{ kind: 'table', title: 'T', head: ['n'], rows, more: 1 }])
    const [table] = fitting
    assert.ok(table?.kind === 'table')
    assert.equal(table.rows.length + table.more, 151)
    assert.ok(table.rows.length <= 99)
  })

  it('shows a command whole or not at all', () => {
    const step = (command: string): MessageBlock => ({ kind: 'step', say: 'Do it.', command })
    assert.deepEqual(slackMessage('s', [step('gcloud a \\\n  b')]).parts, [step('gcloud a \\\n  b')])
    const [long] = slackMessage('s', [step('x'.repeat(2_901))]).parts
    assert.ok(long?.kind === 'step')
    assert.equal(long.command, undefined)
    assert.match(long.say, /too long for Slack/)
    const commands = Array.from({ length: 8 }, (_none, index) => `gcloud ${index} ${'x'.repeat(2_000)}`)
    for (const part of slackMessage('s', commands.map(step)).parts) {
      assert.ok(part.kind === 'step')
      if (part.command !== undefined) assert.ok(commands.includes(part.command))
    }
  })

  it('leaves names as they are where Slack does not parse them, and mentions no one', () => {
    const name = '<!channel> <@U1> & *bold*'
    const list = only(slackMessage(name, [{ kind: 'list', title: 'Keys', lines: [name], more: 0 }]))
    assert.equal(list.type, 'rich_text')
    assert.ok(textsOf(list).some((one) => one.text === name && one.type === 'text'))
    assert.equal(slackMessage(name, []).text, '&lt;!channel&gt; &lt;@U1&gt; &amp; *bold*')
  })

  it('calls an owner, a person or a group, and only with the owner’s ID', () => {
    const called = (mention: string) => {
      const { blocks, plain } = slackMessage('s', [{ kind: 'paragraph', text: '<!here>', mention }])
      return [JSON.stringify(blocks), JSON.stringify(plain)]
    }
    const [group, plainGroup] = called('S0123ABCD')
    assert.match(group ?? '', /\{"type":"usergroup","usergroup_id":"S0123ABCD"\}/)
    assert.match(plainGroup ?? '', /"&lt;!here&gt; <!subteam\^S0123ABCD>"/)
    const [user, plainUser] = called('U0123ABCD')
    assert.match(user ?? '', /\{"type":"user","user_id":"U0123ABCD"\}/)
    assert.match(plainUser ?? '', /<@U0123ABCD>/)
  })

  it('links to https pages only', () => {
    const linked = (url: string) =>
      JSON.stringify(slackMessage('s', [{ kind: 'step', say: 'a', url }]).blocks)
    assert.match(linked('https://console.cloud.google.com/'), /"type":"link"/)
    for (const url of ['javascript:alert(1)', 'http://x/', 'https://', 'https://a b/']) {
      assert.doesNotMatch(linked(url), /"link"/)
    }
  })

  it('shows what happened to a key whole in a cell, and that a longer text is cut', () => {
    const words =
      '🟠 In use: 1,192 calls in 7 days; partly failing: 24 of 1,324 calls a day get through; no API restriction'
    const { blocks } = slackMessage('s', [
      { kind: 'table', title: 'T', head: ['a', 'b'], rows: [[words, 'x'.repeat(500)]], more: 0 },
    ])
    const [, , whole, long = ''] = textsOf(blocks[1]).map((one) => one.text)
    assert.equal(whole, words)
    assert.match(long, /^x{50,}…$/)
  })

  it('has no empty cell', () => {
    const { blocks } = slackMessage('s', [
      { kind: 'table', title: 'T', head: ['a', 'b'], rows: [['', 'x']], more: 0 },
    ])
    assert.deepEqual(
      textsOf(blocks[1]).map((one) => one.text),
      ['a', 'b', '–', 'x'],
    )
  })
})
