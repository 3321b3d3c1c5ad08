import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import * as z from 'zod'
import { CLOCK_SKEW, parseInstant, secondsBetween } from '../calendar.js'
import type { Instant } from '../model.js'
import { canonical, sha256 } from '../records/canonical.js'
import type { PassedOver } from '../records/run-record.js'
import type { ArchiveStore } from './archive-store.js'
import { ArchiveError } from './archive-store.js'
import type { JudgedRun } from './judged-run.js'
import { type DoneMark, type Lease, RenewingLease } from './lease.js'
import { claimName, claimsFolder } from './names.js'

/** How attempts at one run share its deliveries through the archive, so that each is made once. */
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

/** What claims and marks have in common: when they were made, and by which attempt. */
const own = z.object({ at: instant, holder: z.string() })
type Own = z.infer<typeof own>

/** A mark has the holder of its claim. */
const failedMark = own.extend({ certain: z.boolean() })
const doneMark = own.extend({ message: z.string().optional() })

/** Claims on one delivery, renewed every 20 seconds for a day, are fewer. */
const MOST_CLAIMS = 9_999

/** Bytes of a claim or a mark. */
const LARGEST = 4 * 1024

/** How a claim of another attempt stands. `next`: the number of a further claim. */
type ClaimState =
  | { readonly kind: 'free'; readonly next: number; readonly isUncertain: boolean }
  | { readonly kind: 'held'; readonly number: number; readonly next: number; readonly age: number }
  | { readonly kind: 'done'; readonly number: number; readonly holder: string; readonly mark: DoneMark }

/**
 * Claims on the deliveries of one run: `claims/SHA256/DELIVERY-N`, made by exclusive creation, good for 60 seconds
 * and renewed by N+1; `-N.done` when the delivery has arrived, `-N.failed` when it is known to have failed. SHA256 is
 * that of the run record, which nobody knows before it is remembered, so that nobody can make one in advance. What
 * does not fit all the same is passed over. Nothing is ever overwritten or deleted. Every method throws `ArchiveError`.
 */
export class Claims implements DeliveryClaims {
  readonly #store: ArchiveStore
  readonly #folder: string
  readonly #options: Required<ClaimOptions>
  readonly #passedOver = new Map<string, string>()

