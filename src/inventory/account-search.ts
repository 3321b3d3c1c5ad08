import type { AccountState } from '../account.js'
import { CALLS } from '../google/calls.js'
import { listAssets, searchPolicies, searchResources } from '../google/cloudasset.js'
import { ApiError } from '../google/errors.js'
import { PAGE_SIZES } from '../google/page-sizes.js'
import type { AccountTable } from '../memory/account-table.js'
import type { Reading } from './reading.js'
import {
  ACCOUNT_ASSET,
  ACCOUNT_FIELDS,
  foundAccount,
  foundPolicy,
  listedAccount,
  type ShownAccount,
} from './wire-account.js'

/**
 * Addresses in one search: Google takes ten comparisons and 2,048 characters, which ten addresses do not reach.
 * @see https://docs.cloud.google.com/asset-inventory/docs/query-syntax
 */
const TOGETHER = 10

/**
 * Accounts and roles by the asset inventory. A search names ten accounts; where a listing of everything is likely to
 * take fewer requests it is tried first, and given up once it has taken as many.
 */
export class AccountSearch {
  readonly #reading: Reading
  readonly #table: AccountTable

  constructor(reading: Reading, table: AccountTable) {
    this.#reading = reading
    this.#table = table
  }

  /** Reads which of these accounts there are in a scope that holds so many projects. Throws `ApiError`. */
  async readStates(scope: string, emails: readonly string[], projects: number): Promise<void> {
    const { google } = this.#reading
    const searches = Math.ceil(emails.length / TOGETHER)
    if (searches > 1 + Math.ceil(projects / PAGE_SIZES.assets)) {
      const pages = listAssets(google, scope, ACCOUNT_ASSET)
      if (await upTo(searches, pages, (page) => this.#take(page, listedAccount))) return
    }
    const options = { call: CALLS.searchAccounts, fields: ACCOUNT_FIELDS }
    for (const group of groupsOf(emails.filter((email) => this.#stateOf(email) === 'unknown'))) {
      const query = anyOf(group)
      for await (const page of searchResources(google, scope, ACCOUNT_ASSET, query, options)) {
        this.#take(page, foundAccount)
      }
    }
  }

  /**
   * Reads which roles these accounts hold in a scope that holds so many projects. `seen`: what was looked through
   * before and may lie in it. Throws `ApiError`, also where a policy cannot be read.
   */
  async readRoles(
    scope: string,
    emails: readonly string[],
    { projects, seen }: { readonly projects: number; readonly seen: readonly string[] },
  ): Promise<void> {
    const { google } = this.#reading
    const searches = Math.ceil(emails.length / TOGETHER)
    const take = (page: readonly unknown[]) => this.#takePolicies(page, scope, seen)
    if (searches > 1 + Math.ceil(projects / PAGE_SIZES.policies)) {
      if (await upTo(searches, searchPolicies(google, scope, 'memberTypes:serviceAccount'), take)) return
    }
    for (const group of groupsOf(emails)) {
      for await (const page of searchPolicies(google, scope, `policy:(${anyOf(group)})`)) take(page)
    }
  }

  #stateOf(email: string): AccountState {
    const number = this.#table.find(email)
    return number === undefined ? 'unknown' : this.#table.stateOf(number)
  }

  #take(page: readonly unknown[], read: (element: unknown) => ShownAccount | undefined): void {
    for (const element of page) {
      const { email = '', state = 'unknown', made } = read(element) ?? {}
      const number = this.#table.find(email)
      if (number !== undefined) this.#table.setState(number, state, made)
    }
  }

  #takePolicies(page: readonly unknown[], scope: string, seen: readonly string[]): void {
    for (const element of page) {
      const shown = foundPolicy(element)
      if (shown === undefined) throw new ApiError(CALLS.searchPolicies, scope, { reason: 'MALFORMED' })
      if (shown.within.some((place) => seen.includes(place))) continue
      for (const { email, held } of shown.grants) {
        const number = this.#table.find(email)
        if (number !== undefined) this.#table.addRole(number, held)
      }
    }
  }
}

/** Takes at most so many pages; whether these were all. */
async function upTo(
  most: number,
  pages: AsyncIterable<readonly unknown[]>,
  take: (page: readonly unknown[]) => void,
): Promise<boolean> {
  let taken = 0
  for await (const page of pages) {
    if (taken === most) return false
    taken += 1
    take(page)
  }
  return true
}

function groupsOf(emails: readonly string[]): readonly (readonly string[])[] {
  const count = Math.ceil(emails.length / TOGETHER)
  return Array.from({ length: count }, (_none, at) => emails.slice(at * TOGETHER, (at + 1) * TOGETHER))
}

/** Finds what names any of these addresses, word for word; what else has the same words in it is left out later. */
function anyOf(emails: readonly string[]): string {
  return emails.map((email) => `"${email}"`).join(' OR ')
}
