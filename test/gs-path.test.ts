import assert from 'node:assert/strict'
import { gsBucketOf, gsPathOf } from '../src/gs-path.js'

describe('a place in Cloud Storage', () => {
  const places: readonly (readonly [text: string, bucket: string | undefined, path: string])[] = [
    ['gs://acme-audits', 'acme-audits', ''],
    ['gs://acme-audits/', 'acme-audits', ''],
    ['gs://acme.example_1/a/b.yaml', 'acme.example_1', 'a/b.yaml'],
    ['gs://acme/a\nb', 'acme', 'a\nb'],
    ['gs://', undefined, ''],
    ['gs:///a', undefined, ''],
    ['gs://Acme/a', undefined, ''],
    ['gs://-acme/a', undefined, ''],
    ['s3://acme/a', undefined, ''],
    ['/var/gs://acme', undefined, ''],
  ]
  for (const [text, bucket, path] of places) {
    it(`${JSON.stringify(text)} is ${bucket === undefined ? 'none' : `in ${bucket}`}`, () => {
      assert.deepEqual(gsPathOf(text), bucket === undefined ? undefined : { bucket, path })
      assert.equal(gsBucketOf(text), bucket === undefined ? undefined : `gs://${bucket}`)
    })
  }
})
