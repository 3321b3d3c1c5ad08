import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { z } from 'zod'
import { gsUri } from '../gs-path.js'
import { DamagedAnswer } from './answer.js'
import { CALLS, type Call } from './calls.js'
import type { GoogleClient } from './client.js'
import { ApiError } from './errors.js'
import { PAGE_SIZES } from './page-sizes.js'
import { foreignField, type PageRequest, pages } from './paging.js'

/**
 * The whole text of a policy in Cloud Storage. Throws `ApiError`.
 * @see https://cloud.google.com/storage/docs/json_api/v1/objects/get
 */
export async function readPolicyObject(
  client: GoogleClient,
  bucket: string,
  object: string,
): Promise<string> {
  return (await contentOf(client, CALLS.readPolicy, bucket, object)).toString('utf8')
}

const content = z.object({ content: z.instanceof(Buffer) })

/** The whole content of an object; undefined when there is none of this name. Throws `ApiError`. */
export async function readObject(
  client: GoogleClient,
  bucket: string,
  object: string,
): Promise<Buffer | undefined> {
  return contentOf(client, CALLS.readObject, bucket, object).catch((error: unknown) => {
    if (error instanceof ApiError && error.status === 404) return undefined
    throw error
  })
}

async function contentOf(client: GoogleClient, call: Call, bucket: string, object: string): Promise<Buffer> {
  const objects = await objectsOf(client)
  const found = await client.ask({
    call,
    subject: gsUri(bucket, object),
    send: async (options) => {
      const { data, headers } = await objects.get(
        { bucket, object, alt: 'media' },
        { ...options, responseType: 'arraybuffer' },
      )
      return { data: { content: objectContent(data, headers) } }
    },
    schema: content,
  })
  return found.content
}

const written = z.looseObject({ generation: z.string() })

/**
 * Writes an object that is not there yet; false when there is one, which may also be this very content, if
 * the answer to an earlier attempt was lost. Google checks the content by its MD5. Throws `ApiError`.
 * @see https://cloud.google.com/storage/docs/request-preconditions
 */
export async function createObject(
  client: GoogleClient,
  bucket: string,
  object: string,
  content: Buffer,
): Promise<boolean> {
  const objects = await objectsOf(client)
  const md5Hash = createHash('md5').update(content).digest('base64')
  try {
    await client.ask({
      call: CALLS.createObject,
      subject: gsUri(bucket, object),
      send: (options) =>
        objects.insert(
          {
            bucket,
            ifGenerationMatch: '0',
            requestBody: { name: object, md5Hash },
            media: { mimeType: 'application/octet-stream', body: Readable.from([content]) },
          },
          // an upload asks the host of its own call, not the client's
          { ...options, ...rootOf(client) },
        ),
      schema: written,
    })
    return true
  } catch (error) {
    if (error instanceof ApiError && error.status === 412) return false
    throw error
  }
}

/** What Google documents for a listing; with anything else beside it, an answer without names is none. */
export const LISTING_FIELDS: ReadonlySet<string> = new Set(['kind', 'items', 'prefixes', 'nextPageToken'])

const listing = z
  .looseObject({
    kind: z.literal('storage#objects').optional(),
    items: z.array(z.looseObject({ name: z.string().min(1) })).optional(),
    prefixes: z.array(z.string().min(1)).optional(),
    nextPageToken: z.string().optional(),
  })
  .refine(
    (body) => 'items' in body || 'prefixes' in body || foreignField(body, LISTING_FIELDS) === undefined,
    {
      path: ['items'],
      message: 'missing',
    },
  )
  .transform(({ items = [], prefixes = [], nextPageToken }) => ({
    elements: [...items.map(({ name }) => name), ...prefixes],
    nextPageToken,
    isPartial: false,
  }))

/** A listing that is not the one that was asked for. */
export const FOREIGN_OBJECTS = {
  reason: 'MALFORMED',
  detail: 'the listing names objects that were not asked for',
}

/**
 * The names directly under a prefix, from one on, sorted; what lies deeper is named once, by its folder with a
 * closing `/`. Throws `ApiError`.
 */
export async function listObjects(
  client: GoogleClient,
  bucket: string,
  prefix: string,
  startOffset: string,
): Promise<readonly string[]> {
  const objects = await objectsOf(client)
  const subject = gsUri(bucket, prefix)
  const names = new Set<string>()
  const page = ({ pageSize: maxResults, ...token }: PageRequest) =>
    client.ask({
      call: CALLS.listObjects,
      subject,
      send: (options) =>
        objects.list({ bucket, prefix, startOffset, delimiter: '/', maxResults, ...token }, options),
      schema: listing,
    })
  for await (const elements of pages(CALLS.listObjects, subject, PAGE_SIZES.objects, page)) {
    for (const name of elements.map(String)) {
      if (!name.startsWith(prefix)) throw new ApiError(CALLS.listObjects, subject, FOREIGN_OBJECTS)
      names.add(name)
    }
  }
  return [...names].sort()
}

/** Google's class for objects, loaded when it is first needed. */
export async function objectsOf(client: GoogleClient) {
  const { storage } = await import('googleapis/build/src/apis/storage/index.js')
  return storage({ version: 'v1', ...client.connection }).objects
}

function rootOf({ connection: { rootUrl } }: GoogleClient): { rootUrl?: string } {
  return rootUrl === undefined ? {} : { rootUrl }
}

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

/** The polynomial of Castagnoli, its bits reversed. */
const POLYNOMIAL = 0x82f63b78

const TABLE = Uint32Array.from({ length: 256 }, (_none, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1
  return value
})

/**
 * The checksum that Cloud Storage keeps of every object, for content that comes in pieces. Node's own CRC32 is
 * another one, and composed objects have no MD5.
 * @see https://cloud.google.com/storage/docs/data-validation
 */
export class Crc32c {
  #value = 0xffffffff

  update(bytes: Uint8Array): void {
    let value = this.#value
    for (let at = 0; at < bytes.length; at += 1) {
      value = (TABLE[(value ^ (bytes[at] ?? 0)) & 0xff] ?? 0) ^ (value >>> 8)
    }
    this.#value = value
  }

  /** As Cloud Storage writes it: base64, big-endian. */
  digest(): string {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE((this.#value ^ 0xffffffff) >>> 0)
    return bytes.toString('base64')
  }
}
