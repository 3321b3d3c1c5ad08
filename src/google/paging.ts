import { setImmediate } from 'node:timers/promises'
import { z } from 'zod'
import type { Call } from './calls.js'
import { ApiError } from './errors.js'

/** One page of a listing; without a token, or with an empty one, it is the last. */
export interface Page {
  readonly elements: readonly unknown[]
  readonly nextPageToken: string | undefined
  /** Google says itself that elements are missing. */
  readonly isPartial: boolean
}

const list = z.array(z.unknown()).nullish()

/**
 * The answer of a listing whose elements stand under `name`, beside the `others` that Google documents for it.
 * Google leaves empty lists out: an answer without the list is an empty page only if it holds nothing that is
 * foreign to it. What the elements are is not looked at, so that a malformed one costs itself and not its page.
 */
export function pageOf(name: string, ...others: readonly string[]): z.ZodType<Page> {
  const documented = new Set([name, 'nextPageToken', ...PARTIAL, ...others])
  return z.looseObject({ nextPageToken: z.string().nullish() }).transform((body, context) => {
    const elements = list.safeParse(body[name])
    if (!elements.success) context.addIssue({ code: 'custom', path: [name], message: 'not a list' })
    const foreign = name in body ? undefined : foreignField(body, documented)
    if (foreign !== undefined) context.addIssue({ code: 'custom', path: [name], message: 'missing' })
    return {
      elements: elements.data ?? [],
      nextPageToken: body.nextPageToken ?? undefined,
      isPartial: PARTIAL.some((field) => saysSomething(body[field])),
    }
  })
}

/**
 * Where Google's listings name what could not be reached or computed, under status 200.
 * @see https://google.aip.dev/217
 */
const PARTIAL = ['unreachable', 'executionErrors'] as const

/** A field of an answer that its documentation does not have. */
export function foreignField(body: object, documented: ReadonlySet<string>): string | undefined {
  return Object.keys(body).find((field) => !documented.has(field))
}

function saysSomething(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null
}

/** What a listing is asked for: so many elements, from a place on. */
export interface PageRequest {
  readonly pageSize: number
  readonly pageToken?: string
}

type PageOf = (asked: PageRequest) => Promise<Page>

/** Pages that came with fewer elements before as many are asked for again as there were. */
const CAUTIOUS = 8

/**
 * Asks for a page of half the elements where one is too large, down to a single one, and after some pages for twice
 * as many again: what one project holds costs its own page, and not the listing.
 * @see https://google.aip.dev/158
 */
class FittingPages {
  readonly #page: PageOf
  readonly #most: number
  #size: number
  #came = 0

  constructor(most: number, page: PageOf) {
    this.#page = page
    this.#most = most
    this.#size = most
  }

  async ask(token: string | undefined): Promise<Page> {
    try {
      const page = await this.#page({ pageSize: this.#size, ...(token && { pageToken: token }) })
      this.#grow()
      return page
    } catch (error) {
      if (!isTooLarge(error) || this.#size === 1) throw error
      this.#size = Math.floor(this.#size / 2)
      this.#came = 0
      return this.ask(token)
    }
  }

  #grow(): void {
    this.#came += 1
    if (this.#came % CAUTIOUS === 0) this.#size = Math.min(this.#most, this.#size * 2)
  }
}

function isTooLarge(error: unknown): boolean {
  return error instanceof ApiError && error.reason === 'ANSWER_TOO_LARGE'
}

/** Pages without any element in a row, after which a listing is taken for one without end. */
const MOST_EMPTY = 100
const ENDLESS = {
  reason: 'ENDLESS_LISTING',
  detail: `it gave ${MOST_EMPTY} pages in a row without anything, and had still more`,
}

/**
 * The pages of a listing, with at most so many elements each. The next page is asked for while the one before is worked on. An empty page with
 * a token goes on; a page that says itself that it is not whole throws `ApiError`, and so
 * does a token that was there before, since the listing would never end; as do empty pages without end.
 */
export async function* pages(
  call: Call,
  subject: string,
  most: number,
  page: PageOf,
): AsyncGenerator<readonly unknown[]> {
  const seen = new Set<string>()
  const fitting = new FittingPages(most, page)
  let empty = 0
  let next: Promise<Page> | undefined = fitting.ask(undefined)
  while (next) {
    const { elements, nextPageToken, isPartial } = await next
    next = undefined
    if (isPartial) throw new ApiError(call, subject, { reason: 'INCOMPLETE_ANSWER' })
    if (nextPageToken && !seen.has(nextPageToken)) {
      seen.add(nextPageToken)
      next = fitting.ask(nextPageToken)
      next.catch(() => undefined) // thrown when its turn comes; nothing may wait for it now
      await setImmediate() // lets the request out before the work on this page keeps the thread busy
    }
    yield elements
    empty = elements.length === 0 ? empty + 1 : 0
    if (next && empty >= MOST_EMPTY) throw new ApiError(call, subject, ENDLESS)
    if (nextPageToken && !next) throw new ApiError(call, subject, { reason: 'REPEATED_PAGE_TOKEN' })
  }
}
