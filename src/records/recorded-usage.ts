import type { Day, GeminiCalls, KeyFacts } from '../model.js'
import type { Possibility } from '../policy/answers.js'
import type { LatelyCalls, PartlyFailing, Traffic } from '../policy/traffic-classes.js'
import { mayMean, trafficFacts } from '../policy/traffic-facts.js'

export interface RecordedCalls {
  /** Calls of the Gemini API that were answered with 2xx or 3xx. */
  readonly accepted: number
  /** Calls of the Gemini API that were refused: 401 or 403. */
  readonly refused: number
  /** Calls of the Gemini API that failed otherwise: quota, credit, bad requests, server errors. */
  readonly failed: number
  /** Failed calls by HTTP response code, when there are any. */
  readonly failedCodes?: Readonly<Record<string, number>>
  /** Accepted calls of the last 7 days. */
  readonly acceptedLately: number
  /** The last day with accepted calls in the window, in UTC. */
  readonly lastAccepted?: Day
  /** The last day with refused calls in the window, in UTC. */
  readonly lastRefused?: Day
  /** The last day with accepted calls that any run of this audit saw. */
  readonly lastAcceptedSeen?: Day
}

/** Traffic in the window that begins with `since`, or why it is not known. */
export type RecordedUsage =
  | {
      /** Why the traffic is not known: it is then never zero. */
      readonly unknown: string
      /** The last day with accepted calls that any run of this audit saw. */
      readonly lastAcceptedSeen?: Day
    }
  | {
      /** The first day of the window, in UTC. */
      readonly since: Day
      /** What follows from the calls, in one word. */
      readonly traffic: Traffic
      /** The calls of the Gemini API in the last 7 days; absent in records of earlier versions. */
      readonly lately?: LatelyCalls
      /** Of a key that stopped working: the first day on which nothing worked, in UTC. */
      readonly stoppedOn?: Day
      /** Of a key that stopped working: the accepted calls of the 7 days that ended with the last accepted one. */
      readonly lostWeekly?: number
      /** Of a key that works, while more of its calls of the last 7 days were refused or failed than accepted. */
      readonly partlyFailing?: PartlyFailing
      /** What the calls that do not work may mean, the likeliest first; absent where they do work. */
      readonly mayMean?: readonly Possibility[]
      /** The calls of the Gemini API in the window. */
      readonly gemini: RecordedCalls
      /** Every service that any request of the key reached in the window, whatever the answer. */
      readonly services: readonly string[]
      /** The last day with a request of any service and any answer, when there is one. */
      readonly lastRequest?: Day
    }

/** What the record of a key says of its traffic. */
export function recordedUsage({ usage, evidence, type }: KeyFacts): RecordedUsage {
  if ('unknown' in usage) return { unknown: usage.unknown }
  const { since, services, lastRequest, gemini } = usage
  const facts = trafficFacts({ usage, evidence })
  const meanings = mayMean({ usage, evidence, type })
  return {
    since,
    ...facts,
    ...(meanings.length > 0 && { mayMean: meanings }),
    gemini: recordedCalls(gemini, facts.lately.accepted),
    services,
    ...(lastRequest && { lastRequest }),
  }
}

function recordedCalls(calls: GeminiCalls, acceptedLately: number): RecordedCalls {
  const { accepted, refused, failed, failedCodes, lastAccepted, lastRefused } = calls
  return {
    accepted,
    refused,
    failed,
    ...(failed !== 0 && { failedCodes }),
    acceptedLately,
    ...(lastAccepted && { lastAccepted }),
    ...(lastRefused && { lastRefused }),
  }
}
