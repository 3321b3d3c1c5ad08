import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { canonical } from '../../src/records/canonical.js'
import { LARGEST_RECORD, truncatedToEntry } from '../../src/records/fit.js'
import { FACTS, judged, KEY, record } from '../report/samples.js'

const bytes = (value: object) => Buffer.byteLength(canonical(value))

describe('a record that fits a log entry', () => {
  it('is left as it is', () => {
    const whole = { name: 'a', list: [1, 2], inner: { text: 'é😀' } }
    assert.equal(truncatedToEntry(whole), whole)
  })

  it('is left as it is up to the last byte', () => {
    const whole = { text: 'x'.repeat(LARGEST_RECORD - '{"text":""}'.length) }
    assert.deepEqual(truncatedToEntry(whole), whole)
    const larger = { text: `${whole.text}x` }
    assert.deepEqual(truncatedToEntry(larger), {
      text: `${'x'.repeat(16_384)}…`,
      truncated: { text: larger.text.length },
    })
  })

  it('says what was cut and how long it was, and keeps the rest', () => {
    const targets = Array.from({ length: 20_000 }, (_none, index) => ({
      service: `service-${index}.googleapis.com`,
    }))
    const cut = truncatedToEntry<{ key: object; truncated?: object }>({
      key: { name: 'a', apiTargets: targets },
    })
    assert.deepEqual(cut, {
      key: { name: 'a', apiTargets: targets.slice(0, 500) },
      truncated: { apiTargets: 20_000 },
    })
  })

  it('leaves an overlong command out, since half of one does something else', () => {
    const step = { say: 'Restrict the key.', command: `gcloud ${'--api-target=service=a '.repeat(20_000)}` }
    assert.deepEqual(truncatedToEntry<object>({ steps: [step] }), {
      steps: [{ say: 'Restrict the key.' }],
      truncated: { command: step.command.length },
    })
  })

  it('carries a replacement for what UTF-8 cannot', () => {
    assert.deepEqual(truncatedToEntry({ name: 'a\ud800b', pair: '😀' }), { name: 'a\ufffdb', pair: '😀' })
  })

  it('keeps a field called __proto__ a field', () => {
    const odd = JSON.parse('{"codes":{"__proto__":"\\ud800"}}')
    assert.equal(JSON.stringify(truncatedToEntry(odd)), '{"codes":{"__proto__":"\ufffd"}}')
  })

  it('fits whatever a key holds', () => {
    const text = fc.record({
      unit: fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
      times: fc.nat(20_000),
    })
    const written = ({ unit, times }: { unit: string; times: number }) => unit.repeat(times)
    fc.assert(
      fc.property(text, text, fc.nat(800), (one, other, count) => {
        const [name, id] = [written(one), written(other)]
        const services = Array.from({ length: count }, () => ({ service: id, methods: [name, id] }))
        const steps = judged().remedy.steps.map((step) => ({ ...step, command: name }))
        const fitting = record(
          { name, displayName: name, restrictions: { ...KEY.restrictions, apiTargets: services } },
          {
            facts: {
              ...FACTS,
              project: { ...FACTS.project, id, ancestors: Array.from({ length: count }, () => id) },
            },
            impact: name,
            owner: id,
            remedy: { action: 'restrict', steps },
          },
        )
        assert.ok(bytes(fitting) <= LARGEST_RECORD)
      }),
      { numRuns: 25 },
    )
  })
})