  /** `of`: the run, or the folder of what else is delivered. */
  constructor(
    store: ArchiveStore,
    of: Pick<JudgedRun, 'run' | 'record'> | { readonly folder: string },
    options: ClaimOptions,
  ) {
    this.#store = store
    this.#folder =
      'folder' in of ? of.folder : claimsFolder(of.run.audit, of.run.time, sha256(canonical(of.record)))
    this.#options = {
      lifetime: 60_000,
      pause: 1_000,
      waitLimit: 600_000,
      clock: () => performance.now(),
      holder: randomUUID(),
      ...options,
    }
  }

  /** What lies among the claims and is none, as far as it was met. */
  get passedOver(): readonly PassedOver[] {
    return [...this.#passedOver].map(([file, why]) => ({
      object: `${this.#store.name}/${this.#folder}${file}`,
      why,
    }))
  }

  async take(delivery: string): Promise<DoneMark | Lease> {
    const { clock, lifetime, pause, waitLimit } = this.#options
    const name = claimName(delivery)
    const since = clock()
    let watched = { number: 0, since }
    for (;;) {
      const state = await this.#state(name)
      if (state.kind === 'done') return state.mark
      if (state.next > MOST_CLAIMS) return this.#withoutClaim()
      if (state.kind === 'free') {
        const lease = await this.#claimed(name, state.next, state.isUncertain)
        if (lease !== undefined) return lease
        continue
      }
      if (state.number !== watched.number) watched = { number: state.number, since: clock() }
      if (Math.max(state.age, clock() - watched.since) >= lifetime) {
        const lease = await this.#claimed(name, state.next, true)
        if (lease !== undefined) return lease
        continue
      }
      if (clock() - since > waitLimit) throw stillClaimed(delivery, this.#store)
      await setTimeout(pause)
    }
  }

  async doneMark(delivery: string): Promise<DoneMark | undefined> {
    const state = await this.#state(claimName(delivery))
    return state.kind === 'done' ? state.mark : undefined
  }

  async markDone(delivery: string, mark: DoneMark): Promise<void> {
    const name = claimName(delivery)
    const state = await this.#state(name)
    if (state.kind === 'done' || state.next > MOST_CLAIMS) return
    if (await this.#claim(name, state.next)) await this.#mark(`${name}-${state.next}.done`, mark)
  }

  async isNoted(delivery: string): Promise<boolean> {
    const name = claimName(delivery)
    const state = await this.#state(name)
    if (state.kind !== 'done') return false
    const noted = await this.#read(`${name}-${state.number}.noted`, own)
    return noted?.holder === state.holder
  }

  async markNoted(delivery: string): Promise<void> {
    const name = claimName(delivery)
    const state = await this.#state(name)
    if (state.kind !== 'done') return
    const { holder, number } = state
    await this.#write(`${name}-${number}.noted`, { at: this.#options.now(), holder })
  }

  async #state(name: string): Promise<ClaimState> {
    const names = await this.#store.list(this.#folder, name)
    const marks = names.flatMap((file) => markIn(file, name) ?? [])
    const next = 1 + Math.max(0, ...marks.map(({ number }) => number))
    for (const { number } of marks.filter(({ kind }) => kind === 'done')) {
      const done = await this.#done(name, number)
      if (done !== undefined) return done
    }
    const claims = marks
      .filter(({ kind }) => kind === 'claim')
      .sort((one, other) => other.number - one.number)
    for (const { number } of claims) {
      const claim = await this.#read(`${name}-${number}`, own)
      if (claim === undefined) continue
      const isEnded = marks.some((mark) => mark.kind === 'failed' && mark.number === number)
      const failed = isEnded ? await this.#read(`${name}-${number}.failed`, failedMark, claim) : undefined
      if (failed !== undefined) return { kind: 'free', next, isUncertain: !failed.certain }
      return { kind: 'held', number, next, age: this.#ageOf(claim) }
    }
    return { kind: 'free', next, isUncertain: marks.length > 0 }
  }

  async #done(name: string, number: number): Promise<ClaimState | undefined> {
    const claim = await this.#read(`${name}-${number}`, own)
    const done = claim && (await this.#read(`${name}-${number}.done`, doneMark, claim))
    if (claim === undefined || done === undefined) return undefined
    const { at, message } = done
    const mark = { at, ...(message === undefined ? {} : { message }) }
    return { kind: 'done', number, holder: claim.holder, mark }
  }

  /** Milliseconds since a claim was made, as its clock and ours have it; never less than 0. */
  #ageOf({ at }: Own): number {
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
        mark: (of, ending, content) => this.#mark(`${name}-${of}.${ending}`, content),
        passedOver: () => this.passedOver,
      },
      { number, begun, isUncertain },
    )
  }

  /** Where all numbers are taken by others: better delivered twice than not at all. */
  #withoutClaim(): Lease {
    const nothing = () => Promise.resolve()
    return {
      isUncertain: true,
      passedOver: this.passedOver,
      renew: nothing,
      done: nothing,
      failed: nothing,
    }
  }

  async #claim(name: string, number: number): Promise<boolean> {
    const { holder, now } = this.#options
    if (await this.#write(`${name}-${number}`, { at: now(), holder })) return true
    // The answer to our own write may have been lost, and the write been tried again.
    return (await this.#read(`${name}-${number}`, own))?.holder === holder
  }

  #mark(file: string, content: object): Promise<boolean> {
    const { holder, now } = this.#options
    return this.#write(file, { at: now(), holder, ...content })
  }

  #write(file: string, content: object): Promise<boolean> {
    return this.#store.create(this.#folder + file, Buffer.from(`${JSON.stringify(content)}\n`))
  }

  /** A claim or mark, with its claim's holder where that is given; undefined for what is none, which is passed over. */
  async #read<Value extends Own>(
    file: string,
    schema: z.ZodType<Value>,
    claim?: Own,
  ): Promise<Value | undefined> {
    const opened = await this.#store.open(this.#folder + file)
    if (opened === undefined) return undefined
    const bytes = opened.size > LARGEST ? undefined : await this.#store.read(this.#folder + file)
    const value = schema.safeParse(bytes && jsonIn(bytes)).data
    const why = this.#misfit(value, claim)
    if (why === undefined) return value
    this.#passedOver.set(file, why)
    return undefined
  }

  #misfit(value: Own | undefined, claim: Own | undefined): string | undefined {
    if (value === undefined) return 'it is no claim or mark of this program'
    if (secondsBetween(this.#options.now(), value.at) > CLOCK_SKEW) return 'it lies in the future'
    return claim === undefined || claim.holder === value.holder
      ? undefined
      : 'it is not by the holder of its claim'
  }
}

interface Mark {
  readonly kind: 'claim' | 'done' | 'failed' | 'noted'
  readonly number: number
}

const ENDINGS = ['done', 'failed', 'noted'] as const

function markIn(file: string, name: string): Mark | undefined {
  if (!file.startsWith(`${name}-`)) return undefined
  const [, number = '', ending] = /^([1-9]\d{0,3})(?:\.([a-z]+))?$/.exec(file.slice(name.length + 1)) ?? []
  const kind = ending === undefined ? 'claim' : ENDINGS.find((each) => each === ending)
  return number === '' || kind === undefined ? undefined : { kind, number: Number(number) }
}

function jsonIn(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}

function stillClaimed(delivery: string, store: ArchiveStore): ArchiveError {
  const waiting = `Waiting for another attempt at the same run to deliver to ${delivery}`
  const cause = `${waiting} took too long (its claims are in ${store.name})`
  return new ArchiveError({ code: 'STILL_CLAIMED', cause, advice: { say: 'try again later' } }, true)
}
