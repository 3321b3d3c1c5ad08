import type { Answer, Call, Outcome } from '../wire/call.js'
import { isJson } from './damage.js'

/** What a rule remembers of the listings that it damages, by listing. */
export type Memory = Map<string, readonly unknown[]>

const EMPTY = 'empty.'
const AGAIN = 'again'

/** Lets the service see the tokens that it gave itself: ours are taken off. */
export function restoreToken({ query }: Call): void {
  let token = query.get('pageToken')
  if (token === null) return
  while (token.startsWith(EMPTY)) token = token.slice(EMPTY.length)
  if (token === '' || token === AGAIN) query.delete('pageToken')
  else query.set('pageToken', token)
}

/** Pages of at most so many elements, whatever was asked for. */
export function limitPage({ query }: Call, size: number | undefined): void {
  if (size === undefined) return
  const name = query.has('maxResults') ? 'maxResults' : 'pageSize'
  query.set(name, `${Math.min(size, Number(query.get(name) ?? size))}`)
}

/** A page without elements whose token leads to the page that was asked for. */
export function emptyPage(asked: string): Answer {
  return { status: 200, body: { nextPageToken: `${EMPTY}${asked}` } }
}

/** The page with a token that leads back to the beginning, each time the same. */
export function withRepeatedToken(outcome: Outcome): Outcome {
  if (!('body' in outcome) || !isJson(outcome.body)) return outcome
  return { ...outcome, body: { ...outcome.body, nextPageToken: AGAIN } }
}

/** Something came before the page since the last one was read: it begins with what the last one ended with. */
export function shifted(call: Call, outcome: Outcome, memory: Memory): Outcome {
  if (!('body' in outcome) || !isJson(outcome.body)) return outcome
  const found = Object.entries(outcome.body).find(([, value]) => Array.isArray(value))
  if (found === undefined || !Array.isArray(found[1])) return outcome
  const [name, elements] = [found[0], found[1]]
  const listing = listingOf(call)
  const before = call.query.has('pageToken') ? (memory.get(listing) ?? []) : []
  memory.set(listing, elements.slice(-1))
  return { ...outcome, body: { ...outcome.body, [name]: [...before, ...elements] } }
}

function listingOf({ path, query }: Call): string {
  const others = [...query].filter(([name]) => name !== 'pageToken')
  return JSON.stringify([path, others])
}
