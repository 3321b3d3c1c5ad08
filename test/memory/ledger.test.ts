import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { Ledger, type Line } from '../../src/memory/ledger.js'

const lineOf = (canonical: string): Line => ({
  insertId: createHash('sha256').update(canonical).digest('hex'),
  canonical,
})

async function linesOf(ledger: Ledger): Promise<Line[]> {
  const lines: Line[] = []
  for await (const { insertId, canonical } of ledger.lines()) lines.push({ insertId, canonical })
  return lines
}

async function ledgerOf(lines: readonly Line[]): Promise<Ledger> {
  const ledger = new Ledger()
  for (const line of lines) await ledger.add(line)
  return ledger
}

describe('the ledger of a run', () => {
  it('gives back every record, in the order of its digest, whatever the order it came in', async () => {
    const record = fc
      .record({ name: fc.string({ unit: 'binary' }) })
      .map((value) => lineOf(JSON.stringify(value)))
    await fc.assert(
      fc.asyncProperty(fc.array(record), async (lines) => {
        const ledger = await ledgerOf(lines)
        const sorted = [...lines].sort((a, b) => (a.insertId < b.insertId ? -1 : 1))
        assert.deepEqual(await linesOf(ledger), sorted)
        assert.equal(ledger.count, lines.length)
      }),
      { numRuns: 50 },
    )
  })

  it('keeps records that fill many compressed chunks, and can be walked twice', async () => {
    const lines = Array.from({ length: 30 }, (_, i) =>
      lineOf(JSON.stringify({ i, filler: 'é'.repeat(70_000) })),
    )
    const ledger = await ledgerOf(lines)
    assert.equal((await linesOf(ledger)).length, 30)
    assert.equal((await linesOf(ledger)).length, 30)
  })

  it('keeps records that are added before an earlier one is compressed', async () => {
    const lines = Array.from({ length: 30 }, (_, i) =>
      lineOf(JSON.stringify({ i, filler: 'x'.repeat(70_000) })),
    )
    const ledger = new Ledger()
    await Promise.all(lines.map((line) => ledger.add(line)))
    assert.equal((await linesOf(ledger)).length, 30)
  })

  it('digests the sorted records, each ended by a line feed', async () => {
    const [first, second] = [lineOf('{"a":1}'), lineOf('{"b":2}')].sort((a, b) =>
      a.insertId < b.insertId ? -1 : 1,
    )
    assert.ok(first && second)
    const expected = createHash('sha256').update(`${first.canonical}\n${second.canonical}\n`).digest('hex')
    assert.equal(await (await ledgerOf([second, first])).sha256(), expected)
  })

  it('digests nothing as the empty text', async () => {
    assert.equal(await new Ledger().sha256(), createHash('sha256').digest('hex'))
  })

  it('refuses a digest that is not hexadecimal instead of losing the record', async () => {
    await assert.rejects(new Ledger().add({ insertId: 'zz', canonical: '{}' }), /hexadecimal/)
  })
})
