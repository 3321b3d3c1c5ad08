import type { Evidence, GeminiState, Instant, Key, KeyType, Observation, Project } from '../model.js'
import { keyTypeOf } from '../policy/facts.js'
import type { RememberedType } from './reading.js'
import { unreadUsage } from './usage.js'

/** Whether the Gemini API is enabled in a project, and how that is known. */
export interface GeminiApiStatus {
  readonly state: GeminiState
  readonly source: Evidence['services']
}

/** A key as its project's `keys.list` shows it: fresh, and with its type. */
export function listed(key: Key, project: Project, status: GeminiApiStatus, readAt: Instant): Observation {
  const source = { from: 'keys.list', readAt } as const
  const isAuth = keyTypeOf(key.serviceAccountEmail) === 'auth'
  // The field that was not as documented may be the service account.
  const type: KeyType = isAuth ? 'auth' : key.flaw === undefined ? 'standard' : 'unknown'
  return observation(key, project, status, type, { key: source, type: source })
}

/**
 * A key as the asset inventory shows it. A service account there makes it an auth key; where there is none,
 * the inventory may not carry it, so that the type is what an earlier run saw, or unknown.
 */
export function inventoried(
  key: Key,
  project: Project,
  status: GeminiApiStatus,
  readAt: Instant,
  remembered: RememberedType | undefined,
): Observation {
  const source = { from: 'assets', readAt } as const
  if (keyTypeOf(key.serviceAccountEmail) === 'auth') {
    return observation(key, project, status, 'auth', { key: source, type: source })
  }
  if (remembered === undefined) {
    return observation(key, project, status, 'unknown', { key: source, type: source })
  }
  const type = { from: 'remembered', readAt: remembered.readAt } as const
  const { boundTo } = remembered
  const bound = boundTo === undefined ? key : { ...key, serviceAccountEmail: boundTo }
  return observation(bound, project, status, remembered.type, { key: source, type })
}

function observation(
  key: Key,
  project: Project,
  { state, source }: GeminiApiStatus,
  type: KeyType,
  evidence: Omit<Evidence, 'services'>,
): Observation {
  return {
    key,
    project,
    type,
    gemini: state,
    usage: unreadUsage({ key, type, gemini: state }),
    evidence: { key: evidence.key, services: source, type: evidence.type }, // as records order it
  }
}
