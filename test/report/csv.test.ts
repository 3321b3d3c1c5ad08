import assert from 'node:assert/strict'
import type { KeyRecord } from '../../src/records/key-record.js'
import { CSV_COLUMNS, csv } from '../../src/report/csv.js'
import { assertGolden } from '../golden.js'
import { FACTS, PROJECT, record } from './samples.js'

async function text(records: Iterable<KeyRecord> | AsyncIterable<KeyRecord>): Promise<string> {
  let whole = ''
  for await (const part of csv(records)) whole += part
  return whole
}

/** The cells of a line without quotes in it. */
async function cell(column: string, of: KeyRecord): Promise<string | undefined> {
  const [, line] = (await text([of])).split('\n')
  return line?.split(',')[CSV_COLUMNS.findIndex(({ name }) => name === column)]
}

describe('CSV', () => {
  it('has a line of columns, then a line a key', async () => {
    const hostile = record(
      { displayName: '=cmd|"/c calc"!A1, \u001b[31mred\nsecond line', uid: '2' },
      { facts: { ...FACTS, project: { ...PROJECT, id: '@evil' } }, owner: '+1' },
    )
    assertGolden('report/keys.csv', await text([record(), hostile]))
  })

  it('has the columns even without keys', async () => {
    assert.equal(await text([]), `${CSV_COLUMNS.map(({ name }) => name).join(',')}\n`)
  })

  it('names each column once, uid and name among them', () => {
    const names = CSV_COLUMNS.map(({ name }) => name)
    assert.equal(new Set(names).size, names.length)
    assert.ok(names.includes('uid') && names.includes('name'))
  })

  for (const start of ['=', '+', '-', '@', '\t', '\r', '＝']) {
    it(`defuses ${JSON.stringify(start)} at the beginning of a cell`, async () => {
      const defused = await cell('displayName', record({ displayName: `${start}1` }))
      assert.ok(defused?.replace('"', '').startsWith(`'${start}`), defused)
    })
  }

  it('names the auth key that probably replaces a key, and why', async () => {
    const replacement = {
      key: 'projects/123/locations/global/keys/new',
      because: 'It is named alike.',
      guess: true,
    } as const
    const replaced = record({}, { facts: { ...FACTS, replacement } })
    assert.equal(await cell('probablyReplacedBy', replaced), replacement.key)
    assert.equal(await cell('replacedBecause', replaced), replacement.because)
    assert.equal(await cell('probablyReplacedBy', record()), '')
  })

  it('leaves numbers numbers, negative ones too', async () => {
    assert.equal(await cell('daysLeft', record()), '-157')
  })

  it('shows control characters', async () => {
    assert.equal(await cell('displayName', record({ displayName: 'a\u001bb\u009bc' })), 'a\\u001bb\\u009bc')
  })

  it('is made as the keys come', async () => {
    let given = 0
    async function* keys() {
      for (; given < 10_000; given += 1) yield record({ uid: `${given}` })
    }
    const parts = csv(keys())
    await parts.next()
    await parts.next()
    assert.ok(given < 1_000, `${given} keys were read for the first lines`)
    await parts.return()
  })

  it('has every key once, whatever their number', async () => {
    for (const count of [255, 256, 257]) {
      const keys = Array.from({ length: count }, (_none, index) => record({ uid: `uid-${index}` }))
      assert.equal((await text(keys)).split('\n').length, count + 2)
    }
  })
})
