import assert from 'node:assert/strict'
import { blocksOf } from '../../../simulator/slack/blocks.js'

const mrkdwn = (length: number) => ({ type: 'mrkdwn', text: 'x'.repeat(length) })
const plain = (length: number) => ({ type: 'plain_text', text: 'x'.repeat(length) })
const section = (more: object) => ({ type: 'section', ...more })
const cell = (text = 'x') => ({ type: 'raw_text', text })
const table = (rows: number, cells: number, text = 'x') => ({
  type: 'table',
  rows: Array.from({ length: rows }, () => Array.from({ length: cells }, () => cell(text))),
})
const rich = (elements: readonly object[]) => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements }],
})

describe('blocks', () => {
  const taken: readonly [string, readonly object[]][] = [
    ['fifty of them', Array(50).fill({ type: 'divider' })],
    ['a section of 3000 characters', [section({ text: mrkdwn(3000) })]],
    ['a section of 10 fields', [section({ fields: Array(10).fill(mrkdwn(2000)) })]],
    ['a header of 150 characters', [{ type: 'header', text: plain(150) }]],
    ['a context of 10 elements', [{ type: 'context', elements: Array(10).fill(mrkdwn(9)) }]],
    ['a table of 100 rows', [table(100, 5)]],
    ['a table of 20 cells a row', [table(5, 20)]],
    ['a table of 10,000 characters', [table(10, 10, 'x'.repeat(100))]],
    [
      'a table with rich text',
      [
        {
          type: 'table',
          rows: [[rich([{ type: 'text', text: 'x', style: { bold: true } }])]],
          column_settings: [{ align: 'right' }],
        },
      ],
    ],
    ['rich text with a link', [rich([{ type: 'link', url: 'https://acme.example', text: 'x' }])]],
    [
      'a button with a link',
      [{ type: 'actions', elements: [{ type: 'button', text: plain(75), url: 'https://acme.example' }] }],
    ],
  ]
  for (const [what, blocks] of taken) {
    it(`may be ${what}`, () => assert.ok('blocks' in blocksOf(blocks)))
  }

  const refused: readonly [string, unknown, string][] = [
    ['fifty-one of them', Array(51).fill({ type: 'divider' }), '/blocks'],
    ['no list', { type: 'divider' }, '/blocks'],
    ['of an unknown type', [{ type: 'carousel' }], '/blocks/0/type'],
    ['a section of 3001 characters', [section({ text: mrkdwn(3001) })], '/blocks/0/text/text'],
    ['a section with empty text', [section({ text: mrkdwn(0) })], '/blocks/0/text/text'],
    ['a section with nothing', [section({})], '/blocks/0'],
    ['a section of 11 fields', [section({ fields: Array(11).fill(mrkdwn(1)) })], '/blocks/0/fields'],
    ['a field of 2001 characters', [section({ fields: [mrkdwn(2001)] })], '/blocks/0/fields/0/text'],
    ['a header of 151 characters', [{ type: 'header', text: plain(151) }], '/blocks/0/text/text'],
    ['a header with markup', [{ type: 'header', text: mrkdwn(1) }], '/blocks/0/text/type'],
    [
      'a context of 11 elements',
      [{ type: 'context', elements: Array(11).fill(mrkdwn(1)) }],
      '/blocks/0/elements',
    ],
    ['a table of 101 rows', [table(101, 1)], '/blocks/0/rows'],
    ['a table of 21 cells a row', [table(1, 21)], '/blocks/0/rows/0'],
    [
      'a table with an empty cell',
      [{ type: 'table', rows: [[cell(), cell('')]] }],
      '/blocks/0/rows/0/1/text',
    ],
    ['a table of more than 10,000 characters', [table(10, 10, 'x'.repeat(101))], '/blocks'],
    ['two tables', [table(1, 1), table(1, 1)], '/blocks'],
    [
      'rich text with empty text',
      [rich([{ type: 'text', text: '' }])],
      '/blocks/0/elements/0/elements/0/text',
    ],
    ['with a field that does not exist', [{ type: 'divider', colour: 'red' }], '/blocks/0'],
  ]
  for (const [what, blocks, pointer] of refused) {
    it(`must not be ${what}`, () => {
      const checked = blocksOf(blocks)
      assert.ok('problems' in checked)
      assert.ok(
        checked.problems.some((problem) => problem.endsWith(`[json-pointer:${pointer}]`)),
        checked.problems.join('\n'),
      )
    })
  }
})
