import type { Answer, Call, Outcome } from '../wire/call.js'
import {
  brokenOff,
  isJson,
  mistyped,
  oversized,
  page,
  skewed,
  truncated,
  withMistypedElements,
} from './damage.js'
import type { SettingName, Settings } from './fault-settings.js'
import { type RefusalName, refusalOf } from './refusals.js'

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

/** Pages of at most so many items, whatever was asked for. */
export function limitPage({ query }: Call, size: number | undefined): void {
  if (size === undefined) return
  const name = query.has('maxResults') ? 'maxResults' : 'pageSize'
  query.set(name, `${Math.min(size, Number(query.get(name) ?? size))}`)
}

/** A page without items whose token leads to the page that was asked for. */
function emptyPage(asked: string): Answer {
  return { status: 200, body: { nextPageToken: `${EMPTY}${asked}` } }
}

/** The page with a token that leads back to the beginning, each time the same. */
function withRepeatedToken(outcome: Outcome): Outcome {
  if (!('body' in outcome) || !isJson(outcome.body)) return outcome
  return { ...outcome, body: { ...outcome.body, nextPageToken: AGAIN } }
}

/** Something came before the page since the last one was read: it begins with what the last one ended with. */
function shifted(call: Call, outcome: Outcome, memory: Memory): Outcome {
  if (!('body' in outcome) || !isJson(outcome.body)) return outcome
  const found = Object.entries(outcome.body).find(([, value]) => Array.isArray(value))
  if (found === undefined || !Array.isArray(found[1])) return outcome
  const [name, items] = [found[0], found[1]]
  const listing = listingOf(call)
  const before = call.query.has('pageToken') ? (memory.get(listing) ?? []) : []
  memory.set(listing, items.slice(-1))
  return { ...outcome, body: { ...outcome.body, [name]: [...before, ...items] } }
}

function listingOf({ path, query }: Call): string {
  const others = [...query].filter(([name]) => name !== 'pageToken')
  return JSON.stringify([path, others])
}

/** What a fault works with: the call that gets it, and what would have been answered. */
export interface Afflicted {
  readonly call: Call
  /** The page token as it was asked for; empty for a first page. */
  readonly pageToken: string
  readonly answer: () => Promise<Outcome>
  readonly settings: Settings
  readonly memory: Memory
  readonly now: Date
  /** The caller's project. */
  readonly consumer: string
}

interface Fault {
  /** What happens, as help says it. */
  readonly says: string
  readonly settings: readonly SettingName[]
  readonly afflict: (afflicted: Afflicted) => Promise<Outcome>
}

/** Seconds, where a rule does not say how far the clock is off: a day. */
const SKEW = 86_400
/** Bytes, where a rule does not say how much too large: more than a reader should hold. */
const BYTES = 2 ** 30

/** Every fault that can be made. */
export const FAULTS = {
  denied: refusing('denied', 'the caller has no permission'),
  off: refusing('off', "the API is off in the caller's project; for Slack, the app was removed"),
  '429': refusing('429', 'the quota is used up', ['retry-after', 'skew']),
  '500': refusing('500', 'an internal error'),
  '503': refusing('503', 'the service is unavailable', ['retry-after', 'skew']),
  'expired-token': {
    says: 'page tokens have expired: every further page of a listing is refused',
    settings: ['page-size'],
    afflict: async ({ call, consumer, pageToken, answer }) =>
      pageToken === '' ? answer() : refusalOf('expired-token', call, consumer),
  },
  reset: { says: 'the connection is reset', settings: [], afflict: async () => ({ hangup: 'reset' }) },
  hang: { says: 'no answer ever comes', settings: [], afflict: async () => ({ hangup: 'silence' }) },
  'broken-off': changing('the connection breaks in the middle of the answer', brokenOff),
  truncated: changing('half of the answer, as if it were whole', truncated),
  html: { says: "a proxy's page of HTML under status 200", settings: [], afflict: async () => page() },
  'wrong-types': changing('each field of the answer has a value of another type', mistyped),
  'wrong-elements': changing('each item of a list has another type', withMistypedElements),
  oversized: changing(
    'the answer comes behind a gigabyte of other bytes',
    (answer, { settings: { bytes = BYTES } }) => oversized(answer, bytes),
    ['bytes'],
  ),
  'clock-skew': changing(
    'the answer is dated a day ahead',
    (answer, { now, settings: { skew = SKEW } }) => skewed(answer, now, skew),
    ['skew'],
  ),
  'empty-page': {
    says: 'a page without items, whose token leads to the page that was asked for',
    settings: ['page-size'],
    afflict: async ({ pageToken }) => emptyPage(pageToken),
  },
  'repeated-token': {
    says: 'the token of each page leads back to the first one',
    settings: ['page-size'],
    afflict: async ({ answer }) => withRepeatedToken(await answer()),
  },
  'shifted-page': {
    says: 'each further page begins with the last element of the page before',
    settings: ['page-size'],
    afflict: async ({ call, answer, memory }) => shifted(call, await answer(), memory),
  },
} as const satisfies Record<string, Fault>

export type FaultName = keyof typeof FAULTS

export function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(FAULTS, name)
}

function refusing(name: RefusalName, says: string, settings: readonly SettingName[] = []): Fault {
  return {
    says,
    settings,
    afflict: async ({ call, consumer, ...rest }) => asking(refusalOf(name, call, consumer), rest),
  }
}

function changing(
  says: string,
  change: (answer: Answer, afflicted: Afflicted) => Answer,
  settings: readonly SettingName[] = [],
): Fault {
  return {
    says,
    settings,
    afflict: async (afflicted) => {
      const outcome = await afflicted.answer()
      return 'hangup' in outcome ? outcome : change(outcome, afflicted)
    },
  }
}

/** The refusal with the time after which to ask again; as a date where the clock that gives it is off. */
function asking(answer: Answer, { now, settings }: Pick<Afflicted, 'now' | 'settings'>): Answer {
  const { retryAfter, skew } = settings
  if (retryAfter === undefined) return skew === undefined ? answer : skewed(answer, now, skew)
  const until = new Date(now.getTime() + ((skew ?? 0) + retryAfter) * 1000).toUTCString()
  const headers = { ...answer.headers, 'retry-after': skew === undefined ? `${retryAfter}` : until }
  return skew === undefined ? { ...answer, headers } : skewed({ ...answer, headers }, now, skew)
}
