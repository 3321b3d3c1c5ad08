import { addDays, dayOf, daysBetween, longDay } from '../calendar.js'
import type { CallsOfBoth, Day, KnownUsage, Observation, Replacement } from '../model.js'
import { sum } from './daily-calls.js'
import { isCandidate } from './facts.js'
import { otherServices } from './traffic.js'

/** Days of calls that are compared: one week has every weekday once. */
const WEEK = 7

/** Whole days after the first calls of the auth key within which those of the standard key have to fall. */
const HAND_OVER_DAYS = 14

/** On fewer days a weekend looks like an end. */
const FEWEST_DAYS = 3

/** With fewer calls in a week, none the week after says little. */
const FEWEST_CALLS = 10

/**
 * Adds to standard keys the auth key that probably replaces them. `keys`: all of one project. No field of a key
 * says which one it replaces, so that this is a guess: an auth key made later, to which the calls seem to have
 * moved, that is named alike, or that is the only one beside the only standard key. Where two fit as well as each other,
 * nothing is guessed.
 */
export function withReplacements(keys: readonly Observation[]): readonly Observation[] {
  const authKeys = keys.filter(isSuccessor)
  if (authKeys.length === 0) return keys
  const guesses = new Map(matched(pairsOf(keys.filter(isReplaced), authKeys)))
  if (guesses.size === 0) return keys
  return keys.map((found) => {
    const pair = guesses.get(found)
    return pair === undefined ? found : { ...found, replacement: replacementIn(pair) }
  })
}

function isSuccessor({ key, type, gemini }: Observation): boolean {
  return type === 'auth' && gemini !== 'off' && isCandidate(key)
}

/** Whether a key is a standard key for the Gemini API, as far as is known: one that calls other APIs alone is none. */
function isReplaced({ key, type, gemini, usage }: Observation): boolean {
  if (type !== 'standard' || gemini === 'off' || !isCandidate(key)) return false
  return 'unknown' in usage || usage.daily.length > 0 || otherServices(usage).length === 0
}

/** A standard key, an auth key made later, and what speaks for the one replacing the other. */
interface Pair {
  readonly standard: Observation
  readonly auth: Observation
  readonly moved?: Moved
  readonly isNamedAlike: boolean
  /** Accepted calls of the standard key. */
  readonly calls: number
}

/** Accepted calls a day before and after the auth key began. */
interface Moved {
  readonly since: Day
  readonly before: number
  readonly after: number
  /** How far what the one gained is from what the other lost, from 0 to 1. */
  readonly difference: number
}

function pairsOf(standardKeys: readonly Observation[], authKeys: readonly Observation[]): readonly Pair[] {
  const names = new Map([...standardKeys, ...authKeys].map((found) => [found, nameOf(found)]))
  const isOnly = standardKeys.length === 1 && authKeys.length === 1
  const later = standardKeys.flatMap((standard) =>
    authKeys.filter((auth) => isMadeLater(auth, standard)).map((auth) => ({ standard, auth })),
  )
  return later.flatMap(({ standard, auth }) => {
    const moved = movedBetween(standard, auth)
    const name = names.get(standard)
    const isNamedAlike = name !== '' && name === names.get(auth)
    const isLikely = moved || isNamedAlike || (isOnly && !isCalledForItself(standard, auth))
    const calls = acceptedOf(standard)
    return isLikely ? [{ standard, auth, isNamedAlike, calls, ...(moved && { moved }) }] : []
  })
}

/** Whether the calls of both are known, so that those of the auth key would show where they came from. */
function isCalledForItself({ usage: old }: Observation, { usage: own }: Observation): boolean {
  return !('unknown' in old) && !('unknown' in own) && firstAccepted(own) !== undefined
}

function isMadeLater(auth: Observation, standard: Observation): boolean {
  const [made, before] = [auth.key.createTime, standard.key.createTime]
  return made !== undefined && before !== undefined && Date.parse(made) > Date.parse(before)
}

/** What a key is called without the words that say which kind it is: `Invoice reader` of `invoice-reader (auth, new)`. */
function nameOf({ key }: Observation): string {
  const words = key.displayName.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
  return words.filter((word) => !KIND_WORDS.has(word)).join(' ')
}

const KIND_WORDS: ReadonlySet<string> = new Set(['api', 'auth', 'key', 'legacy', 'new', 'old', 'standard'])

function movedBetween(standard: Observation, auth: Observation): Moved | undefined {
  const [old, own] = [standard.usage, auth.usage]
  if ('unknown' in old || 'unknown' in own) return undefined
  const since = firstAccepted(own)
  if (since === undefined || since <= own.since) return undefined
  const before = weekUpTo(addDays(since, -1), old.since)
  const yesterday = addDays(dayOf(standard.evidence.key.readAt, 'UTC'), -1)
  const end = addDays(since, HAND_OVER_DAYS - 1)
  const after = weekUpTo(end < yesterday ? end : yesterday, since)
  if (before.days < FEWEST_DAYS || after.days < FEWEST_DAYS) return undefined
  const [was, is, gained] = [average(old, before), average(old, after), average(own, after)]
  const lost = was - is
  const difference = Math.abs(lost - gained) / Math.max(lost, gained)
  const isMoved = was * before.days >= FEWEST_CALLS && is * 2 <= was && difference <= 0.5
  return isMoved ? { since, before: was, after: is, difference } : undefined
}

