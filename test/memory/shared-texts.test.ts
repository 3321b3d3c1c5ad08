import assert from 'node:assert/strict'
import fc from 'fast-check'
import { Arena } from '../../src/memory/arena.js'
import { SharedTexts } from '../../src/memory/shared-texts.js'
import { canonical } from '../../src/records/canonical.js'

const TARGETS = ['maps-backend.googleapis.com', 'translate.googleapis.com']

/** Something like a key's record, with names that may hold anything that JSON can. */
const record = fc
  .record({
    uid: fc.oneof(fc.uuid(), fc.string({ unit: 'binary' })),
    displayName: fc.string({ unit: 'binary' }),
    id: fc.stringMatching(/^[a-z-]{0,8}$/),
    readAt: fc.constantFrom('2026-11-23T07:00:00.000Z', '2026-11-23T07:00:01.000Z'),
    service: fc.constantFrom(...TARGETS),
    step: fc.string(),
  })
  .map(({ uid, displayName, id, readAt, service, step }) => ({
    evidence: { key: { from: 'assets', readAt } },
    hygiene: [{ because: `It acts as ${uid}@${id}.`, id: 'auth-key-account-shared', steps: [{ say: step }] }],
    impact: `Calls of ${displayName} stop.`,
    key: { apiTargets: [{ service }], displayName, name: `projects/1/keys/${uid}`, project: { id }, uid },
    notes: [],
    remedy: {
      steps: [{ say: `${step} ${uid}`, command: `gcloud --project=${id} ${[...uid].slice(0, 8).join('')}` }],
    },
  }))

describe('texts that share most of what they say', () => {
  it('come back as they were, whatever they have in common', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 20 }), (records) => {
        const texts = new SharedTexts()
        const originals = records.map((each) => canonical(each))
        const rows = originals.map((text) => texts.pack(text))
        assert.deepEqual(
          rows.map((row) => texts.unpack(row)),
          originals,
        )
      }),
      { numRuns: 300 },
    )
  })

  it('come back though they are no records at all', () => {
    const texts = new SharedTexts()
    const originals = [
      '{}',
      '{}',
      '{}',
      '[]',
      '5',
      '"evidence":"evidence":',
      ',"key":{"id":"12345"}',
      '{"$&":"$1"}',
    ]
    const rows = [...originals, ...originals].map((text) => texts.pack(text))
    assert.deepEqual(
      rows.map((row) => texts.unpack(row)),
      [...originals, ...originals],
    )
  })

  it('come back when there is more to share than is kept', () => {
    const texts = new SharedTexts()
    const originals = Array.from(
      { length: 700 },
      (_none, index) => `{"filler":"${index} ${'x'.repeat(15_000)}"}`,
    )
    const all = [...originals, ...originals, ...originals]
    const rows = all.map((text) => texts.pack(text))
    assert.ok(rows.some((row) => row.length < 100) && rows.some((row) => row.length > 15_000))
    assert.ok(rows.every((row, index) => texts.unpack(row) === all[index]))
  })

  it('are a tenth as long where only the key is another', () => {
    const texts = new SharedTexts()
    const textOf = (uid: string) =>
      canonical({
        asOf: '2026-11-23',
        key: { uid, name: `projects/123456/locations/global/keys/${uid}` },
        remedy: { steps: [{ say: 'Nothing has to be done. '.repeat(40), command: `delete ${uid}` }] },
      })
    const rows = ['one-1', 'two-2', 'three'].map((uid) => texts.pack(textOf(uid)))
    assert.ok((rows[2]?.length ?? 0) * 10 < textOf('three').length, rows[2])
  })

  it('have no line feed when they are packed, so that rows can be lines', () => {
    fc.assert(
      fc.property(record, (each) => {
        assert.ok(!new SharedTexts().pack(canonical(each)).includes('\n'))
      }),
    )
  })
})

describe('an arena', () => {
  it('gives back all bytes from where it said that they lie, also those that are longer than a block', () => {
    const lengths = fc.array(
      fc.oneof(fc.nat(300), fc.constantFrom(400_000, 2 ** 20, 2 ** 20 + 1, 3_000_000)),
      {
        maxLength: 8,
      },
    )
    fc.assert(
      fc.property(lengths, (wanted) => {
        const arena = new Arena()
        const all = wanted.map((length, index) => Buffer.alloc(length, index + 1))
        const places = all.map((bytes) => arena.add(bytes.subarray(0, 1), bytes.subarray(1)))
        for (const [index, bytes] of all.entries()) {
          assert.ok(arena.read(places[index] ?? -1, bytes.length).equals(bytes))
        }
      }),
      { numRuns: 40 },
    )
  })
})
