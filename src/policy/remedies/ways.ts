/** The ways off the rules: what to do with a standard key that reaches the Gemini API, and how. */

import { longDay } from '../../calendar.js'
import type { Action, ClientRestriction, KeyFacts, Restrictions } from '../../model.js'
import { allowedClientsOf } from '../clients.js'
import { isMadeBeforeGemini } from '../facts.js'
import type { Remedy, Step } from '../judgement-types.js'
import { isIdle, otherServices, trafficOf } from '../traffic.js'
import { isLookedAtFirst, type TrafficState, trafficClass } from '../traffic-classes.js'
import { mayMean } from '../traffic-facts.js'
import { isFirebaseAppKey, isProviderManaged, leaveToProvider, ofFirebaseApp } from './firebase.js'
import { setRestrictions } from './gcloud.js'
import { allTraffic, FIREBASE_AI_LOGIC } from './pages.js'
import {
  blockedForGood,
  leaveOthers,
  leaveOthersSeen,
  newAuthKey,
  onlyGemini,
  onlyIfNeeded,
  removeKey,
  suspectLeak,
  toCalled,
  toExactlyThese,
  toOthersCalled,
  toWhatItCalls,
  undoClients,
  undoToCalled,
} from './steps.js'

/** The way off the rules for a key, by what calls it and what kind it is. */
export function chooseRemedy(facts: KeyFacts): Remedy {
  const action = actionFor(facts)
  return { action, steps: [...lookFirst(facts), ...STEPS[action](facts)] }
}

/**
 * Where to look before anything is changed, for a key that worked and does not, or hardly does: a new key does
 * not help where the credit, the project or the model is the cause.
 */
function lookFirst(facts: KeyFacts): readonly Step[] {
  if (!isLookedAtFirst(trafficOf(facts))) return []
  return mayMean(facts).map(({ code, say, look, url }) => ({
    say: `Look first, since its calls are answered ${code}: ${say}. See ${look}.`,
    ...(url !== undefined && { url }),
  }))
}

type Way = Exclude<Action, 'none'>

const STEPS: Readonly<Record<Way, (facts: KeyFacts) => readonly Step[]>> = {
  migrate,
  restrict,
  split,
  retire,
  'move-to-backend': moveToBackend,
  'provider-managed': leaveToProvider,
  investigate,
}

/** A key of a provider is never touched, and one that nothing calls needs no successor; then its traffic decides. */
function actionFor(facts: KeyFacts): Way {
  const { state } = trafficClass(trafficOf(facts))
  if (isProviderManaged(facts)) return 'provider-managed'
  if (isFirebaseAppKey(facts)) return actionForApp(facts, state)
  if (isIdle(facts)) return 'retire'
  return facts.apiRestriction === 'none'
    ? actionForUnrestricted(facts, state)
    : actionForRestricted(facts, state)
}

/** Firebase needs the keys of its apps, whether they are called or not: the Gemini API leaves them. */
function actionForApp({ apiRestriction }: KeyFacts, traffic: TrafficState): Way {
  return apiRestriction === 'gemini-only' || callsGemini(traffic) ? 'move-to-backend' : 'restrict'
}

function actionForUnrestricted(facts: KeyFacts, traffic: TrafficState): Way {
  if (traffic === 'calls-others') return 'restrict'
  if (!callsGemini(traffic)) return 'investigate'
  if (livesInClients(facts)) return 'move-to-backend'
  return otherServices(facts.usage).length > 0 ? 'split' : 'migrate'
}

/** A key that names the Gemini API among its targets is meant to call it, until traffic says otherwise. */
function actionForRestricted(facts: KeyFacts, traffic: TrafficState): Way {
  const hasOthers = facts.apiRestriction === 'gemini-and-others'
  if (livesInClients(facts)) {
    return hasOthers && traffic === 'calls-others' ? 'restrict' : 'move-to-backend'
  }
  return hasOthers ? 'split' : 'migrate'
}

