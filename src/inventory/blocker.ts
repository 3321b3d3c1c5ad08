import { CALLS } from '../google/calls.js'
import type { GoogleClient } from '../google/client.js'
import { ApiError } from '../google/errors.js'
import { effectiveRules, type PolicyRule } from '../google/orgpolicy.js'
import { type AuthKeyBlocker, GEMINI_API, type Observation } from '../model.js'
import { isCandidate, isService } from '../policy/facts.js'

/** Where it is enforced, no key is bound to a service account but for the services that it allows. */
export const CONSTRAINT = 'iam.managed.disableServiceAccountApiKeyCreation'

/**
 * Reads whether a policy may keep people from making an auth key for the Gemini API in a project. Throws
 * `ApiError`, also for an answer that does not say whether the constraint is enforced: it is by default.
 * @see https://cloud.google.com/organization-policy/restrict-service-accounts
 */
export async function readBlocker(google: GoogleClient, subject: string): Promise<AuthKeyBlocker> {
  const rules = await effectiveRules(google, subject, CONSTRAINT)
  if (rules.some((rule) => rule.enforce === true && !allowsGemini(rule))) return { state: 'in-force' }
  if (rules.length > 0 && rules.every(({ enforce }) => enforce !== undefined)) return { state: 'absent' }
  throw new ApiError(CALLS.getEffectivePolicy, subject, {
    reason: 'MALFORMED',
    detail: `the policy does not say whether ${CONSTRAINT} is enforced`,
  })
}

function allowsGemini({ parameters }: PolicyRule): boolean {
  const allowed = parameters?.['allowedServices']
  if (!Array.isArray(allowed)) return false
  return allowed.some(
    (service) => typeof service === 'string' && isService(service.replace(/^is:/, ''), GEMINI_API),
  )
}

/** Whether an auth key has to take the place of a key, which calls the Gemini API as a standard key. */
export function needsAuthKey({ key, type, gemini }: Observation): boolean {
  return type === 'standard' && gemini === 'on' && key.flaw === undefined && isCandidate(key)
}
