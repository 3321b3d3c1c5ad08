import { addDays, dayOf, daysBefore, daysBetween, isByDay } from '../calendar.js'
import {
  type ApiRestriction,
  type Day,
  GEMINI_API,
  type GeminiAccess,
  type GeminiState,
  type Instant,
  type Key,
  type KeyFacts,
  type KeyType,
  type Observation,
  type Restrictions,
} from '../model.js'
import { clientRestrictionOf } from './clients.js'

/** A target of this name lets a key call every API, so that it restricts nothing. */
const EVERY_API = 'cloudapis.googleapis.com'

/** Service names compare as whole names, without regard to case and surrounding blanks. */
export function isService(service: string, name: string): boolean {
  return service === name || service.trim().toLowerCase() === name
}

/** What a key's API targets leave of the Gemini API. Client restrictions play no part in it. */
export function apiRestrictionOf(restrictions: Restrictions): ApiRestriction {
  const targets = restrictions.apiTargets
  if (targets.length === 0 || targets.some(({ service }) => isService(service, EVERY_API))) return 'none'
  const gemini = targets.filter(({ service }) => isService(service, GEMINI_API)).length
  if (gemini === 0) return 'others-only'
  return gemini === targets.length ? 'gemini-only' : 'gemini-and-others'
}

/** Whether a key names the Gemini API among its targets, which shows that it was enabled once. */
export function restrictsToGemini(key: Key): boolean {
  return key.restrictions.apiTargets.some(({ service }) => isService(service, GEMINI_API))
}

/** The day on which Google opened the Gemini API, then the PaLM API, to developers. */
const GEMINI_SINCE = '2023-03-14'

/** Whether a key is older than the Gemini API: most likely it was made for another one. */
export function isMadeBeforeGemini({ createTime }: Key): boolean {
  return createTime !== undefined && createTime < GEMINI_SINCE
}

/**
 * Whether a key could call the Gemini API if that is switched on. A deleted key could not; of a key that
 * cannot be read properly nobody knows, so it could.
 */
export function isCandidate(key: Key): boolean {
  if (key.flaw !== undefined) return true
  return key.deleteTime === undefined && apiRestrictionOf(key.restrictions) !== 'others-only'
}

/**
 * The type of a key that was read completely: an auth key shows the service account to which it is bound.
 * @see https://docs.cloud.google.com/docs/authentication/api-keys
 */
export function keyTypeOf(serviceAccountEmail: string | undefined): 'auth' | 'standard' {
  return serviceAccountEmail === undefined || serviceAccountEmail.trim() === '' ? 'standard' : 'auth'
}

/**
 * What follows from an observation. `asOf` counts only for the key's age, in days of `zone`: nothing here
 * depends on a deadline.
 */
export function factsOf(observation: Observation, asOf: Day, dormantDays: number, zone = 'UTC'): KeyFacts {
  const { key } = observation
  const type = keyTypeOf(key.serviceAccountEmail) === 'auth' ? 'auth' : observation.type
  const apiRestriction = apiRestrictionOf(key.restrictions)
  return {
    apiRestriction,
    clientRestriction: clientRestrictionOf(key.restrictions),
    geminiAccess: geminiAccessOf(observation, apiRestriction),
    dormant: dormancyOf(observation, type, asOf, dormantDays, zone),
    ...(key.createTime && { ageDays: ageOf(key.createTime, asOf, zone) }),
    ...observation, // behind, since Node 20 takes long for an object that begins with a spread
    type,
  }
}

/** A key that was made after the day by which it is judged has no age yet. */
function ageOf(createTime: Instant, asOf: Day, zone: string): number {
  return Math.max(0, daysBetween(dayOf(createTime, zone), asOf))
}

function geminiAccessOf({ key, gemini }: Observation, apiRestriction: ApiRestriction): GeminiAccess {
  // The restrictions of a malformed key may be what was malformed.
  if (key.flaw !== undefined) return 'unknown'
  if (apiRestriction === 'others-only') return 'no'
  return ACCESS[gemini]
}

const ACCESS: Readonly<Record<GeminiState, GeminiAccess>> = { on: 'yes', off: 'latent', unknown: 'unknown' }

/**
 * Whether a key is old enough to count as dormant and nothing at all has called it in the last `dormantDays`
 * before the reading. Where one of both is known not to be, the other need not be known.
 */
function dormancyOf(
  observation: Observation,
  type: KeyType,
  asOf: Day,
  dormantDays: number,
  zone: string,
): boolean | 'unknown' {
  // The traffic of auth keys may be recorded elsewhere.
  if (type === 'auth') return 'unknown'
  const isOld = isOfAge(observation, asOf, dormantDays, zone)
  const isUncalled = isQuiet(observation, dormantDays)
  if (isOld === false || isUncalled === false) return false
  return isOld === 'unknown' || isUncalled === 'unknown' ? 'unknown' : true
}

function isOfAge({ key }: Observation, asOf: Day, days: number, zone: string): boolean | 'unknown' {
  if (key.createTime === undefined) return 'unknown'
  return isByDay(key.createTime, zone, addDays(asOf, -days))
}

function isQuiet({ usage, evidence }: Observation, days: number): boolean | 'unknown' {
  if ('unknown' in usage) return 'unknown'
  const from = daysBefore(evidence.key.readAt, days)
  if (usage.lastRequest !== undefined && usage.lastRequest >= from) return false
  return usage.since <= from ? true : 'unknown'
}
