import { z } from 'zod'
import { gsUri } from '../gs-path.js'
import { CALLS } from './calls.js'
import type { GoogleClient } from './client.js'
import { ApiError } from './errors.js'
import { LineSplitter } from './line-splitter.js'
import { LARGEST_ANSWER, PAGE_SIZES } from './page-sizes.js'
import { foreignField, type PageRequest, pages } from './paging.js'
import { Crc32c, FOREIGN_OBJECTS, LISTING_FIELDS, objectsOf } from './storage.js'

/** What a bucket is for: which right is missing depends on it. */
type Purpose = 'archive' | 'exports'

const LISTING = { archive: CALLS.listObjects, exports: CALLS.listExport } as const
const READING = { archive: CALLS.readObject, exports: CALLS.readExport } as const

/** An object of a bucket, at one generation. */
export interface ObjectInfo {
  readonly purpose: Purpose
  readonly bucket: string
  readonly name: string
  readonly generation: string
  /** Bytes. */
  readonly size: number
  /** Base64, big-endian. */
  readonly crc32c: string
  /** When Cloud Storage took it, RFC 3339. */
  readonly timeCreated?: string | undefined
}

const infos = z
  .looseObject({
    items: z
      .array(
        z.object({
          name: z.string().min(1),
          generation: z.string(),
          size: z.string().regex(/^\d{1,15}$/),
          crc32c: z.string(),
          timeCreated: z.string().optional(),
        }),
      )
      .optional(),
    nextPageToken: z.string().optional(),
  })
  .refine((body) => 'items' in body || foreignField(body, LISTING_FIELDS) === undefined, {
    path: ['items'],
    message: 'missing',
  })
  .transform(({ items = [], nextPageToken }) => ({ elements: items, nextPageToken, isPartial: false }))

/** All objects whose name begins with a prefix, however deep they lie. Throws `ApiError`. */
export async function listObjectsBelow(
  client: GoogleClient,
  bucket: string,
  prefix: string,
  purpose: Purpose,
): Promise<readonly ObjectInfo[]> {
  const call = LISTING[purpose]
  const objects = await objectsOf(client)
  const subject = gsUri(bucket, prefix)
  const asked = {
    bucket,
    prefix,
    fields: 'items(name,generation,size,crc32c,timeCreated),nextPageToken',
  }
  const found: ObjectInfo[] = []
  const page = async ({ pageSize: maxResults, ...token }: PageRequest) => {
    const answer = await client.ask({
      call,
      subject,
      send: (options) => objects.list({ ...asked, maxResults, ...token }, options),
      schema: infos,
    })
    found.push(
      ...answer.elements.map(({ size, ...info }) => ({ ...info, purpose, bucket, size: Number(size) })),
    )
    return answer
  }
  for await (const _ of pages(call, subject, PAGE_SIZES.objects, page)); // each page is kept when it comes
  const foreign = found.some(({ name }) => !name.startsWith(prefix))
  if (foreign) throw new ApiError(call, subject, FOREIGN_OBJECTS)
  return [...new Map(found.map((info) => [info.name, info])).values()] // a page may repeat what another had
}

const bytes = z.object({ bytes: z.instanceof(ArrayBuffer) })

/** The bytes of an object from one on, up to another, of the generation that was seen. Throws `ApiError`. */
async function readPart(
  client: GoogleClient,
  { purpose, bucket, name: object, generation }: ObjectInfo,
  from: number,
  to: number,
): Promise<Buffer> {
  const objects = await objectsOf(client)
  const part = bytes.refine(
    (found) => found.bytes.byteLength === to - from,
    'not as long as it was asked for',
  )
  const headers = { range: `bytes=${from}-${to - 1}` }
  const answer = await client.ask({
    call: READING[purpose],
    subject: gsUri(bucket, object),
    send: async (options) => {
      const { data } = await objects.get(
        { bucket, object, generation, alt: 'media' },
        { ...options, headers, responseType: 'arraybuffer' },
      )
      return { data: { bytes: data } }
    },
    schema: part,
  })
  return Buffer.from(answer.bytes)
}

/** Bytes that are asked for at once: little to hold, and enough that the next part is there when it is wanted. */
export const PART_BYTES = 4 * 2 ** 20

/** Bytes of the longest line that is read; a resource has far fewer. */
const LONGEST_LINE = 4 * 2 ** 20

/** Lines that are handed out at once, as many as a page of a listing has, and their bytes. */
const BATCH = { lines: PAGE_SIZES.assets, bytes: LARGEST_ANSWER / 4 } as const

/**
 * The lines of an object as JSON, in batches; undefined for a line that is none, or too long. The object is
 * read in parts, the next one on its way while one is worked on, and never held as a whole. Throws `ApiError`;
 * with `DAMAGED_OBJECT` when the checksum is not the one that Cloud Storage has, which is known before the last
 * batch is handed out: an object of one batch is checked before any of it is used.
 */
export async function* objectLines(
  client: GoogleClient,
  object: ObjectInfo,
  partSize = PART_BYTES,
): AsyncGenerator<readonly unknown[]> {
  const splitter = new LineSplitter(LONGEST_LINE)
  const checksum = new Crc32c()
  let lines: unknown[] = []
  let bytes = 0
  for await (const part of objectBytes(client, object, partSize)) {
    checksum.update(part)
    for (const line of splitter.split(part)) {
      if (line?.length === 0) continue
      if (lines.length === BATCH.lines || bytes >= BATCH.bytes) {
        yield lines
        lines = []
        bytes = 0
      }
      lines.push(parsed(line))
      bytes += line?.length ?? 0
    }
  }
  for (const line of splitter.rest()) lines.push(parsed(line))
  if (checksum.digest() !== object.crc32c) throw damaged(object)
  yield lines
}

/** The bytes of an object in parts, the next one on its way while one is worked on. Throws `ApiError`. */
export async function* objectBytes(
  client: GoogleClient,
  object: ObjectInfo,
  length = PART_BYTES,
): AsyncGenerator<Buffer> {
  const partFrom = (from: number) =>
    from < object.size ? readPart(client, object, from, Math.min(from + length, object.size)) : undefined
  let next = partFrom(0)
  for (let from = length; next; from += length) {
    const part: Buffer = await next
    next = partFrom(from)
    next?.catch(() => undefined) // thrown when its turn comes; nothing may wait for it now
    yield part
  }
}

function parsed(line: Buffer | undefined): unknown {
  if (line === undefined) return undefined
  try {
    return JSON.parse(line.toString('utf8'))
  } catch {
    return undefined // its reader reports that it is unreadable
  }
}

function damaged({ purpose, bucket, name }: ObjectInfo): ApiError {
  return new ApiError(READING[purpose], gsUri(bucket, name), { reason: 'DAMAGED_OBJECT' })
}

/** Deletes an object, if it is still of this generation; one that is gone already is no failure. Throws `ApiError`. */
export async function deleteExport(
  client: GoogleClient,
  { bucket, name: object, generation }: ObjectInfo,
): Promise<void> {
  const objects = await objectsOf(client)
  try {
    await client.ask({
      call: CALLS.deleteExport,
      subject: gsUri(bucket, object),
      send: async (options) => {
        await objects.delete({ bucket, object, ifGenerationMatch: generation }, options)
        return { data: {} }
      },
      schema: z.object({}),
    })
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 404)) throw error
  }
}
