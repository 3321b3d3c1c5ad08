import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import type { KeyRecord } from '../../../src/records/key-record.js'
import { type Batch, FIELDS, Packer, unpacked } from '../../../src/report/html/packing.js'
import { record } from '../samples.js'

/** The records as the page has them, through JSON. */
function carried(
  records: readonly KeyRecord[],
  batchSize = records.length,
  packer = new Packer(),
): readonly object[] {
  const batches: Batch[] = []
  for (const [index, packed] of records.entries()) {
    packer.add(packed)
    if ((index + 1) % batchSize === 0) batches.push(JSON.parse(JSON.stringify(packer.batch())))
  }
  batches.push(packer.batch())
  const shared = batches.flatMap((batch) => batch.shared)
  return batches
    .flatMap((batch) => batch.keys)
    .map((key) => Object.fromEntries(FIELDS.map((field, index) => [field, unpacked(shared, key, index)])))
}

/** What a page knows of a record. */
function ownFields(whole: KeyRecord): object {
  return Object.fromEntries(FIELDS.map((field) => [field, whole[field]]))
}

/** Names as people give them, and such as hold what stands for a name. */
const name = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    'gcloud',
    'keys',
    'projects',
    '\uE000',
    'a\uE001\uE002',
    '123',
    'acme-web',
    'constructor',
    '',
  ),
)

describe('keys as the page carries them', () => {
  it('come out as they went in, whatever their names', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ displayName: name, uid: name, name }), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 5 }),
        (keys, batchSize) => {
          const records = keys.map((key) => record(key))
          assert.deepEqual(carried(records, batchSize), records.map(ownFields))
          assert.deepEqual(carried(records, batchSize, new Packer(batchSize)), records.map(ownFields))
        },
      ),
    )
  })

  it('share what differs by their names only', () => {
    const packer = new Packer()
    const alike = (id: string) => {
      const uid = `${id}-0000-4000-8000-000000000001`
      const name = `projects/123/locations/global/keys/${uid}`
      const command = `gcloud services api-keys delete ${name}`
      const remedy = { action: 'retire' as const, steps: [{ say: `Delete ${uid}.`, command }] }
      return record({ uid, name, displayName: `Key ${id}` }, { remedy })
    }
    packer.add(alike('1f2e3d4c'))
    packer.batch()
    packer.add(alike('5a6b7c8d'))
    assert.deepEqual(packer.batch().shared, [])
    const forgetful = new Packer(3)
    forgetful.add(alike('1f2e3d4c'))
    forgetful.batch()
    forgetful.add(alike('5a6b7c8d'))
    assert.ok(forgetful.batch().shared.length > 0)
  })
})
