import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { type HeldKey, PendingKeys } from '../../src/memory/pending-keys.js'
import type { Instant } from '../../src/model.js'

/** A record as JSON makes it. */
const plain = <Fields>(fields: { [Name in keyof Fields]: fc.Arbitrary<Fields[Name]> }) =>
  fc.record(fields, { noNullPrototype: true })
const texts = fc.array(fc.string({ unit: 'binary', maxLength: 5 }), { maxLength: 2 })
const instants = fc.constantFrom('2026-01-01T00:00:00Z', '2026-01-01T00:00:00.123Z') as fc.Arbitrary<Instant>
const keys = fc.record(
  {
    name: fc.oneof(fc.string(), fc.constant('projects/1/locations/global/keys/u1')),
    uid: fc.constantFrom('', 'u1', 'u2'),
    projectNumber: fc.constantFrom('1', '22'),
    displayName: fc.string({ unit: 'binary' }),
    createTime: instants,
    updateTime: instants,
    deleteTime: instants,
    serviceAccountEmail: fc.string({ minLength: 1 }),
    restrictions: plain({
      apiTargets: fc.array(plain({ service: fc.constantFrom('a', 'b', 'a","b'), methods: texts })),
      allowedReferrers: texts,
      allowedIps: texts,
      allowedApplications: fc.array(plain({ sha1Fingerprint: fc.string(), packageName: fc.string() }), {
        maxLength: 1,
      }),
      allowedBundleIds: texts,
    }),
    flaw: fc.string({ minLength: 1 }),
  },
  { requiredKeys: ['name', 'uid', 'projectNumber', 'displayName', 'restrictions'], noNullPrototype: true },
)

describe('the keys that are held', () => {
  it('come back as they were, with the moment at which their page was read', async () => {
    const pages = fc.array(fc.tuple(fc.array(keys, { maxLength: 20 }), instants), { maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(pages, async (given) => {
        const held = new PendingKeys()
        for (const [page, readAt] of given) await held.add(page, readAt)
        const all: HeldKey[] = []
        for await (const chunk of held.take()) all.push(...chunk)
        const expected = given.flatMap(([page, readAt]) => page.map((key) => ({ key, readAt })))
        assert.deepEqual(all, expected)
      }),
    )
  })
})
