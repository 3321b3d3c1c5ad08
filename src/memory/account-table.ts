import type { AccountState, HeldRole } from '../account.js'
import { HashIndex } from './hash-index.js'

/** Roles of one account that are kept until the widest of them are picked. */
const MOST_KEPT = 100

/** The roles of an account as far as they are named, and how many there are beyond them. */
export interface HeldRoles {
  readonly roles: readonly HeldRole[]
  readonly more: number
}

/**
 * The service accounts to which keys are bound, each by a number from 0: some 150 bytes each, whatever holds roles in
 * the organization.
 */
export class AccountTable {
  readonly #byWidth: (one: HeldRole, other: HeldRole) => number
  readonly #named: number
  readonly #emails: string[] = []
  readonly #index = new HashIndex((number) => this.#emails[number] ?? '')
  readonly #keys: number[] = []
  readonly #isWanted: boolean[] = []
  readonly #states: AccountState[] = []
  /** Milliseconds since 1970; NaN where it is not known. */
  readonly #made: number[] = []
  readonly #roles = new Map<number, { roles: HeldRole[]; more: number }>()

  /** `byWidth` puts the roles first that are named, `named` of them. */
  constructor(byWidth: (one: HeldRole, other: HeldRole) => number, named: number) {
    this.#byWidth = byWidth
    this.#named = named
  }

  /** Takes a key in that is bound to an account. `isWanted`: whether the account matters, and not only its count. */
  note(email: string, isWanted: boolean): void {
    const address = addressOf(email)
    const number = this.#index.find(address) ?? this.#add(address)
    this.#keys[number] = (this.#keys[number] ?? 0) + 1
    if (isWanted) this.#isWanted[number] = true
  }

  #add(address: string): number {
    const number = this.#emails.push(address) - 1
    this.#index.set(address, number)
    this.#keys.push(0)
    this.#isWanted.push(false)
    this.#states.push('unknown')
    this.#made.push(Number.NaN)
    return number
  }

  /** The number of an account by its address. */
  find(email: string): number | undefined {
    return this.#index.find(addressOf(email))
  }

  /** The accounts that matter, by number, with their addresses. */
  *wanted(): Generator<readonly [number: number, email: string]> {
    for (const [number, email] of this.#emails.entries()) if (this.#isWanted[number]) yield [number, email]
  }

  /** How many keys are bound to an account. */
  keysOf(number: number): number {
    return this.#keys[number] ?? 0
  }

  setState(number: number, state: AccountState, made = Number.NaN): void {
    this.#states[number] = state
    if (!Number.isNaN(made)) this.#made[number] = made
  }

  stateOf(number: number): AccountState {
    return this.#states[number] ?? 'unknown'
  }

  /** When an account was made, in milliseconds since 1970; NaN where that is not known. */
  madeAt(number: number): number {
    return this.#made[number] ?? Number.NaN
  }

  /** A role once; the widest are kept where there are many. */
  addRole(number: number, role: HeldRole): void {
    const held = this.#roles.get(number) ?? { roles: [], more: 0 }
    this.#roles.set(number, held)
    if (held.roles.some((each) => isSame(each, role))) return
    held.roles.push(role)
    if (held.roles.length < MOST_KEPT) return
    held.more += held.roles.length - this.#named
    held.roles = held.roles.sort(this.#byWidth).slice(0, this.#named)
  }

  /** The roles of an account, the widest first. */
  rolesOf(number: number): HeldRoles {
    const { roles, more } = this.#roles.get(number) ?? { roles: [], more: 0 }
    const sorted = roles.toSorted(this.#byWidth)
    return { roles: sorted.slice(0, this.#named), more: more + Math.max(0, sorted.length - this.#named) }
  }
}

function addressOf(email: string): string {
  return email.trim().toLowerCase()
}

function isSame(one: HeldRole, other: HeldRole): boolean {
  return one.role === other.role && one.on === other.on && one.conditional === other.conditional
}
