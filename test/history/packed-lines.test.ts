import assert from 'node:assert/strict'
import { gzipSync } from 'node:zlib'
import { LONGEST_LINE, SWELLING } from '../../src/history/byte-lines.js'
import { DamagedArchive } from '../../src/history/manifest.js'
import { unpack, unpackKnowledge } from '../../src/history/packed-lines.js'

const HEAD = Buffer.from('{"format":1,"audit":"acme","run":"2026-11-23T07:00:00Z"}\n')

/** Packed so that nothing swells; `level`: 9 for what does. */
function packed(rest: Buffer, level = 0) {
  const bytes = gzipSync(Buffer.concat([HEAD, rest]), { level })
  return packedAs(bytes)
}

function packedAs(bytes: Buffer) {
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += 1 << 20) yield bytes.subarray(at, at + (1 << 20))
  }
  return { where: 'archive/records.ndjson.gz', pieces }
}

async function read(records: ReturnType<typeof packed>, by: typeof unpack | typeof unpackKnowledge = unpack) {
  const lines: unknown[] = []
  for await (const line of by(records)) lines.push(line)
  return lines
}

async function refused(records: ReturnType<typeof packed>, why: RegExp): Promise<void> {
  for (const by of [unpack, unpackKnowledge]) {
    await assert.rejects(read(records, by), (error) => {
      assert.ok(error instanceof DamagedArchive)
      assert.match(error.message, why)
      assert.match(error.message, /archive\/records\.ndjson\.gz/)
      return true
    })
  }
}

/** `{"left":["aaa…"],"runs":1}` of so many bytes. */
function lineOf(length: number): Buffer {
  const [before, after] = ['{"left":["', '"],"runs":1}']
  return Buffer.concat([
    Buffer.from(before),
    Buffer.alloc(length - before.length - after.length, 'a'),
    Buffer.from(after),
  ])
}

describe('The records of a run that were changed', () => {
  it('may have lines as long as those of the largest run', async () => {
    const [line] = await read(packed(Buffer.concat([lineOf(LONGEST_LINE), Buffer.from('\n')])))
    assert.deepEqual(Object.keys(Object(line)), ['left', 'runs'])
  })

  it('are damaged where a line is longer, whether it ends or not', async () => {
    const long = Buffer.alloc(LONGEST_LINE + 128 * 1024, 'a')
    await refused(packed(long), /one of its lines is longer than any of a run/)
    await refused(packed(Buffer.concat([long, Buffer.from('\n{}\n')])), /longer than any of a run/)
  })

  it('are damaged where they swell as no records do, and are left as soon as that shows', async () => {
    const line = Buffer.concat([lineOf(64 * 1024 - 1), Buffer.from('\n')])
    const bomb = Buffer.alloc(3 * LONGEST_LINE, line)
    const records = packed(bomb, 9)
    await refused(records, /it unpacks to more than records can/)
    let lines = 0
    await assert.rejects(async () => {
      for await (const _line of unpack(records)) lines += 1
    })
    assert.ok(lines < bomb.length / line.length, 'not all of them were made')
    assert.ok(bomb.length > SWELLING * gzipSync(bomb, { level: 9 }).length)
  })

  it('may swell while there are few of them', async () => {
    assert.equal((await read(packed(Buffer.alloc(999_999, '{}\n'), 9))).length, 333_333)
  })

  it('are damaged where they are no gzip, or end too early', async () => {
    const whole = gzipSync(Buffer.concat([HEAD, Buffer.from('{}\n')]))
    await refused(packedAs(Buffer.from('no gzip at all')), /it cannot be unpacked/)
    await refused(packedAs(whole.subarray(0, -9)), /it cannot be unpacked/)
    assert.deepEqual(await read(packedAs(whole)), [{}])
  })

  it('are damaged where a line is no object', async () => {
    for (const line of ['null', '1', '"text"']) await refused(packed(Buffer.from(`${line}\n`)), /no record/)
    await refused(packed(Buffer.from('{\n')), /no JSON/)
  })
})
