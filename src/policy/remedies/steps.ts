/**
 * The steps from which remedies are put together. Each says how to go back, where there is a way back.
 */
import { GEMINI_API, type Key, type KeyFacts, type Step } from '../../model.js'
import { isService } from '../facts.js'
import { createAuthKey, createServiceAccount, deleteServiceAccount } from './auth-key.js'
import {
  deleteKey,
  describeKey,
  restoreRestrictions,
  restrictKey,
  showGemini,
  undeleteKey,
} from './gcloud.js'
import { AI_STUDIO, AUTH_KEYS, allTraffic, geminiTraffic, keyPage } from './pages.js'

/** How to see what calls a key, while the audit does not know it. */
export function seeTraffic({ key, project }: KeyFacts): Step {
  return {
    say: `See which APIs this key calls: in Metrics Explorer, serviceruntime.googleapis.com/api/request_count by service and response_code, where the resource label credential_id is apikey:${key.uid}. Calls older than about six weeks are no longer shown.`,
    url: allTraffic(project),
  }
}

/** A service account, the auth key and the switch to it: for whatever calls the Gemini API from a server. */
export function newAuthKey({ key, project }: KeyFacts): readonly Step[] {
  return [
    {
      say: `Create a service account for the new key. Way back: ${deleteServiceAccount(key, project)}`,
      command: createServiceAccount(key, project),
    },
    {
      say: 'Create the auth key, bound to that service account and restricted to the Gemini API, and put its string into Secret Manager without showing it. If that stops half-way, the folder that it prints still holds the string, and its file log says why: keep neither. If the organization policy iam.managed.disableServiceAccountApiKeyCreation refuses the key, ask for generativelanguage.googleapis.com to be allowed there.',
      command: createAuthKey(key, project),
      url: AUTH_KEYS,
    },
    {
      say: 'Give the callers the new key from Secret Manager as GEMINI_API_KEY, and take GOOGLE_API_KEY away: where both are set, Google’s client libraries take GOOGLE_API_KEY. Try one call first: new keys begin with AQ., which some clients refuse. Way back: the old key, for as long as it is accepted.',
    },
    {
      say: 'Watch the old key’s calls to the Gemini API fall to zero, filtered by credential.',
      url: geminiTraffic(project),
    },
  ]
}

/** Leaves a key everything but the Gemini API. */
export function leaveOthers({ key, project }: KeyFacts, when: string): readonly Step[] {
  const others = key.restrictions.apiTargets.filter(({ service }) => !isService(service, GEMINI_API))
  return [
    {
      say: `${when}: take the Gemini API from it; its other APIs stay.`,
      command: restrictKey(key, others),
      url: keyPage(key, project),
    },
    wayBack(key),
  ]
}

/** The quick fix for an unrestricted key that is used for nothing but the Gemini API. */
export function onlyGemini({ key }: KeyFacts, when: string): readonly Step[] {
  return [
    {
      say: `${when}: restrict it to that API at once, here or by “Restrict to Gemini API only” in AI Studio; the auth key can follow.`,
      command: restrictKey(key, [{ service: GEMINI_API, methods: [] }]),
      url: AI_STUDIO,
    },
    wayBack(key),
  ]
}

/** For a key that nobody has restricted; which APIs it calls has to be known first. */
export function onlyOthers({ key, project }: KeyFacts, when: string): Step {
  return {
    say: `${when}: restrict it to exactly these, without the Gemini API, and leave its other restrictions as they are. Way back: the same page.`,
    url: keyPage(key, project),
  }
}

export function removeKey({ key, project }: KeyFacts, when: string): Step {
  return {
    say: `${when}: delete it. Way back, for 30 days: ${undeleteKey(key)}`,
    command: deleteKey(key),
    url: keyPage(key, project),
  }
}

export function showKey({ key, project }: KeyFacts, say: string, format: string): Step {
  return { say, command: describeKey(key, format), url: keyPage(key, project) }
}

export function showService({ project }: KeyFacts, say: string): Step {
  return { say, command: showGemini(project), url: geminiTraffic(project) }
}

function wayBack(key: Key): Step {
  return { say: 'Way back, if that refuses calls that it should not:', command: restoreRestrictions(key) }
}
