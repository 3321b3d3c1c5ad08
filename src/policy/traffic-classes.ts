import { longDay, monthDay } from '../calendar.js'
import { type Day, GEMINI_API } from '../model.js'
import { type Codes, mainCodes } from './answers.js'
import { isService } from './facts.js'
import { namesOf } from './services.js'

/** As many days back as Cloud Monitoring is sure to keep the calls of a key. */
export const LOOK_BACK_DAYS = 42

/** Calls of the Gemini API in the last 7 days. */
export interface LatelyCalls {
  /** Answered with 2xx or 3xx. */
  readonly accepted: number
  /** Refused: 401 or 403. */
  readonly refused: number
  /** Failed otherwise: quota, credit, bad requests, server errors. */
  readonly failed: number
  /** All of them by HTTP response code. */
  readonly codes: Codes
}

/** A key that still works while more of its calls are refused or fail than get through. */
export interface PartlyFailing {
  /** The first day of an unbroken row on which more calls did not work than worked, where there is one. */
  readonly since?: Day
  /** Calls that got through on an average day with calls, of the last 7 days. */
  readonly accepted: number
  /** All calls on such a day. */
  readonly calls: number
}

/** What the words about a key's traffic are made from. */
export interface SeenTraffic {
  readonly gemini: {
    readonly refused: number
    readonly failedCodes?: Codes
    readonly acceptedLately: number
    readonly lastAccepted?: Day
  }
  readonly lately?: LatelyCalls
  readonly stoppedOn?: Day
  readonly partlyFailing?: PartlyFailing
  readonly services: readonly string[]
  readonly since: Day
}

/** What becomes of a key's calls of the Gemini API; all that the program asks about a class. */
export type TrafficState =
  | 'stopped'
  | 'works'
  | 'worked-earlier'
  | 'never-works'
  | 'unknown'
  | 'calls-others'
  | 'not-called'

/** What the days of a key's calls show, each by itself. */
export interface TrafficSigns {
  readonly isKnown: boolean
  /** By what most of the calls since end, of a key that has stopped working. */
  readonly stoppedBy?: 'refusals' | 'failures'
  readonly isAccepted: boolean
  /** In the last 7 days. */
  readonly isAcceptedLately: boolean
  readonly isRefused: boolean
  readonly hasFailed: boolean
  readonly callsOthers: boolean
}

/** One class of traffic, and all that is said of it anywhere. */
export interface TrafficClass {
  /** Of the classes that fit, the first one is the key's. */
  readonly fits: (signs: TrafficSigns) => boolean
  readonly state: TrafficState
  /** What it means, for the documentation. */
  readonly meaning: string
  /** A few words, for lists and messages. */
  readonly words: (seen: SeenTraffic, asOf: Day) => string
  /** `words` of a key that is younger than its traffic is kept, where they are others. */
  readonly wordsIfYounger?: string
  /** Whether most of what does not work is refused. */
  readonly isRefusal?: true
  /** Of a class of keys that stopped working: what their calls do since, in a word. */
  readonly now?: (seen: SeenTraffic) => string
  /** The fewest words, for the cell of a table. */
  readonly brief: (seen: SeenTraffic, asOf: Day) => string
  /** A clause for the owner of the key. */
  readonly clause: (seen: SeenTraffic) => string
}

/**
 * The classes, the most urgent first. Another one is another row. Parameters have
 * their types, since what makes the schema of the records out of the names reads these functions as well.
 */
