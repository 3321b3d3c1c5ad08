import assert from 'node:assert/strict'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import type { KeyRecord } from '../../src/records/key-record.js'
import { CSV_COLUMNS, csv } from '../../src/report/csv.js'
import { record } from '../report/samples.js'
import { cases } from './cases.js'
import { records } from './records.js'

const FORMULA = /^[=+\-@\t\r＝＋－＠]/

async function textOf(of: readonly KeyRecord[]): Promise<string> {
  let text = ''
  for await (const part of csv(of)) text += part
  return text
}

/** As a spreadsheet reads it that separates by something else, and knows nothing of our quotes. */
function cellsApartBy(separator: RegExp, text: string): readonly string[] {
  return text.split('\n').flatMap((line) => line.split(separator).slice(1))
}

describe('Hostile names in CSV', () => {
  it('stay in the cell of their column, none of which is a formula', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(records, { maxLength: 5 }), async (keys) => {
        const rows: string[][] = parse(await textOf(keys))
        assert.equal(rows.length, keys.length + 1)
        for (const [index, row] of rows.entries()) {
          assert.equal(row.length, CSV_COLUMNS.length)
          const formulas = row.filter((cell) => FORMULA.test(cell) && !/^-\d+$/.test(cell))
          assert.deepEqual(formulas, [], `row ${index}`)
        }
      }),
      cases(150),
    )
  })

  it('begin no formula where a spreadsheet separates by semicolons or tabs', async () => {
    await fc.assert(
      fc.asyncProperty(records, async (key) => {
        const text = await textOf([key])
        for (const separator of [/;/, /\t/]) {
          const formulas = cellsApartBy(separator, text).filter((cell) => /^"*[=+\-@＝＋－＠]/.test(cell))
          assert.deepEqual(formulas, [])
        }
      }),
      cases(150),
    )
  })

  it('leave commands as they are, or out', async () => {
    const leftOut = '(not safe in a spreadsheet: see the record of the key)'
    const rows = [
      ["gcloud delete 'a;b'", "gcloud delete 'a;b'"],
      ['gcloud x <<\'END\'\n- { "--a": [ "b" ] }\nEND', 'gcloud x <<\'END\'\n- { "--a": [ "b" ] }\nEND'],
      ["gcloud delete 'a;=1+1'", leftOut],
      ["gcloud delete 'a;\"=1+1'", leftOut],
      ["gcloud delete 'a\t@x'", leftOut],
      ["gcloud delete 'a\n=x'", leftOut],
    ] as const
    for (const [command, shown] of rows) {
      const key = record({}, { remedy: { action: 'retire', steps: [{ say: 'Delete it.', command }] } })
      const [row = {}]: Record<string, string>[] = parse(await textOf([key]), { columns: true })
      assert.equal(row['commands'], shown)
    }
  })

  it('are the names again, but for what was defused and what cannot be shown', async () => {
    await fc.assert(
      fc.asyncProperty(records, async (key) => {
        const [row = {}]: Record<string, string>[] = parse(await textOf([key]), { columns: true })
        const plain = key.key.displayName ?? ''
        if (/^[\p{L}\p{N} ]*$/u.test(plain)) assert.equal(row['displayName'], plain)
        assert.equal(row['name']?.replaceAll("'", ''), key.key.name.replaceAll("'", ''))
      }),
      cases(150),
    )
  })
})