function callsGemini(traffic: TrafficState): boolean {
  switch (traffic) {
    case 'stopped':
    case 'works':
    case 'worked-earlier':
    case 'never-works':
      return true
    case 'unknown':
    case 'calls-others':
    case 'not-called':
      return false
  }
}

/** Whether everybody can read the key: in a website or an app. */
function livesInClients(facts: KeyFacts): boolean {
  const { clientRestriction: client } = facts
  return (client !== 'none' && client !== 'server') || isFirebaseAppKey(facts)
}

const MOVED = 'When the old key gets no more calls to the Gemini API'

/** For a key that is used for the Gemini API only. */
function migrate(facts: KeyFacts): readonly Step[] {
  const isUnrestricted = facts.apiRestriction === 'none'
  return [
    ...suspectLeak(facts),
    ...blockedForGood(facts),
    ...(isUnrestricted ? onlyGemini(facts, 'It calls nothing but the Gemini API') : []),
    ...newAuthKey(facts),
    removeKey(facts, 'When nothing calls the old key any more'),
  ]
}

/** For a key that is used, or listed, for the Gemini API and others: an auth key can only call the one. */
function split(facts: KeyFacts): readonly Step[] {
  const isUnrestricted = facts.apiRestriction === 'none'
  return [
    ...suspectLeak(facts),
    ...blockedForGood(facts),
    ...onlyIfNeeded(facts),
    ...(isUnrestricted ? toCalled(facts) : []),
    ...newAuthKey(facts),
    ...(isUnrestricted
      ? [
          toOthersCalled(facts, `${MOVED}: remove that API from its list. The others that it calls stay.`),
          undoToCalled(facts),
        ]
      : leaveOthers(facts, MOVED)),
  ]
}

/** For a key that is used for other APIs only, or by apps that are to call other APIs only. */
function restrict(facts: KeyFacts): readonly Step[] {
  const first = ofFirebaseApp(facts)
  if (facts.apiRestriction !== 'none') return [...first, ...leaveOthersSeen(facts)]
  if (otherServices(facts.usage).length > 0) return [...first, ...toExactlyThese(facts)]
  return [...first, whatCallsIt(facts), toWhatItCalls(facts, 'When you know which APIs the app calls')]
}

/**
 * For a key that lies in a website or an app and calls the Gemini API.
 * @see https://ai.google.dev/gemini-api/docs/api-key on keys in client-side code
 */
function moveToBackend(facts: KeyFacts): readonly Step[] {
  return [
    ...suspectLeak(facts),
    ...ofFirebaseApp(facts),
    ...(facts.apiRestriction === 'none' ? toCalled(facts) : []),
    toBackend(
      isFirebaseAppKey(facts)
        ? 'By its name, this key lies in an app'
        : 'This key lies in a website or an app',
    ),
    ...newAuthKey(facts),
    ...afterTheMove(facts),
  ]
}

/** What takes the place of a key that everybody can read. */
function toBackend(where: string): Step {
  return {
    say: `${where}, where an auth key must not be: it would give everybody a service account’s credential. Let a backend of your own call the Gemini API with an auth key, or use Firebase AI Logic, whose proxy keeps its key to itself. To undo: use the old key again, as long as it is accepted.`,
    url: FIREBASE_AI_LOGIC,
  }
}

function afterTheMove(facts: KeyFacts): readonly Step[] {
  const when = 'When no released version of the client calls the Gemini API with the old key any more'
  switch (facts.apiRestriction) {
    case 'none':
      return otherServices(facts.usage).length > 0
        ? [toOthersCalled(facts, `${when}: remove the Gemini API from its list.`), undoToCalled(facts)]
        : [removeKey(facts, when)]
    case 'gemini-and-others':
      return leaveOthers(facts, when)
    case 'gemini-only':
    case 'others-only':
      return [removeKey(facts, when)]
  }
}

