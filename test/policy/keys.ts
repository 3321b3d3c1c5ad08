import { parseDay, parseInstant } from '../../src/calendar.js'
import type {
  ApiTarget,
  Day,
  DayCalls,
  Instant,
  Key,
  KeyFacts,
  KnownUsage,
  Observation,
  Project,
  Restrictions,
  Usage,
} from '../../src/model.js'
import { factsOf } from '../../src/policy/facts.js'

export const TODAY = day('2026-11-23')

export function day(text: string): Day {
  const parsed = parseDay(text)
  if (parsed === undefined) throw new Error(`${text} is no day`)
  return parsed
}

export function instant(text: string): Instant {
  const parsed = parseInstant(text)
  if (parsed === undefined) throw new Error(`${text} is no instant`)
  return parsed
}

export const UNRESTRICTED: Restrictions = {
  apiTargets: [],
  allowedReferrers: [],
  allowedIps: [],
  allowedApplications: [],
  allowedBundleIds: [],
}

export function targets(...services: readonly string[]): readonly ApiTarget[] {
  return services.map((service) => ({ service, methods: [] }))
}

export const PROJECT: Project = {
  number: '123',
  id: 'acme-web',
  state: 'ACTIVE',
  labels: {},
  ancestors: ['folders/1', 'folders/7', 'organizations/9'],
}

export const KEY: Key = {
  name: 'projects/123/locations/global/keys/abc',
  uid: '1b4e28ba-2fa1-11d2-883f-0016d3cca427',
  projectNumber: '123',
  displayName: 'Search suggestions',
  createTime: instant('2025-01-15T09:30:00Z'),
  restrictions: UNRESTRICTED,
}

export const NO_CALLS = { accepted: 0, refused: 0, failed: 0, failedCodes: {} }

/** Traffic over the 42 days before 2026-11-23, with the last request on a day, or none at all. */
export function usage(lastRequest?: string, since = '2026-10-12'): Usage {
  const last = lastRequest === undefined ? {} : { lastRequest: day(lastRequest) }
  return { since: day(since), gemini: NO_CALLS, services: [], daily: [], ...last }
}

type Calls = Partial<Record<'accepted' | 'refused' | 'failed', number>>

/** Calls of one day, as Google counts them: 200 is accepted, 403 refused, and 429 has failed. */
export function callsOn(text: string, calls: Calls): DayCalls {
  const { accepted = 0, refused = 0, failed = 0 } = calls
  const codes = Object.entries({ 200: accepted, 403: refused, 429: failed }).filter(([, count]) => count > 0)
  return { day: day(text), accepted, refused, failed, codes: Object.fromEntries(codes) }
}

/**
 * Traffic over the 42 days before 2026-11-23: calls to the Gemini API by day, and other services, which were
 * called on the last of these days, or on 2026-11-22. Failed calls are 429s.
 */
export function traffic(
  byDay: Readonly<Record<string, Calls>>,
  others: readonly string[] = [],
  since = '2026-10-12',
): KnownUsage {
  const daily = Object.entries(byDay).map(([text, calls]) => callsOn(text, calls))
  const sum = (kind: keyof Calls) => daily.reduce((total, calls) => total + calls[kind], 0)
  const last = (kind: keyof Calls) => daily.findLast((calls) => calls[kind] > 0)?.day
  const [lastAccepted, lastRefused] = [last('accepted'), last('refused')]
  const lastRequest = daily.at(-1)?.day ?? (others.length > 0 ? day('2026-11-22') : undefined)
  return {
    since: day(since),
    gemini: {
      accepted: sum('accepted'),
      refused: sum('refused'),
      failed: sum('failed'),
      failedCodes: sum('failed') === 0 ? {} : { 429: sum('failed') },
      ...(lastAccepted === undefined ? {} : { lastAccepted }),
      ...(lastRefused === undefined ? {} : { lastRefused }),
    },
    services: [...(daily.length > 0 ? ['generativelanguage.googleapis.com'] : []), ...others].toSorted(),
    daily,
    ...(lastRequest === undefined ? {} : { lastRequest }),
  }
}

const READ = { readAt: instant('2026-11-23T07:00:05.123Z') }

/** A standard key without restrictions, in a project with the Gemini API, of unknown traffic. */
export const OBSERVATION: Observation = {
  key: KEY,
  project: PROJECT,
  type: 'standard',
  gemini: 'on',
  usage: { unknown: 'not read' },
  evidence: {
    key: { from: 'keys.list', ...READ },
    type: { from: 'keys.list', ...READ },
    services: { from: 'assets', ...READ },
  },
}

export interface Difference extends Partial<Omit<Observation, 'key' | 'project'>> {
  readonly key?: Partial<Key>
  readonly project?: Partial<Project>
  readonly restrictions?: Partial<Restrictions>
}

/** That key, with what differs. */
export function observation({ key, project, restrictions, ...rest }: Difference = {}): Observation {
  return {
    ...OBSERVATION,
    ...rest,
    key: { ...KEY, ...key, restrictions: { ...UNRESTRICTED, ...restrictions } },
    project: { ...PROJECT, ...project },
  }
}

/** The facts of that key, with what differs, on a day. */
export function facts(difference: Difference = {}, asOf: Day = TODAY, dormantDays = 30): KeyFacts {
  return factsOf(observation(difference), asOf, dormantDays)
}
