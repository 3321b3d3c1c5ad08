import type { Answer, Call } from '../wire/call.js'
import type { NewObject, Preconditions } from './bucket.js'
import { StorageError } from './storage-error.js'
import type { Resource } from './upload.js'

interface Session {
  readonly bucket: string
  readonly resource: Resource
  readonly conditions: Preconditions
  readonly chunks: Buffer[]
}

export interface Finished {
  readonly bucket: string
  readonly object: NewObject
  readonly conditions: Preconditions
}

/** Resumable uploads that have begun. @see https://cloud.google.com/storage/docs/performing-resumable-uploads */
export class Sessions {
  readonly #sessions = new Map<string, Session>()

  /** Begins an upload; its id is what the caller sends the content to. */
  begin(bucket: string, resource: Resource, conditions: Preconditions): string {
    const id = `session-${this.#sessions.size + 1}`
    this.#sessions.set(id, { bucket, resource, conditions, chunks: [] })
    return id
  }

  /** Takes a piece of content: the object once it is whole, else how far it has come. @throws StorageError. */
  take(id: string, call: Call): Finished | Answer {
    const session = this.#sessions.get(id)
    if (!session) throw new StorageError('notFound', 'There is no such upload session.')
    const [, first, total] =
      /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(call.headers['content-range'] ?? '') ?? []
    const before = lengthOf(session)
    if (first !== undefined && Number(first) !== before) {
      throw new StorageError('invalid', `The content goes on at ${before}, not at ${first}.`)
    }
    session.chunks.push(call.body)
    const length = lengthOf(session)
    const whole = call.headers['content-range'] === undefined || Number(total) === length
    if (!whole) return { status: 308, headers: length === 0 ? {} : { range: `bytes=0-${length - 1}` } }
    this.#sessions.delete(id)
    const { bucket, resource, conditions } = session
    return { bucket, conditions, object: { ...resource, content: Buffer.concat(session.chunks) } }
  }
}

function lengthOf(session: Session): number {
  return session.chunks.reduce((sum, chunk) => sum + chunk.length, 0)
}
