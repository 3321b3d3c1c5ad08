import assert from 'node:assert/strict'
import { json, ndjson } from '../../src/report/json.js'
import { GAP, gathered, judged, RUN, record, runOf } from './samples.js'

async function text(parts: AsyncIterable<string>): Promise<string> {
  let whole = ''
  for await (const part of parts) whole += part
  return whole
}

const gaps = gathered([GAP]).records(RUN)
const run = runOf([judged()], [GAP])

describe('JSON', () => {
  it('is one object of the run, its keys and its gaps', async () => {
    const keys = [record(), record({ uid: '2' })]
    assert.deepEqual(JSON.parse(await text(json(run, keys, gaps))), { run, keys, gaps })
  })

  it('is whole without keys and gaps', async () => {
    assert.deepEqual(JSON.parse(await text(json(run, [], []))), { run, keys: [], gaps: [] })
  })

  it('as NDJSON is a record a line, in the order given', async () => {
    async function* records() {
      yield record()
      yield* gaps
      yield run
    }
    const lines = (await text(ndjson(records()))).trimEnd().split('\n')
    assert.deepEqual(
      lines.map((line) => JSON.parse(line)),
      [record(), ...gaps, run],
    )
  })

  it('holds no character that a terminal would obey, and the same values', async () => {
    const hostile = record({ displayName: '\u009b31m\u202e\u001b[0m\u2028' })
    const line = await text(ndjson([hostile]))
    assert.doesNotMatch(line.trimEnd(), /[\p{Cc}\p{Bidi_Control}\u2028]/u)
    assert.deepEqual(JSON.parse(line), hostile)
  })
})
