import assert from 'node:assert/strict'
import { DamagedAnswer } from '../../src/google/answer.js'
import { objectContent } from '../../src/google/storage.js'

const CONTENT = new TextEncoder().encode('exemptions: []\n').buffer
/** Of the content above. */
const CRC32C = 'x-goog-hash'

const headers = (more: Readonly<Record<string, string>>) => new Headers({ 'x-goog-generation': '7', ...more })

describe('the content of an object', () => {
  const taken: readonly [string, Readonly<Record<string, string>>][] = [
    ['with its checksum', { [CRC32C]: 'crc32c=Dz0/1A==' }],
    ['with its checksum among others', { [CRC32C]: 'crc32c=Dz0/1A==,md5=AAAA' }],
    ['without a checksum', {}],
    [
      'that is unpacked on the way',
      { [CRC32C]: 'crc32c=AAAAAA==', 'x-goog-stored-content-encoding': 'gzip' },
    ],
  ]
  for (const [what, more] of taken) {
    it(`${what} is taken`, () => {
      assert.equal(objectContent(CONTENT, headers(more)).toString(), 'exemptions: []\n')
    })
  }

  it('is taken with headers in a plain object as well', () => {
    assert.equal(objectContent(CONTENT, { 'x-goog-generation': '7' }).length, 15)
  })

  const damaged: readonly [string, unknown, object][] = [
    ['whose checksum is another one', CONTENT, headers({ [CRC32C]: 'crc32c=AAAAAA==' })],
    ['of which half is missing', CONTENT.slice(0, 8), headers({ [CRC32C]: 'crc32c=Dz0/1A==' })],
    ['in an answer that is not of Cloud Storage', CONTENT, new Headers({ 'content-type': 'text/html' })],
    ['that is text', 'exemptions: []', headers({})],
    ['that is not there', undefined, headers({})],
  ]
  for (const [what, data, its] of damaged) {
    it(`${what} is damaged`, () => {
      assert.throws(() => objectContent(data, its), DamagedAnswer)
    })
  }
})
