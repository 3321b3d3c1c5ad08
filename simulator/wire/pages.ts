import { createHash } from 'node:crypto'
import { type Answer, type Call, ok } from './call.js'
import { badRequest } from './google-error.js'

/** Things in a fixed order, none, one or several at each position; made when they are asked for. */
export interface Shelf<Item> {
  readonly length: number
  at(position: number): readonly Item[]
}

/** A shelf of things that are all there already. */
export function shelfOf<Item>(items: readonly Item[]): Shelf<Item> {
  return { length: items.length, at: (position) => items.slice(position, position + 1) }
}

/** Several shelves one after the other. */
export function joined<Item>(shelves: readonly Shelf<Item>[]): Shelf<Item> {
  return {
    length: shelves.reduce((sum, shelf) => sum + shelf.length, 0),
    at: (position) => {
      let rest = position
      for (const shelf of shelves) {
        if (rest < shelf.length) return shelf.at(rest)
        rest -= shelf.length
      }
      return []
    },
  }
}

/** The same shelf with only what passes. */
export function only<Item>(shelf: Shelf<Item>, passes: (item: Item) => boolean): Shelf<Item> {
  return { length: shelf.length, at: (position) => shelf.at(position).filter(passes) }
}

/** Where a page begins: a position and how many of its things were given already. */
interface Position {
  readonly position: number
  readonly given: number
}

/** After so many positions without anything more, a page ends with a token, as Google's searches do. */
const LOOK_AHEAD = 5000

export interface Page<Item> {
  readonly items: readonly Item[]
  readonly nextPageToken?: string
}

/** The page that the call asks for. @throws GoogleError 400 for a token that this listing did not give. */
export function pageOf<Item>(call: Call, shelf: Shelf<Item>, size: number): Page<Item> {
  const items: Item[] = []
  let place = placeOf(call)
  for (let idle = 0; place.position < shelf.length; idle += 1) {
    const found = shelf.at(place.position).slice(place.given)
    const room = size - items.length
    if (found.length > 0 && room === 0) return { items, nextPageToken: tokenOf(call, place) }
    if (idle > LOOK_AHEAD && room === 0) return { items, nextPageToken: tokenOf(call, place) }
    items.push(...found.slice(0, room))
    if (found.length > room) return { items, nextPageToken: tokenOf(call, advance(place, room)) }
    place = { position: place.position + 1, given: 0 }
  }
  return { items }
}

/** 200 with a page under its name; an empty list and an absent token are left out, as in all of Google's JSON. */
export function listed<Item>(
  name: string,
  page: Page<Item>,
  others: Readonly<Record<string, unknown>> = {},
): Answer {
  return ok({
    ...others,
    ...(page.items.length > 0 && { [name]: page.items }),
    ...(page.nextPageToken && { nextPageToken: page.nextPageToken }),
  })
}

/** How many things a page holds where nothing is asked for, and at most. */
export interface PageSize {
  readonly usual: number
  readonly most: number
}

/** 200 with the page that the call asks for, each thing in its form. */
export function listedPage<Item>(
  call: Call,
  name: string,
  shelf: Shelf<Item>,
  { usual, most }: PageSize,
  form: (item: Item) => unknown = (item) => item,
): Answer {
  const page = pageOf(call, shelf, pageSizeOf(call, usual, most))
  return listed(name, { ...page, items: page.items.map(form) })
}

function advance(place: Position, by: number): Position {
  return { position: place.position, given: place.given + by }
}

/**
 * The page size asked for: `usual` where none is given, at most `most`. Values beyond are cut to it, as
 * documented for most listings.
 */
export function pageSizeOf(call: Call, usual: number, most: number, name = 'pageSize'): number {
  const text = call.query.get(name)
  if (text === null || text === '' || text === '0') return Math.min(usual, most)
  const size = Number(text)
  if (!Number.isInteger(size)) throw badRequest(name, `"${text}" is not a number`)
  if (size < 0) throw badRequest(name, 'must not be negative')
  return Math.min(size, most)
}

function placeOf(call: Call): Position {
  const token = call.query.get('pageToken')
  if (!token) return { position: 0, given: 0 }
  const [position, given, seal] = Buffer.from(token, 'base64url').toString('latin1').split('.')
  const place = { position: Number(position), given: Number(given) }
  if (seal !== sealOf(call, place)) throw badRequest('pageToken', 'the page token is not one of this listing')
  return place
}

function tokenOf(call: Call, place: Position): string {
  return Buffer.from(`${place.position}.${place.given}.${sealOf(call, place)}`, 'latin1').toString(
    'base64url',
  )
}

/** Binds a token to its listing: everything but the page size must be the same on the next request. */
function sealOf(call: Call, place: Position): string {
  const parameters = [...call.query].filter(
    ([name]) => name !== 'pageToken' && name !== 'pageSize' && name !== 'maxResults',
  )
  parameters.sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0))
  const listing = JSON.stringify([call.path, parameters, place.position, place.given])
  return createHash('sha256').update(listing).digest('base64url').slice(0, 12)
}
