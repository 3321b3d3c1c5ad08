import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import * as z from 'zod'
import { parseInstant, secondsBetween } from '../calendar.js'
import type { Instant, Run } from '../model.js'
import type { ArchiveStore } from './archive-store.js'
import { ArchiveError } from './error.js'
import { type DoneMark, type Lease, RenewingLease } from './lease.js'
import { claimName, runFolder } from './names.js'

/** What attempts at one run tell each other through the archive, so that each delivery is made once. */
export interface DeliveryClaims {
  /** The mark of a delivery that has arrived, or the lease to make it; waits while another attempt has it. */
  take(delivery: string): Promise<DoneMark | Lease>
  /** The mark of a delivery that has arrived. */
  doneMark(delivery: string): Promise<DoneMark | undefined>
  /** Marks a delivery that may be made any number of times, and so needs no lease. */
  markDone(delivery: string, mark: DoneMark): Promise<void>
  /** Whether the records say already what became of a delivery. */
  isNoted(delivery: string): Promise<boolean>
  markNoted(delivery: string): Promise<void>
}

export interface ClaimOptions {
  readonly now: () => Instant
  /** Milliseconds for which a claim is good. */
  readonly lifetime?: number
  /** Milliseconds between two looks at the claim of another attempt. */
  readonly pause?: number
  /** Milliseconds for which another attempt is waited for in all. */
  readonly waitLimit?: number
  /** Milliseconds that only go forward. */
  readonly clock?: () => number
  readonly holder?: string
}

const instant = z.custom<Instant>((value) => typeof value === 'string' && parseInstant(value) === value)
const claim = z.object({ at: instant, holder: z.string() })
const failedMark = z.object({ certain: z.boolean() })
const doneMark = z
  .object({ at: instant, message: z.string().optional() })
  .transform(({ at, message }): DoneMark => ({ at, ...(message === undefined ? {} : { message }) }))

/** How a claim of another attempt stands. */
type ClaimState =
  | { readonly kind: 'free'; readonly next: number; readonly isUncertain: boolean }
  | { readonly kind: 'held'; readonly number: number; readonly age: number }
  | { readonly kind: 'done'; readonly mark: DoneMark }

/**
 * Claims of one run: `claims/DELIVERY-N`, made by exclusive creation, good for 60 seconds and renewed by N+1;
 * `-N.done` when the delivery has arrived, `-N.failed` when it is known to have failed. Nothing is ever
 * overwritten or deleted. Every method throws `ArchiveError`.
 */
export class Claims implements DeliveryClaims {
  readonly #store: ArchiveStore
  readonly #folder: string
  readonly #options: Required<ClaimOptions>