function firstAccepted({ daily }: KnownUsage): Day | undefined {
  return daily.reduce<Day | undefined>(
    (first, { day, accepted }) => (accepted > 0 && (first === undefined || day < first) ? day : first),
    undefined,
  )
}

/** Days in a row, both included. */
interface Week {
  readonly first: Day
  readonly last: Day
  readonly days: number
}

/** The week that ends with a day, or as much of it as is not before `earliest`. */
function weekUpTo(last: Day, earliest: Day): Week {
  const start = addDays(last, 1 - WEEK)
  const first = start < earliest ? earliest : start
  return { first, last, days: daysBetween(first, last) + 1 }
}

function average({ daily }: KnownUsage, { first, last, days }: Week): number {
  const calls = daily.filter(({ day }) => day >= first && day <= last)
  return sum(calls, 'accepted') / days
}

/**
 * The pairs of which each key is in one at most, those for which the most speaks first. Keys of pairs that fit as
 * well as each other are left out.
 */
function matched(pairs: readonly Pair[]): readonly (readonly [Observation, Pair])[] {
  const chosen: (readonly [Observation, Pair])[] = []
  const settled = new Set<Observation>()
  for (const equals of ranked(pairs)) {
    const free = equals.filter(({ standard, auth }) => !settled.has(standard) && !settled.has(auth))
    const isRivalled = severalTimesIn(free.flatMap(({ standard, auth }) => [standard, auth]))
    for (const pair of free) {
      if (!isRivalled(pair.standard) && !isRivalled(pair.auth)) chosen.push([pair.standard, pair])
      settled.add(pair.standard).add(pair.auth)
    }
  }
  return chosen
}

function severalTimesIn(all: readonly Observation[]): (found: Observation) => boolean {
  const [once, again] = [new Set<Observation>(), new Set<Observation>()]
  for (const found of all) (once.has(found) ? again : once).add(found)
  return (found) => again.has(found)
}

/** The pairs in groups for which as much speaks, the best first. */
function ranked(pairs: readonly Pair[]): readonly (readonly Pair[])[] {
  const groups: Pair[][] = []
  for (const pair of [...pairs].sort(compare)) {
    const group = groups.at(-1)
    const [first] = group ?? []
    if (group && first && compare(first, pair) === 0) group.push(pair)
    else groups.push([pair])
  }
  return groups
}

function compare(one: Pair, other: Pair): number {
  return (
    weightOf(other) - weightOf(one) ||
    (one.moved?.difference ?? 0) - (other.moved?.difference ?? 0) ||
    other.calls - one.calls
  )
}

function weightOf({ moved, isNamedAlike }: Pair): number {
  return (moved ? 2 : 0) + Number(isNamedAlike)
}

function acceptedOf({ usage }: Observation): number {
  return 'unknown' in usage ? 0 : sum(usage.daily, 'accepted')
}

function replacementIn(pair: Pair): Replacement {
  const { standard, auth } = pair
  const { name, displayName } = auth.key
  const calls = callsOfBoth(standard, auth)
  return {
    key: name,
    ...(displayName !== '' && { displayName }),
    because: becauseOf(pair),
    guess: true,
    ...(calls.length > 0 && { calls }),
  }
}

/** Nothing where the calls of the standard key are not known, or there are none to hand over. */
function callsOfBoth({ usage: old }: Observation, { usage: own }: Observation): readonly CallsOfBoth[] {
  if ('unknown' in old || sum(old.daily, 'accepted') === 0) return []
  const standard = acceptedByDay(old)
  const auth = 'unknown' in own ? undefined : acceptedByDay(own)
  const days = new Set([...standard.keys(), ...(auth?.keys() ?? [])])
  return [...days].sort().map((day) => ({
    day,
    standard: standard.get(day) ?? 0,
    ...(auth && { auth: auth.get(day) ?? 0 }),
  }))
}

function acceptedByDay({ daily }: KnownUsage): ReadonlyMap<Day, number> {
  return new Map(daily.filter(({ accepted }) => accepted > 0).map(({ day, accepted }) => [day, accepted]))
}

function becauseOf({ standard, auth, moved, isNamedAlike }: Pair): string {
  const { createTime } = auth.key
  const made = createTime === undefined ? 'later' : `on ${longDay(dayOf(createTime, 'UTC'))}`
  const others = isNamedAlike || moved ? '' : ', which has no other standard or auth key for the Gemini API'
  const name = isNamedAlike ? ' and is named alike' : ''
  return `It was made ${made} in the same project${others}${name}; ${callsSaid(standard, auth, moved)}.`
}

function callsSaid(
  { usage: old }: Observation,
  { usage: own }: Observation,
  moved: Moved | undefined,
): string {
  if (moved !== undefined) {
    const [from, to] = [moved.before, moved.after].map((calls) => NUMBER.format(Math.round(calls)))
    return `after it was first called on ${longDay(moved.since)}, the calls of this key fell from ${from} to ${to} a day`
  }
  if ('unknown' in own) return 'its own calls are not known'
  const since = firstAccepted(own)
  if (since === undefined) return 'none of its own calls was accepted yet'
  if ('unknown' in old) return 'the calls of this key are not known'
  return 'nothing shows yet that the calls of this key have moved to it'
}

const NUMBER = new Intl.NumberFormat('en-US')
