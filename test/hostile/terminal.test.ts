import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import fc from 'fast-check'
import { digestText, previewOf } from '../../src/commands/print.js'
import { printLine } from '../../src/commands/terminal.js'
import { csv } from '../../src/report/csv.js'
import { digest } from '../../src/report/digest/digest.js'
import { json, ndjson } from '../../src/report/json.js'
import { lifeLines } from '../../src/report/key-timeline.js'
import { table, tableReport } from '../../src/report/table.js'
import { RUN } from '../report/samples.js'
import { cases } from './cases.js'
import { names } from './names.js'
import { digestFacts, records } from './records.js'

/** Colours of our own, as `styleText` writes them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
const OWN_COLOURS = /\u001b\[\d{1,2}m/g

/** All that a terminal obeys, or hides from its reader: line ends aside. */
const OBEYED = /(?!\n)[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u

function assertShown(printed: string, besides = ''): void {
  const rest = printed.replaceAll(new RegExp(`[${besides}]`, 'g'), '')
  assert.equal(OBEYED.exec(besides === '' ? printed : rest)?.[0], undefined)
}

async function whole(parts: AsyncIterable<string>): Promise<string> {
  let printed = ''
  for await (const part of parts) printed += part
  return printed
}

describe('Hostile names on a terminal are shown, not obeyed', () => {
  it('in the table, whatever its width, with colours or without', () => {
    fc.assert(
      fc.property(digestFacts, fc.constantFrom(0, 40, 80, 160), fc.boolean(), (facts, width, color) => {
        const { run, keys, ...rest } = facts
        const printed = tableReport({ ...rest, record: run, keys }, { width, color })
        assertShown(color ? printed.replace(OWN_COLOURS, '') : printed)
      }),
      cases(150),
    )
  })

  it('a line of the table a key', () => {
    fc.assert(
      fc.property(fc.array(records, { minLength: 1, maxLength: 5 }), (keys) => {
        const lines = table(keys, { width: 120, color: false }).trimEnd().split('\n')
        assert.equal(lines.length, keys.length + 4)
      }),
      cases(100),
    )
  })

  it('in the digest as text, and in the preview for Slack', () => {
    fc.assert(
      fc.property(digestFacts, (facts) => {
        const made = digest(facts)
        assertShown(digestText(made))
        assertShown(previewOf(made, 'text'))
        assertShown(previewOf(made, 'json'))
      }),
      cases(100),
    )
  })

  it('in JSON, NDJSON and CSV, where line ends, tabs and returns are data', async () => {
    await fc.assert(
      fc.asyncProperty(digestFacts, async ({ run, keys, gaps }) => {
        const asJson = await whole(json(run, keys, gaps))
        assertShown(asJson)
        assert.deepEqual(JSON.parse(asJson), JSON.parse(JSON.stringify({ run, keys, gaps })))
        assertShown(await whole(ndjson([...keys, run])))
        assertShown(await whole(csv(keys)), '\t\r')
      }),
      cases(100),
    )
  })

  it('in the life of a key', async () => {
    await fc.assert(
      fc.asyncProperty(records, async (record) => {
        async function* events() {
          yield { run: RUN.time, record }
        }
        for await (const line of lifeLines(events()))
          assert.ok(!line.includes('\n') && !OBEYED.test(line), line)
      }),
      cases(100),
    )
  })

  it('in messages for people, whose lines stay lines', async () => {
    await fc.assert(
      fc.asyncProperty(names, async (name) => {
        const out = new PassThrough()
        await printLine(out, `One ${name}\ntwo`)
        out.end()
        const printed = await text(out)
        assertShown(printed)
        assert.equal(printed.split('\n').length, name.split('\n').length + 2)
      }),
      cases(100),
    )
  })
})