  constructor(store: ArchiveStore, { audit, time }: Pick<Run, 'audit' | 'time'>, options: ClaimOptions) {
    this.#store = store
    this.#folder = `${runFolder(audit, time)}claims/`
    this.#options = {
      lifetime: 60_000,
      pause: 1_000,
      waitLimit: 600_000,
      clock: () => performance.now(),
      holder: randomUUID(),
      ...options,
    }
  }

  async take(delivery: string): Promise<DoneMark | Lease> {
    const { clock, lifetime, pause, waitLimit } = this.#options
    const name = claimName(delivery)
    const since = clock()
    let watched = { number: 0, since }
    for (;;) {
      const standing = await this.#standing(name)
      if (standing.kind === 'done') return standing.mark
      if (standing.kind === 'free') {
        const lease = await this.#claimed(name, standing.next, standing.isUncertain)
        if (lease !== undefined) return lease
        continue
      }
      if (standing.number !== watched.number) watched = { number: standing.number, since: clock() }
      if (Math.max(standing.age, clock() - watched.since) >= lifetime) {
        const lease = await this.#claimed(name, standing.number + 1, true)
        if (lease !== undefined) return lease
        continue
      }
      if (clock() - since > waitLimit) throw stillClaimed(delivery, this.#store)
      await setTimeout(pause)
    }
  }

  async doneMark(delivery: string): Promise<DoneMark | undefined> {
    const standing = await this.#standing(claimName(delivery))
    return standing.kind === 'done' ? standing.mark : undefined
  }

  async markDone(delivery: string, mark: DoneMark): Promise<void> {
    await this.#write(`${claimName(delivery)}-1.done`, mark)
  }

  async isNoted(delivery: string): Promise<boolean> {
    return (await this.#store.read(`${this.#folder}${claimName(delivery)}.noted`)) !== undefined
  }

  async markNoted(delivery: string): Promise<void> {
    await this.#write(`${claimName(delivery)}.noted`, { at: this.#options.now() })
  }

  async #standing(name: string): Promise<ClaimState> {
    const names = await this.#store.list(this.#folder, name)
    const marks = names.flatMap((file) => markIn(file, name) ?? [])
    const finished = marks.find(({ kind }) => kind === 'done')
    if (finished !== undefined) {
      return { kind: 'done', mark: await this.#read(`${name}-${finished.number}.done`, doneMark) }
    }
    const number = Math.max(0, ...marks.map((mark) => mark.number))
    if (number === 0) return { kind: 'free', next: 1, isUncertain: false }
    if (!marks.some((mark) => mark.kind === 'failed' && mark.number === number)) {
      return { kind: 'held', number, age: await this.#ageOf(`${name}-${number}`) }
    }
    const { certain } = await this.#read(`${name}-${number}.failed`, failedMark)
    return { kind: 'free', next: number + 1, isUncertain: !certain }
  }

  /** Milliseconds since a claim was made, as its clock and ours have it; never less than 0. */
  async #ageOf(file: string): Promise<number> {
    const { at } = await this.#read(file, claim)
    return Math.max(0, secondsBetween(at, this.#options.now()) * 1_000)
  }

  /** Claims, and resolves to the lease; undefined when another attempt was faster. */
  async #claimed(name: string, number: number, isUncertain: boolean): Promise<Lease | undefined> {
    const begun = this.#options.clock()
    if (!(await this.#claim(name, number))) return undefined
    return new RenewingLease(
      {
        ...this.#options,
        claim: (next) => this.#claim(name, next),
        mark: (of, ending, content) => this.#write(`${name}-${of}.${ending}`, content),
      },
      { number, begun, isUncertain },
    )
  }

  async #claim(name: string, number: number): Promise<boolean> {
    const { holder, now } = this.#options
    if (await this.#write(`${name}-${number}`, { at: now(), holder })) return true
    // The answer to our own write may have been lost, and the write been tried again.
    return (await this.#read(`${name}-${number}`, claim)).holder === holder
  }

  #write(file: string, content: object): Promise<boolean> {
    return this.#store.create(this.#folder + file, Buffer.from(`${JSON.stringify(content)}\n`))
  }

  async #read<Value>(file: string, schema: z.ZodType<Value>): Promise<Value> {
    const bytes = await this.#store.read(this.#folder + file)
    const parsed = schema.safeParse(bytes && jsonIn(bytes))
    if (parsed.success) return parsed.data
    throw new ArchiveError(
      `Reading ${this.#store.name}/${this.#folder}${file} failed: it is no claim or mark of this program; ` +
        'find out who wrote or changed it.',
    )
  }
}

interface Mark {
  readonly kind: 'claim' | 'done' | 'failed'
  readonly number: number
}

function markIn(file: string, name: string): Mark | undefined {
  if (!file.startsWith(`${name}-`)) return undefined
  const [, number, ending = 'claim'] = /^(\d+)(?:\.(done|failed))?$/.exec(file.slice(name.length + 1)) ?? []
  if (number === undefined) return undefined
  return { kind: ending === 'done' || ending === 'failed' ? ending : 'claim', number: Number(number) }
}

function jsonIn(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}

function stillClaimed(delivery: string, store: ArchiveStore): ArchiveError {
  return new ArchiveError(
    `Waiting for another attempt at the same run to deliver to ${delivery} took too long (its claims are in ` +
      `${store.name}); try again later.`,
    true,
  )
}
