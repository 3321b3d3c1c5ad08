import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { SETTINGS } from '../../simulator/gates/fault-settings.js'
import { FAULTS } from '../../simulator/gates/faults.js'
import { main } from '../program.js'
import { NOW } from './stage.js'

async function command(...args: string[]) {
  const texts = { out: '', err: '' }
  const into = (name: 'out' | 'err') =>
    new Writable({
      write(chunk, _encoding, done) {
        texts[name] += chunk
        done()
      },
    })
  const status = await main(args, { out: into('out'), err: into('err'), env: {}, now: () => NOW })
  return { status, ...texts }
}

describe('faults by flags', () => {
  it('help of simulate describes every fault and setting', async () => {
    const { out } = await command('simulate', '--help')
    for (const [name, { says }] of Object.entries(FAULTS)) assert.ok(out.includes(says), name)
    for (const [name, { argument }] of Object.entries(SETTINGS))
      assert.ok(out.includes(`${name}=${argument}`), name)
  })

  const wrong: readonly [string, readonly string[], RegExp][] = [
    [
      'a fault that is none',
      ['--fault', 'apikeys.keys.list=lost'],
      /there is no fault "lost"; there are .*reset/,
    ],
    [
      'several at once',
      ['--fault', 'a=429', '--fault', 'b=429'],
      /2 problems:\n- --fault a=429: .*\n- --fault b=429: /,
    ],
    ['a seed that is no number', ['--seed', 'x'], /whole number of at most 9 digits/],
    ['a quota minute of 0', ['--quota', '0'], /a number above 0/],
    ['events for another machine', ['--events', 'https://example.com/'], /an address on this machine/],
    ['events for what is no address', ['--events', 'localhost'], /an address on this machine/],
    ['a latency that is no number', ['--latency', 'slow'], /a number above 0/],
  ]
  for (const [what, flags, expected] of wrong) {
    it(`${what} ends simulate with 2 and with what is allowed`, async () => {
      const { status, err } = await command('simulate', '--port', '0', ...flags)
      assert.equal(status, 2)
      assert.match(err, expected)
    })
  }

  it('the demo shows what everybody hears of a fault, reported like any gap', async () => {
    const out = mkdtempSync(join(tmpdir(), 'demo-'))
    try {
      const heard = await command('demo', '--out', out, '--fault', 'apikeys.keys.list=denied', '--seed', '7')
      assert.equal(heard.status, 0)
      assert.match(heard.out, /Incomplete · /)
      const records = readFileSync(join(out, 'records.ndjson'), 'utf8')
      assert.match(records, /"missing":"keys"/)
    } finally {
      rmSync(out, { recursive: true })
    }
  })
})
