import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { z } from 'zod'
import { CALLS } from './calls.js'
import type { GoogleClient } from './client.js'
import { ApiError } from './errors.js'
import { foreignField, pages } from './paging.js'

const content = z.object({ text: z.string() })

/**
 * The whole text of an object of Cloud Storage. Throws `ApiError`.
 * @see https://cloud.google.com/storage/docs/json_api/v1/objects/get
 */
export async function readObjectText(client: GoogleClient, bucket: string, object: string): Promise<string> {
  const objects = await objectsOf(client)
  const { text } = await client.ask({
    call: CALLS.readObject,
    subject: `gs://${bucket}/${object}`,
    send: async (options) => {
      const { data } = await objects.get(
        { bucket, object, alt: 'media' },
        { ...options, responseType: 'text' },
      )
      return { data: { text: data } }
    },
    schema: content,
  })
  return text
}

/** Bytes of the largest object that is read or written whole. */
const LARGEST = 2 ** 30

const bytes = z.object({ bytes: z.instanceof(ArrayBuffer) })

/** The whole content of an object; undefined when there is none of this name. Throws `ApiError`. */
export async function readObject(
  client: GoogleClient,
  bucket: string,
  object: string,
): Promise<Buffer | undefined> {
  const objects = await objectsOf(client)
  const answer = client.ask({
    call: CALLS.readObject,
    subject: `gs://${bucket}/${object}`,
    send: async (options) => {
      const { data } = await objects.get(
        { bucket, object, alt: 'media' },
        { ...options, maxContentLength: LARGEST, responseType: 'arraybuffer' },
      )
      return { data: { bytes: data } }
    },
    schema: bytes,
  })
  return answer.then(
    (found) => Buffer.from(found.bytes),
    (error: unknown) => {
      if (error instanceof ApiError && error.status === 404) return undefined
      throw error
    },
  )
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
      subject: `gs://${bucket}/${object}`,
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
const LISTED: ReadonlySet<string> = new Set(['kind', 'items', 'prefixes', 'nextPageToken'])

const listing = z
  .looseObject({
    kind: z.literal('storage#objects').optional(),
    items: z.array(z.looseObject({ name: z.string().min(1) })).optional(),
    prefixes: z.array(z.string().min(1)).optional(),
    nextPageToken: z.string().optional(),
  })
  .refine((body) => 'items' in body || 'prefixes' in body || foreignField(body, LISTED) === undefined, {
    path: ['items'],
    message: 'missing',
  })
  .transform(({ items = [], prefixes = [], nextPageToken }) => ({
    elements: [...items.map(({ name }) => name), ...prefixes],
    nextPageToken,
    isPartial: false,
  }))

const FOREIGN = { reason: 'MALFORMED', detail: 'the listing names objects that were not asked for' }

/**
 * The names directly under a prefix, from one on, sorted; what lies deeper is told once, by its folder with a
 * closing `/`. Throws `ApiError`.
 */
export async function listObjects(
  client: GoogleClient,
  bucket: string,
  prefix: string,
  startOffset: string,
): Promise<readonly string[]> {
  const objects = await objectsOf(client)
  const subject = `gs://${bucket}/${prefix}`
  const names = new Set<string>()
  const page = (pageToken: { readonly pageToken?: string }) =>
    client.ask({
      call: CALLS.listObjects,
      subject,
      send: (options) =>
        objects.list(
          { bucket, prefix, startOffset, delimiter: '/', maxResults: 1_000, ...pageToken },
          options,
        ),
      schema: listing,
    })
  for await (const elements of pages(CALLS.listObjects, subject, page)) {
    for (const name of elements.map(String)) {
      if (!name.startsWith(prefix)) throw new ApiError(CALLS.listObjects, subject, FOREIGN)
      names.add(name)
    }
  }
  return [...names].sort()
}

/** An object of a bucket, at one generation. */
export interface ObjectInfo {
  readonly bucket: string
  readonly name: string
  readonly generation: string
  /** Bytes. */
  readonly size: number
  /** Base64, big-endian. */
  readonly crc32c: string
}

const infos = z
  .looseObject({
    items: z
      .array(
        z.looseObject({
          name: z.string(),
          generation: z.string(),
          size: z.string().regex(/^\d{1,15}$/),
          crc32c: z.string(),
        }),
      )
      .optional(),
    nextPageToken: z.string().optional(),
  })
  .transform(({ items = [], nextPageToken }) => ({ elements: items, nextPageToken, isPartial: false }))

/** All objects whose name begins with a prefix, however deep they lie. Throws `ApiError`. */
export async function listObjectsBelow(
  client: GoogleClient,
  bucket: string,
  prefix: string,
): Promise<readonly ObjectInfo[]> {
  const objects = await objectsOf(client)
  const subject = `gs://${bucket}/${prefix}`
  const fields = 'items(name,generation,size,crc32c),nextPageToken'
  const found: ObjectInfo[] = []
  let pageToken: string | undefined
  const seen = new Set<string>()
  do {
    const { elements, nextPageToken } = await client.ask({
      call: CALLS.listObjects,
      subject,
      send: (options) =>
        objects.list({ bucket, prefix, fields, maxResults: 1_000, ...(pageToken && { pageToken }) }, options),
      schema: infos,
    })
    for (const { name, generation, size, crc32c } of elements) {
      found.push({ bucket, name, generation, size: Number(size), crc32c })
    }
    pageToken = nextPageToken
    if (pageToken && seen.has(pageToken)) {
      throw new ApiError(CALLS.listObjects, subject, { reason: 'REPEATED_PAGE_TOKEN' })
    }
    if (pageToken) seen.add(pageToken)
  } while (pageToken)
  return found
}

/** The bytes of an object from one on, up to another, of the generation that was seen. Throws `ApiError`. */
export async function readObjectPart(
  client: GoogleClient,
  { bucket, name: object, generation }: ObjectInfo,
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
    call: CALLS.readObject,
    subject: `gs://${bucket}/${object}`,
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

/** Deletes an object, if it is still of this generation; one that is gone already is no failure. Throws `ApiError`. */
export async function deleteObject(
  client: GoogleClient,
  { bucket, name: object, generation }: ObjectInfo,
): Promise<void> {
  const objects = await objectsOf(client)
  try {
    await client.ask({
      call: CALLS.deleteObject,
      subject: `gs://${bucket}/${object}`,
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

async function objectsOf(client: GoogleClient) {
  const { storage } = await import('googleapis/build/src/apis/storage/index.js')
  return storage({ version: 'v1', ...client.connection }).objects
}

function rootOf({ connection: { rootUrl } }: GoogleClient): { rootUrl?: string } {
  return rootUrl === undefined ? {} : { rootUrl }
}