export const TRAFFIC_CLASSES = {
  'newly-refused': {
    fits: ({ stoppedBy }: TrafficSigns) => stoppedBy === 'refusals',
    state: 'stopped',
    meaning:
      'Stopped working: calls were accepted in the window, and since the last of them at least half of those that did not work were refused.',
    isRefusal: true,
    words: (seen: SeenTraffic, asOf: Day) => `stopped working: refused${since(seen, asOf)}`,
    now: () => 'refused',
    brief: (seen: SeenTraffic, asOf: Day) => `stopped${on(seen.stoppedOn, asOf)}: refused`,
    clause: (seen: SeenTraffic) =>
      `${CALLS} worked until ${lastWorked(seen)}${stoppedSince(seen)} they are refused`,
  },
  'newly-failing': {
    fits: ({ stoppedBy }: TrafficSigns) => stoppedBy === 'failures',
    state: 'stopped',
    meaning:
      'Stopped working, and most of what did not work since failed otherwise: quota, credit, a retired model, bad requests, server errors.',
    words: (seen: SeenTraffic, asOf: Day) =>
      `stopped working: failing${failedWith(seen)}${since(seen, asOf)}`,
    now: (seen: SeenTraffic) => `failing${failedWith(seen)}`,
    brief: (seen: SeenTraffic, asOf: Day) => `stopped${on(seen.stoppedOn, asOf)}: failing${failedWith(seen)}`,
    clause: (seen: SeenTraffic) =>
      `${CALLS} worked until ${lastWorked(seen)}${stoppedSince(seen)} they fail${failedWith(seen)}`,
  },
  accepted: {
    fits: ({ isAcceptedLately }: TrafficSigns) => isAcceptedLately,
    state: 'works',
    meaning: 'Accepted in the last 7 days: it works, and can stop any day once a deadline is past.',
    words: (seen: SeenTraffic) => [`in use: ${callsLately(seen)} in 7 days`, ...partly(seen)].join('; '),
    brief: ({ gemini, partlyFailing }: SeenTraffic) =>
      partlyFailing === undefined
        ? `in use ${NUMBER.format(gemini.acceptedLately)}/7d`
        : `partly failing ${NUMBER.format(partlyFailing.accepted)}/${NUMBER.format(partlyFailing.calls)}`,
    clause: (seen: SeenTraffic) => `${CALLS} are accepted, last on ${lastWorked(seen)}${butFew(seen)}`,
  },
  'accepted-earlier': {
    fits: ({ isAccepted }: TrafficSigns) => isAccepted,
    state: 'worked-earlier',
    meaning: 'Accepted before these 7 days, and nothing shows that it has stopped working since.',
    words: ({ gemini }: SeenTraffic, asOf: Day) => `last worked${on(gemini.lastAccepted, asOf)}`,
    brief: ({ gemini }: SeenTraffic, asOf: Day) => `last worked${on(gemini.lastAccepted, asOf)}`,
    clause: (seen: SeenTraffic) => `${CALLS} were last accepted on ${lastWorked(seen)}`,
  },
  'only-refused': {
    fits: ({ isRefused }: TrafficSigns) => isRefused,
    state: 'never-works',
    meaning: 'Refused, and never accepted. Scanners that try a string they have found look like that too.',
    isRefusal: true,
    words: () => 'refused for as long as traffic is kept',
    brief: () => 'only refused',
    clause: (seen: SeenTraffic) =>
      `none of ${CALLS} was accepted since ${longDay(seen.since)}, and some were refused`,
  },
  'only-failed': {
    fits: ({ hasFailed }: TrafficSigns) => hasFailed,
    state: 'never-works',
    meaning:
      'Neither accepted nor refused, but failed otherwise: quota, credit, a retired model, server errors.',
    words: (seen: SeenTraffic) => `failing${failedWith(seen)} for as long as traffic is kept`,
    brief: (seen: SeenTraffic) => `only failing${failedWith(seen)}`,
    clause: (seen: SeenTraffic) =>
      `${CALLS} were neither accepted nor refused since ${longDay(seen.since)}, but failed otherwise${failedWith(seen)}`,
  },
  unknown: {
    fits: ({ isKnown }: TrafficSigns) => !isKnown,
    state: 'unknown',
    meaning: 'Not read: `usage.unknown` says why, in place of everything else. Never taken for no calls.',
    words: () => 'calls not known',
    brief: () => 'unknown',
    clause: () => 'what calls this key is not known',
  },
  'other-services': {
    fits: ({ callsOthers }: TrafficSigns) => callsOthers,
    state: 'calls-others',
    meaning: 'No call of the Gemini API, but of other services.',
    words: ({ services }: SeenTraffic) =>
      `used for ${namesOf(services.filter((service) => !isService(service, GEMINI_API)))}, not for Gemini`,
    brief: () => 'not for Gemini',
    clause: (seen: SeenTraffic) => `this key has not called the Gemini API since ${longDay(seen.since)}`,
  },
  none: {
    fits: () => true,
    state: 'not-called',
    meaning: 'No call of any service.',
    words: () => `no calls in ${LOOK_BACK_DAYS} days`,
    wordsIfYounger: 'no calls since it was made',
    brief: () => 'no calls',
    clause: (seen: SeenTraffic) => `nothing has called any API with this key since ${longDay(seen.since)}`,
  },
} as const satisfies Readonly<Record<string, TrafficClass>>

