import { DamagedAnswer } from './answer.js'
import { Crc32c } from './crc32c.js'

/**
 * The content of an object out of the answer that brings it. A proxy's page, or half of an object under a
 * length that fits it, would be taken for a policy or for an earlier run: both throw `DamagedAnswer`. Cloud
 * Storage says which generation it answers with, and the checksum of what is stored; content that it unpacks
 * on its way has no checksum to compare with.
 * @see https://cloud.google.com/storage/docs/xml-api/reference-headers#xgooghash
 */
export function objectContent(data: unknown, headers: object): Buffer {
  if (!(data instanceof ArrayBuffer) || headerOf(headers, 'x-goog-generation') === undefined)
    throw new DamagedAnswer('not an answer of Cloud Storage')
  const bytes = Buffer.from(data)
  const stored = headerOf(headers, 'x-goog-stored-content-encoding') ?? 'identity'
  const [, checksum] = /\bcrc32c=([\w+/]+={0,2})/.exec(headerOf(headers, 'x-goog-hash') ?? '') ?? []
  if (stored === 'identity' && checksum !== undefined && checksum !== checksumOf(bytes))
    throw new DamagedAnswer('its checksum is not the one that Cloud Storage has')
  return bytes
}

function checksumOf(bytes: Buffer): string {
  const checksum = new Crc32c()
  checksum.update(bytes)
  return checksum.digest()
}

/** The types of `googleapis` say a plain object, what comes is a `Headers`. */
function headerOf(headers: object, name: string): string | undefined {
  const value: unknown =
    'get' in headers && typeof headers.get === 'function' ? headers.get(name) : Reflect.get(headers, name)
  return typeof value === 'string' ? value : undefined
}
