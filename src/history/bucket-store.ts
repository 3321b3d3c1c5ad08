import { parseInstant } from '../calendar.js'
import type { GoogleClient } from '../google/client.js'
import { listObjectsBelow, objectBytes } from '../google/download.js'
import { ApiError } from '../google/errors.js'
import { mayPass } from '../google/retry.js'
import { createObject, listObjects, readObject } from '../google/storage.js'
import { uploadObject } from '../google/upload.js'
import {
  ArchiveError,
  type ArchiveStore,
  byPath,
  type OpenObject,
  type StoredObject,
} from './archive-store.js'
import { inPieces } from './pieces.js'

/** An archive under a prefix of a Cloud Storage bucket. Works under a retention policy, locked or not. */
export class BucketStore implements ArchiveStore {
  readonly name: string
  readonly #client: GoogleClient
  readonly #bucket: string
  /** Empty, or ends with `/`. */
  readonly #prefix: string

  constructor(client: GoogleClient, bucket: string, prefix: string) {
    const path = prefix.replace(/^\/+|\/+$/g, '')
    this.#client = client
    this.#bucket = bucket
    this.#prefix = path === '' ? '' : `${path}/`
    this.name = `gs://${bucket}${path && `/${path}`}`
  }

  create(path: string, content: Buffer): Promise<boolean> {
    return withArchiveError(createObject(this.#client, this.#bucket, this.#prefix + path, content))
  }

  createLarge(path: string, content: AsyncIterable<Uint8Array>): Promise<boolean> {
    return withArchiveError(uploadObject(this.#client, this.#bucket, this.#prefix + path, inPieces(content)))
  }

  async open(path: string): Promise<OpenObject | undefined> {
    const name = this.#prefix + path
    const found = await withArchiveError(listObjectsBelow(this.#client, this.#bucket, name, 'archive'))
    const info = found.find((each) => each.name === name)
    return info && { size: info.size, pieces: () => withArchiveErrors(objectBytes(this.#client, info)) }
  }

  read(path: string): Promise<Buffer | undefined> {
    return withArchiveError(readObject(this.#client, this.#bucket, this.#prefix + path))
  }

  async list(folder: string, from = ''): Promise<readonly string[]> {
    const prefix = this.#prefix + (folder === '' || folder.endsWith('/') ? folder : `${folder}/`)
    const names = await withArchiveError(listObjects(this.#client, this.#bucket, prefix, prefix + from))
    return names.map((name) => name.slice(prefix.length)).filter((name) => name >= from)
  }

  async objects(folder: string): Promise<readonly StoredObject[]> {
    const prefix = `${this.#prefix}${folder}`
    const found = await withArchiveError(listObjectsBelow(this.#client, this.#bucket, prefix, 'archive'))
    return found
      .map(({ name, size, timeCreated = '' }) => {
        const created = parseInstant(timeCreated)
        return { path: name.slice(prefix.length), size, ...(created && { created }) }
      })
      .sort(byPath)
  }
}

async function* withArchiveErrors<Value>(work: AsyncGenerator<Value>): AsyncGenerator<Value> {
  try {
    for (
      let next = await withArchiveError(work.next());
      next.done !== true;
      next = await withArchiveError(work.next())
    )
      yield next.value
  } finally {
    await work.return(undefined)
  }
}

async function withArchiveError<Value>(work: Promise<Value>): Promise<Value> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const { reason: code, because, advice } = error
    throw new ArchiveError({ code, cause: `${because} (${code})`, advice }, mayPass(error), { cause: error })
  }
}
