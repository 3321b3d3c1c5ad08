import type { KeyFacts, Step } from '../../model.js'
import { createAuthKey, createServiceAccount, deleteSecret, deleteServiceAccount } from './auth-key.js'
import { showBlocker } from './gcloud.js'
import { AUTH_KEYS, geminiTraffic, keysPage } from './pages.js'

/** A service account, the auth key and the switch to it: for whatever calls the Gemini API from a server. */
export function newAuthKey(facts: KeyFacts): readonly Step[] {
  const { key, project } = facts
  return [
    ...mayBeBlocked(facts),
    {
      say: `Create a service account for the new key. Way back: ${deleteServiceAccount(key, project)}`,
      command: createServiceAccount(key, project),
    },
    {
      say: `Create the auth key, bound to that service account and restricted to the Gemini API, and put its string into Secret Manager without showing it. If that stops half-way, the folder that it prints still holds the string, and its file log says why: keep neither. Way back: delete the new key at ${keysPage(project)}, then ${deleteSecret(key, project)}`,
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

const POLICY = 'the organization policy constraints/iam.managed.disableServiceAccountApiKeyCreation'
const TRY =
  'Google’s statements differ for keys restricted to the Gemini API: try once, else ask whoever keeps the organization’s policies to allow generativelanguage.googleapis.com in it.'

/** What is known of a policy that stops auth keys from being made, as what it is. */
function mayBeBlocked({ project, blocker }: KeyFacts): readonly Step[] {
  const show = { command: showBlocker(project) }
  switch (blocker?.state) {
    case 'in-force':
      return [
        {
          say: `The new key may be blocked by ${POLICY}, which is in force in ${project.id}. ${TRY}`,
          ...show,
        },
      ]
    case 'unknown':
    case undefined:
      return [
        {
          say: `Whether the new key may be blocked by ${POLICY} is not known. ${TRY}`,
          ...show,
        },
      ]
    case 'absent':
      return []
  }
}
