import { z } from 'zod'
import { CALLS } from './calls.js'
import type { GoogleClient } from './client.js'
import { ApiError } from './errors.js'
import { foreignField, pages } from './paging.js'
import { objectsOf } from './storage.js'

/** What a bucket is for: which right is missing depends on it. */
type Purpose = 'archive' | 'exports'

const LISTING = { archive: CALLS.listObjects, exports: CALLS.listExport } as const
export const READING = { archive: CALLS.readObject, exports: CALLS.readExport } as const

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
}

const DOCUMENTED: ReadonlySet<string> = new Set(['kind', 'items', 'prefixes', 'nextPageToken'])

const infos = z
  .looseObject({
    items: z
      .array(
        z.object({
          name: z.string().min(1),
          generation: z.string(),
          size: z.string().regex(/^\d{1,15}$/),
          crc32c: z.string(),
        }),
      )
      .optional(),
    nextPageToken: z.string().optional(),
  })
  .refine((body) => 'items' in body || foreignField(body, DOCUMENTED) === undefined, {
    path: ['items'],
    message: 'missing',
  })
  .transform(({ items = [], nextPageToken }) => ({ elements: items, nextPageToken, isPartial: false }))

const FOREIGN = { reason: 'MALFORMED', detail: 'the listing names objects that were not asked for' }

/** All objects whose name begins with a prefix, however deep they lie. Throws `ApiError`. */
export async function listObjectsBelow(
  client: GoogleClient,
  bucket: string,
  prefix: string,
  purpose: Purpose,
): Promise<readonly ObjectInfo[]> {
  const call = LISTING[purpose]
  const objects = await objectsOf(client)
  const subject = `gs://${bucket}/${prefix}`
  const asked = {
    bucket,
    prefix,
    maxResults: 1_000,
    fields: 'items(name,generation,size,crc32c),nextPageToken',
  }
  const found: ObjectInfo[] = []
  const page = async (pageToken: { readonly pageToken?: string }) => {
    const answer = await client.ask({
      call,
      subject,
      send: (options) => objects.list({ ...asked, ...pageToken }, options),
      schema: infos,
    })
    found.push(
      ...answer.elements.map(({ size, ...info }) => ({ ...info, purpose, bucket, size: Number(size) })),
    )
    return answer
  }
  for await (const _ of pages(call, subject, page)); // each page is kept when it comes
  const foreign = found.some(({ name }) => !name.startsWith(prefix))
  if (foreign) throw new ApiError(call, subject, FOREIGN)
  return [...new Map(found.map((info) => [info.name, info])).values()] // a page may repeat what another had
}

const bytes = z.object({ bytes: z.instanceof(ArrayBuffer) })

/** The bytes of an object from one on, up to another, of the generation that was seen. Throws `ApiError`. */
export async function readObjectPart(
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
export async function deleteExport(
  client: GoogleClient,
  { bucket, name: object, generation }: ObjectInfo,
): Promise<void> {
  const objects = await objectsOf(client)
  try {
    await client.ask({
      call: CALLS.deleteExport,
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