/** What the traffic of a key shows of the Gemini API, in one word. */
export type Traffic = keyof typeof TRAFFIC_CLASSES

/** All classes, the most urgent first. */
export const TRAFFIC = Object.keys(TRAFFIC_CLASSES) as readonly Traffic[]

/** The row of a class. */
export function trafficClass(traffic: Traffic): TrafficClass {
  return TRAFFIC_CLASSES[traffic]
}

/** The class of a key's traffic: the first one that fits. */
export function classOf(signs: TrafficSigns): Traffic {
  return TRAFFIC.find((traffic) => trafficClass(traffic).fits(signs)) ?? 'none'
}

/** Whether the steps of a key begin with what its calls may mean: where a key never worked, a leak comes first. */
export function isLookedAtFirst(traffic: Traffic): boolean {
  return trafficClass(traffic).state !== 'never-works'
}

/** Whether a key that worked does not any more. */
export function hasStopped(traffic: Traffic): boolean {
  return trafficClass(traffic).state === 'stopped'
}

/** Whether a key that worked is refused now. */
export function isNewlyRefused(traffic: Traffic): boolean {
  return hasStopped(traffic) && trafficClass(traffic).isRefusal === true
}

/** Whether a key is refused that was never seen working: by strangers who try its string, it may be. */
export function isOnlyRefused(traffic: Traffic): boolean {
  return trafficClass(traffic).state === 'never-works' && trafficClass(traffic).isRefusal === true
}

/** How few calls of a partly failing key get through: `24 of 324 calls a day get through`. */
export function partlyFailingText({ accepted, calls }: PartlyFailing): string {
  const few = accepted === 0 ? 'fewer than 1' : NUMBER.format(accepted)
  return `${few} of ${NUMBER.format(calls)} calls a day get through`
}

const NUMBER = new Intl.NumberFormat('en-US')

const CALLS = 'this key’s calls to the Gemini API'

function on(day: Day | undefined, asOf: Day): string {
  return day === undefined ? '' : ` ${monthDay(day, asOf)}`
}

function since({ stoppedOn }: SeenTraffic, asOf: Day): string {
  return stoppedOn === undefined ? '' : ` since ${monthDay(stoppedOn, asOf)}`
}

function lastWorked({ gemini, since: start }: SeenTraffic): string {
  return longDay(gemini.lastAccepted ?? start)
}

function stoppedSince({ stoppedOn }: SeenTraffic): string {
  return stoppedOn === undefined ? ', and since then' : `, and since ${longDay(stoppedOn)}`
}

function callsLately({ gemini: { acceptedLately } }: SeenTraffic): string {
  return `${NUMBER.format(acceptedLately)} ${acceptedLately === 1 ? 'call' : 'calls'}`
}

function partly({ partlyFailing }: SeenTraffic): readonly string[] {
  return partlyFailing === undefined ? [] : [`partly failing: ${partlyFailingText(partlyFailing)}`]
}

function butFew({ partlyFailing }: SeenTraffic): string {
  if (partlyFailing === undefined) return ''
  return `, but ${partlyFailing.accepted === 0 ? '' : 'only '}${partlyFailingText(partlyFailing)}`
}

/** ` (402)`: of the last 7 days, else of the window. */
function failedWith({ lately, gemini }: SeenTraffic): string {
  const recent = mainCodes(lately?.codes ?? {})
  const codes = recent.length > 0 ? recent : mainCodes(gemini.failedCodes ?? {})
  return codes.length === 0 ? '' : ` (${codes.join(', ')})`
}
