import type { Kept } from '../installation/kept.js'
import type { StorageBucket } from '../world/world.js'
import { StorageError } from './storage-error.js'

/** Bytes that are there, or that are made when they are read. */
export interface Content {
  readonly length: number
  subarray(from?: number, to?: number): Buffer
}

/** An object as it is kept. */
export interface StoredObject {
  readonly name: string
  readonly content: Content
  /** Where it is known without reading the content; such an object was composed, and has no MD5. */
  readonly crc32c?: string
  readonly contentType: string
  readonly contentEncoding?: string
  readonly metadata: Readonly<Record<string, string>>
  /** Rises with every write to the bucket. */
  readonly generation: number
  readonly timeCreated: Date
}

/** Conditions of a request; 0 stands for "there is none". */
export interface Preconditions {
  readonly ifGenerationMatch?: number
  readonly ifGenerationNotMatch?: number
}

/** What is written, before the bucket gives it a generation. */
export type NewObject = Pick<
  StoredObject,
  'name' | 'content' | 'crc32c' | 'contentType' | 'contentEncoding' | 'metadata'
>

/** A bucket without versions: a write replaces, unless retention or a precondition forbids it. */
export class Bucket {
  readonly #objects = new Map<string, StoredObject>()
  #written = 0

  #settings: StorageBucket
  #said: Kept = {}

  constructor(
    settings: StorageBucket,
    private readonly now: () => Date,
  ) {
    this.#settings = settings
  }

  get settings(): StorageBucket {
    return this.#settings
  }

  /** What the one who made or changed the bucket said of it; nothing for a bucket of the world. */
  get said(): Kept {
    return this.#said
  }

  become(settings: StorageBucket, said: Kept): void {
    this.#settings = settings
    this.#said = said
  }

  /** All objects whose name begins so, by name. */
  list(prefix = ''): readonly StoredObject[] {
    return [...this.#objects.values()]
      .filter((object) => object.name.startsWith(prefix))
      .sort((left, right) => Buffer.compare(Buffer.from(left.name), Buffer.from(right.name)))
  }

  /** The object of this name, if there is one. */
  find(name: string): StoredObject | undefined {
    return this.#objects.get(name)
  }

  /** @throws StorageError 404, or 412 where a precondition fails. */
  get(name: string, conditions: Preconditions = {}): StoredObject {
    const object = this.#objects.get(name)
    this.#demand(name, conditions)
    if (!object) throw new StorageError('notFound', `No such object: ${this.settings.name}/${name}`)
    return object
  }

  /** @throws StorageError 412 where a precondition fails, 403 where the present object is retained. */
  insert(object: NewObject, conditions: Preconditions = {}): StoredObject {
    this.#demand(object.name, conditions)
    this.#demandUnretained(object.name)
    this.#written += 1
    const timeCreated = this.now()
    const stored = { ...object, timeCreated, generation: timeCreated.getTime() * 1000 + this.#written }
    this.#objects.set(object.name, stored)
    return stored
  }

  /** @throws StorageError 404, 412 or 403 as above. */
  delete(name: string, conditions: Preconditions = {}): void {
    this.get(name, conditions)
    this.#demandUnretained(name)
    this.#objects.delete(name)
  }

  /** When the object may be replaced or deleted; undefined in a bucket without retention. */
  retainedUntil(object: StoredObject): Date | undefined {
    const { retention } = this.settings
    return retention === 0 ? undefined : new Date(object.timeCreated.getTime() + retention * 1000)
  }

  #demand(name: string, conditions: Preconditions): void {
    const generation = this.#objects.get(name)?.generation ?? 0
    const { ifGenerationMatch: match, ifGenerationNotMatch: other } = conditions
    const holds =
      (match === undefined || match === generation) && (other === undefined || other !== generation)
    if (!holds) {
      throw new StorageError(
        'conditionNotMet',
        'At least one of the pre-conditions you specified did not hold.',
      )
    }
  }

  #demandUnretained(name: string): void {
    const object = this.#objects.get(name)
    const until = object && this.retainedUntil(object)
    if (until && until > this.now()) {
      throw new StorageError(
        'retentionPolicyNotMet',
        `Object '${this.settings.name}/${name}' is subject to bucket's retention policy and cannot be deleted or overwritten until ${until.toISOString()}`,
      )
    }
  }
}
