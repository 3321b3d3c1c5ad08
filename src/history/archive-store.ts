import { type Explanation, explanationText } from '../errors.js'
import type { Instant } from '../model.js'

/** An object of which no more than some pieces are held. */
export interface OpenObject {
  /** Bytes. */
  readonly size: number
  /** Its content from the beginning; can be asked for again. */
  pieces(): AsyncIterable<Buffer>
}

/** An object as a listing shows it. */
export interface StoredObject {
  /** Its path below the folder that was listed. */
  readonly path: string
  /** Bytes. */
  readonly size: number
  /** When it was put there, as far as the store says so on its own: who writes it cannot choose. */
  readonly created?: Instant
}

/**
 * Where an archive lives. Nothing in it is ever overwritten or deleted, so that a place may be locked. Paths
 * are relative, with `/` between their parts. Every method throws an `ArchiveError` when the place fails.
 */
export interface ArchiveStore {
  /** How people know it: a directory, or `gs://BUCKET/PREFIX`. */
  readonly name: string
  /** Writes a whole object, or nothing; false when there is one of this name, which stays as it is. */
  create(path: string, content: Buffer): Promise<boolean>
  /** The same for content of any length, which is asked for as it is written; no more than some pieces are held. */
  createLarge(path: string, content: AsyncIterable<Uint8Array>): Promise<boolean>
  /** The whole content; undefined when there is no such object. */
  read(path: string): Promise<Buffer | undefined>
  /** An object to be read piece by piece; undefined when there is no such object. */
  open(path: string): Promise<OpenObject | undefined>
  /** The names directly in a folder, sorted, from the one given on; folders end with `/`. Empty when it is none. */
  list(folder: string, from?: string): Promise<readonly string[]>
  /** All objects below a folder, however deep, by their paths. Empty when it is none. */
  objects(folder: string): Promise<readonly StoredObject[]>
}

/** Sorts a listing. */
export function byPath(one: StoredObject, other: StoredObject): number {
  return one.path < other.path ? -1 : 1
}

/** The archive could not be used. The message is the explanation as one sentence. */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError'

  constructor(
    /** Of a bucket its code is Google's. */
    readonly explanation: Explanation,
    /** Whether the same may succeed later, with nothing changed. */
    readonly retry = false,
    options?: ErrorOptions,
  ) {
    super(explanationText(explanation), options)
  }
}
