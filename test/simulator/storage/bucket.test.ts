import assert from 'node:assert/strict'
import { Bucket } from '../../../simulator/storage/bucket.js'
import { crc32c } from '../../../simulator/storage/crc32c.js'
import { StorageError } from '../../../simulator/storage/storage-error.js'
import { NOW } from '../simulated.js'

const object = (name: string, content = 'x') => ({
  name,
  content: Buffer.from(content),
  contentType: 'text/plain',
  metadata: {},
})

/** A bucket with this retention in seconds, and its clock. */
function bucketWith(retention = 0) {
  const clock = { now: NOW }
  return { clock, bucket: new Bucket({ name: 'b', retention, isLocked: retention > 0 }, () => clock.now) }
}
const refusedWith = (reason: string) => (error: unknown) =>
  error instanceof StorageError && error.reason === reason

describe('a bucket', () => {
  it('replaces an object and gives it a higher generation', () => {
    const { bucket } = bucketWith()
    const first = bucket.insert(object('a', 'one'))
    const second = bucket.insert(object('a', 'two'))
    assert.ok(second.generation > first.generation)
    assert.equal(bucket.get('a').content.toString(), 'two')
  })

  it('creates only what is not there when asked for generation 0', () => {
    const { bucket } = bucketWith()
    bucket.insert(object('a'), { ifGenerationMatch: 0 })
    assert.throws(() => bucket.insert(object('a'), { ifGenerationMatch: 0 }), refusedWith('conditionNotMet'))
  })

  it('replaces only the generation that is asked for', () => {
    const { bucket } = bucketWith()
    const { generation } = bucket.insert(object('a'))
    assert.throws(
      () => bucket.insert(object('a'), { ifGenerationMatch: generation + 1 }),
      refusedWith('conditionNotMet'),
    )
    assert.throws(() => bucket.get('a', { ifGenerationNotMatch: generation }), refusedWith('conditionNotMet'))
    bucket.insert(object('a'), { ifGenerationMatch: generation })
  })

  it('keeps what is retained until its time has come', () => {
    const { bucket, clock } = bucketWith(60)
    bucket.insert(object('a'))
    clock.now = new Date(NOW.getTime() + 59_999)
    assert.throws(() => bucket.insert(object('a')), refusedWith('retentionPolicyNotMet'))
    assert.throws(() => bucket.delete('a'), refusedWith('retentionPolicyNotMet'))
    clock.now = new Date(NOW.getTime() + 60_000)
    bucket.delete('a')
    assert.equal(bucket.find('a'), undefined)
  })

  it('reports a failed precondition before retention', () => {
    const { bucket } = bucketWith(60)
    bucket.insert(object('a'))
    assert.throws(() => bucket.insert(object('a'), { ifGenerationMatch: 0 }), refusedWith('conditionNotMet'))
  })

  it('lists by name, in the order of bytes', () => {
    const { bucket } = bucketWith()
    for (const name of ['b', 'a/2', 'a/10', 'é', 'z']) bucket.insert(object(name))
    assert.deepEqual(
      bucket.list().map(({ name }) => name),
      ['a/10', 'a/2', 'b', 'z', 'é'],
    )
    assert.deepEqual(
      bucket.list('a/').map(({ name }) => name),
      ['a/10', 'a/2'],
    )
  })

  it('has nothing that was not put into it', () => {
    const { bucket } = bucketWith()
    assert.throws(() => bucket.get('a'), refusedWith('notFound'))
    assert.throws(() => bucket.delete('a'), refusedWith('notFound'))
  })
})

describe('CRC32C', () => {
  it('is that of the standard test vector', () => {
    assert.equal(crc32c(Buffer.from('123456789')), Buffer.from('e3069283', 'hex').toString('base64'))
    assert.equal(crc32c(Buffer.alloc(0)), 'AAAAAA==')
  })
})