/** For a key that nothing has called for as long as calls are kept: never deleted before it was shut off and missed. */
function retire(facts: KeyFacts): readonly Step[] {
  const { key, project, usage } = facts
  const since = 'unknown' in usage ? '' : ` since ${longDay(usage.since)}, and older calls are not kept`
  return [
    {
      say: `Ask its owner whether anything still needs this key: nothing has called any API with it${since}.`,
      url: allTraffic(project),
    },
    ...(facts.dormant === true ? [BLOCKED] : []),
    {
      say: 'Restrict it to a caller that does not exist, a name or address that is reserved for examples: what still needs the key is refused, and nothing else.',
      command: setRestrictions(key, shutOff(facts)),
    },
    undoClients(facts),
    {
      say: 'Wait as long as its rarest use may take, at least a month. Calls that are refused in the meantime show up here.',
      url: allTraffic(project),
    },
    removeKey(facts, 'If nobody has missed it'),
  ]
}

const BLOCKED: Step = {
  say: 'If something does: Google may have blocked it as dormant, and then only a new key helps, no restriction.',
}

/** The restrictions of a key, but for its callers: one of the same kind that nobody is. */
function shutOff({ key }: KeyFacts): Restrictions {
  const nobody = { allowedReferrers: [], allowedIps: [], allowedApplications: [], allowedBundleIds: [] }
  const { kind } = allowedClientsOf(key.restrictions)
  return { ...nobody, ...NOBODY[kind], apiTargets: key.restrictions.apiTargets }
}

/**
 * Callers that do not exist.
 * @see https://www.rfc-editor.org/rfc/rfc5737 on 192.0.2.1
 * @see https://www.rfc-editor.org/rfc/rfc2606 on names that end with `.invalid`
 */
const NOBODY: Readonly<Record<ClientRestriction, Partial<Restrictions>>> = {
  none: { allowedIps: ['192.0.2.1'] },
  server: { allowedIps: ['192.0.2.1'] },
  browser: { allowedReferrers: ['https://retired.invalid/*'] },
  android: {
    allowedApplications: [
      { sha1Fingerprint: Array.from({ length: 20 }, () => '00').join(':'), packageName: 'invalid.retired' },
    ],
  },
  ios: { allowedBundleIds: ['invalid.retired'] },
}

/** For an unrestricted key of which nobody knows what calls it: how to find out, and what follows. */
function investigate(facts: KeyFacts): readonly Step[] {
  return [
    whatCallsIt(facts),
    ...blockedForGood(facts),
    ...ifItCallsGemini(facts),
    toWhatItCalls(facts, 'If it calls other APIs, once its calls to the Gemini API have moved'),
    removeKey(facts, 'If nothing has called it for six weeks and nobody claims it'),
  ]
}

function whatCallsIt({ key, project, usage }: KeyFacts): Step {
  const purpose = isMadeBeforeGemini(key)
    ? ' It is older than the Gemini API, so most likely it was made for another one.'
    : ''
  if ('unknown' in usage) {
    return {
      say: `See which APIs this key calls: in Metrics Explorer, serviceruntime.googleapis.com/api/request_count by service and response_code, where the resource label credential_id is apikey:${key.uid}. Calls older than about six weeks are no longer shown.${purpose}`,
      url: allTraffic(project),
    }
  }
  return {
    say: `Ask its owner what it is for: nothing has called any API with it since ${longDay(usage.since)}, and it is too young, or too little of its traffic is known, to say that nothing will.${purpose}`,
    url: allTraffic(project),
  }
}

function ifItCallsGemini(facts: KeyFacts): readonly Step[] {
  return livesInClients(facts)
    ? [toBackend('If it calls the Gemini API: it lies in a website or an app'), ...newAuthKey(facts)]
    : [...onlyGemini(facts, 'If it calls nothing but the Gemini API'), ...newAuthKey(facts)]
}
