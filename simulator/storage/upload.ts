import type { Call } from '../wire/call.js'
import { isObject } from '../wire/json-body.js'
import type { NewObject } from './bucket.js'
import { StorageError } from './storage-error.js'

/** What is said about an object apart from its content. */
export type Resource = Omit<NewObject, 'content'>

/** The object of an upload in one request, media alone or with its metadata. @throws StorageError 400. */
export function uploadedObject(call: Call): NewObject {
  switch (call.query.get('uploadType')) {
    case 'media':
      return { ...resourceOf(call, {}, call.headers['content-type']), content: call.body }
    case 'multipart':
      return multipartObject(call)
    default:
      throw new StorageError('invalid', `Unknown upload type "${call.query.get('uploadType')}".`)
  }
}

/** Name, type and metadata, from the parameters and from what the body says. @throws StorageError 400. */
export function resourceOf(
  call: Call,
  said: Readonly<Record<string, unknown>>,
  type: string | undefined,
): Resource {
  const name = call.query.get('name') ?? said['name']
  if (typeof name !== 'string' || name === '') throw new StorageError('invalid', 'An object needs a name.')
  const encoding = call.query.get('contentEncoding') ?? said['contentEncoding']
  const metadata = Object.entries(isObject(said['metadata']) ? said['metadata'] : {})
  return {
    name,
    contentType:
      typeof said['contentType'] === 'string' ? said['contentType'] : (type ?? 'application/octet-stream'),
    ...(typeof encoding === 'string' && { contentEncoding: encoding }),
    metadata: Object.fromEntries(metadata.map(([key, value]) => [key, String(value)])),
  }
}

/** The JSON object that begins an upload. @throws StorageError 400. */
export function saidIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text || '{}')
    if (isObject(value)) return value
  } catch {
    // refused below, as is JSON that is no object
  }
  throw new StorageError('invalid', 'Parse Error: the metadata of the upload is no JSON object.')
}

/** Two parts: the resource as JSON, then the content. @see https://www.rfc-editor.org/rfc/rfc2387 */
function multipartObject(call: Call): NewObject {
  const [first, second] = partsOf(call)
  if (!first || !second) throw new StorageError('invalid', 'A multipart upload has two parts.')
  return { ...resourceOf(call, saidIn(first.content.toString('utf8')), second.type), content: second.content }
}

interface BodyPart {
  readonly type: string | undefined
  readonly content: Buffer
}

function partsOf(call: Call): readonly BodyPart[] {
  const [, quoted, plain] =
    /boundary=(?:["']([^"']+)["']|([^;]+))/.exec(call.headers['content-type'] ?? '') ?? []
  const boundary = quoted ?? plain
  if (!boundary) throw new StorageError('invalid', 'A multipart upload names its boundary.')
  const parts: BodyPart[] = []
  const mark = `--${boundary.trim()}`
  for (let at = call.body.indexOf(mark); at >= 0; ) {
    const from = at + mark.length
    const next = call.body.indexOf(mark, from)
    if (next < 0) break
    parts.push(partOf(call.body.subarray(from, next)))
    at = next
  }
  return parts
}

/** Headers and content of a part; the line break before the next boundary is not content. */
function partOf(bytes: Buffer): BodyPart {
  const blank = /\r?\n\r?\n/.exec(bytes.subarray(0, 65_536).toString('latin1'))
  if (!blank) return { type: undefined, content: Buffer.alloc(0) }
  const head = bytes.subarray(0, blank.index).toString('latin1')
  const end = bytes.subarray(-2).toString('latin1') === '\r\n' ? -2 : -1
  return {
    type: /^content-type:\s*(.+?)\s*$/im.exec(head)?.[1],
    content: bytes.subarray(blank.index + blank[0].length, end),
  }
}
