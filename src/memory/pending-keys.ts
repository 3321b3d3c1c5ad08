import { promisify } from 'node:util'
import { deflate, inflate } from 'node:zlib'
import type { Instant, Key, Restrictions } from '../model.js'
import { keyName } from './known-keys.js'

const pack = promisify(deflate)
const unpack = promisify(inflate)

/** What one packed chunk holds: as many items of the weight 1. */
const CHUNK = 2000

/**
 * Keeps many items in little memory until they are wanted: packed by zlib, which works beside the main
 * thread, they take about an eighth of their JSON. Items have to survive JSON.
 */
export class CompressedQueue<Item> {
  readonly #packed: Promise<Buffer>[] = []
  readonly #weightOf: (item: Item) => number
  #loose: Item[] = []
  #weight = 0

  /** `weightOf`: how many usual items an item is as large as. */
  constructor(weightOf: (item: Item) => number = () => 1) {
    this.#weightOf = weightOf
  }

  /** Waits only while more chunks are being packed than the machine has hands for. */
  async add(items: readonly Item[]): Promise<void> {
    for (const item of items) {
      this.#loose.push(item)
      this.#weight += this.#weightOf(item)
      if (this.#weight >= CHUNK) await this.#packLoose()
    }
  }

  async #packLoose(): Promise<void> {
    const text = JSON.stringify(this.#loose)
    this.#loose = []
    this.#weight = 0
    await this.#packed.at(-4)
    this.#packed.push(pack(text, { level: 1 }))
  }

  /** All items, chunk by chunk; each chunk is let go as it is handed out, so this is for once only. */
  async *take(): AsyncGenerator<readonly Item[]> {
    for (let chunk = this.#packed.shift(); chunk; chunk = this.#packed.shift()) {
      const text = (await unpack(await chunk)).toString()
      yield JSON.parse(text) as readonly Item[] // what `add` wrote itself
    }
    const last = this.#loose
    this.#loose = []
    yield last
  }
}

/** A key that waits until it is known what becomes of its project. */
export interface HeldKey {
  readonly key: Key
  readonly readAt: Instant
}

/**
 * A key in few characters, a quarter of its JSON form: what follows from the rest is left out, and so is the
 * moment of reading, which a page of keys shares.
 */
type Row = readonly [
  /** 0 where it follows from the project and the `uid`. */
  name: string | 0,
  uid: string,
  projectNumber: string,
  page: number,
  displayName: string,
  createTime: Instant | 0,
  /** 1 where it is the time of creation. */
  updateTime: Instant | 0 | 1,
  /** The services of targets without methods, where there is no other restriction. */
  restrictions: readonly string[] | Restrictions,
  others?: Pick<Key, 'deleteTime' | 'serviceAccountEmail' | 'flaw'>,
]

/** Keeps the keys of an organization in little memory until they are wanted. */
export class PendingKeys {
  readonly #queue = new CompressedQueue(keyWeight)
  /** When each page was read. */
  readonly #pages: Instant[] = []

  /** Keeps keys of one page. */
  add(keys: readonly Key[], readAt: Instant): Promise<void> {
    const page = this.#pages.push(readAt) - 1
    return this.#queue.add(keys.map((key) => rowOf(key, page)))
  }

  /** All keys in their order, chunk by chunk; for once only. */
  async *take(): AsyncGenerator<readonly HeldKey[]> {
    const shared = new SharedRestrictions()
    for await (const rows of this.#queue.take()) {
      yield rows.map((row) => ({ key: keyOf(row, shared), readAt: this.#readAt(row) }))
    }
  }

  #readAt([, , , page]: Row): Instant {
    const readAt = this.#pages[page]
    if (readAt === undefined) throw new Error(`no page ${page} was held`)
    return readAt
  }
}

/** Characters of a usual row. */
const USUAL = 150

/** Lists of clients make a key up to fifty times as large as others. */
function keyWeight([, , , , displayName, , , restrictions]: Row): number {
  if (isServices(restrictions)) return 1
  const { allowedReferrers, allowedIps, allowedBundleIds } = restrictions
  const texts = [displayName, ...allowedReferrers, ...allowedIps, ...allowedBundleIds]
  return 1 + texts.reduce((sum, { length }) => sum + length, 0) / USUAL
}

function rowOf(key: Key, page: number): Row {
  const { name, uid, projectNumber, displayName, createTime = 0, updateTime = 0, restrictions } = key
  const row = [
    name === keyName(projectNumber, uid) ? 0 : name,
    uid,
    projectNumber,
    page,
    displayName,
    createTime,
    updateTime !== 0 && updateTime === createTime ? 1 : updateTime,
    servicesOf(restrictions) ?? restrictions,
  ] as const
  const { deleteTime, serviceAccountEmail, flaw } = key
  if (deleteTime === undefined && serviceAccountEmail === undefined && flaw === undefined) return row
  return [
    ...row,
    {
      ...(deleteTime !== undefined && { deleteTime }),
      ...(serviceAccountEmail !== undefined && { serviceAccountEmail }),
      ...(flaw !== undefined && { flaw }),
    },
  ]
}

function keyOf(row: Row, shared: SharedRestrictions): Key {
  const [name, uid, projectNumber, , displayName, createTime, updateTime, restrictions, others] = row
  const updated = updateTime === 1 ? createTime : updateTime
  return {
    name: name === 0 ? keyName(projectNumber, uid) : name,
    uid,
    projectNumber,
    displayName,
    ...(createTime && { createTime }),
    ...(updated && { updateTime: updated }),
    ...others,
    restrictions: isServices(restrictions) ? shared.to(restrictions) : restrictions,
  }
}

function isServices(restrictions: readonly string[] | Restrictions): restrictions is readonly string[] {
  return Array.isArray(restrictions)
}

/** The services of all targets, where they alone say everything. */
function servicesOf(restrictions: Restrictions): readonly string[] | undefined {
  const { apiTargets, allowedReferrers, allowedIps, allowedApplications, allowedBundleIds } = restrictions
  const clients = [allowedReferrers, allowedIps, allowedApplications, allowedBundleIds]
  if (clients.some((list) => list.length > 0)) return undefined
  return apiTargets.some(({ methods }) => methods.length > 0)
    ? undefined
    : apiTargets.map(({ service }) => service)
}

/** Restrictions to the same services, once for all keys that have them, and not all that there ever were. */
class SharedRestrictions {
  readonly #known = new Map<string, Restrictions>()

  to(services: readonly string[]): Restrictions {
    const name = JSON.stringify(services)
    const known = this.#known.get(name)
    if (known !== undefined) return known
    if (this.#known.size >= 1000) this.#known.clear()
    const restrictions = {
      apiTargets: services.map((service) => ({ service, methods: [] })),
      allowedReferrers: [],
      allowedIps: [],
      allowedApplications: [],
      allowedBundleIds: [],
    }
    this.#known.set(name, restrictions)
    return restrictions
  }
}
