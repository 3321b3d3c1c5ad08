/** Steps that several remedies share. Each that changes something says how to undo it. */

import { longDay } from '../../calendar.js'
import { type ApiTarget, GEMINI_API, type KeyFacts } from '../../model.js'
import { hasOpenClients } from '../clients.js'
import { isService } from '../facts.js'
import type { Step } from '../judgement-types.js'
import { namesOf } from '../services.js'
import { otherServices, trafficOf } from '../traffic.js'
import { isOnlyRefused, trafficClass } from '../traffic-classes.js'
import {
  clearAndRestore,
  createAuthKey,
  createServiceAccount,
  deleteKey,
  deleteSecret,
  deleteServiceAccount,
  describeKey,
  restoreRestrictions,
  restrictKey,
  showBlocker,
  showGemini,
  undeleteKey,
} from './gcloud.js'
import { AI_STUDIO, AUTH_KEYS, COMPROMISED, geminiTraffic, keyPage, keysPage } from './pages.js'

/** For a key that may be blocked already: what restricting it does not do. */
export function blockedForGood({ dormant, apiRestriction }: KeyFacts): readonly Step[] {
  if (dormant !== true || apiRestriction !== 'none') return []
  return [{ say: 'If Google has blocked it as dormant, no restriction brings it back: only a new key does.' }]
}

/** For a key that may call the Gemini API and was not seen doing it. */
export function onlyIfNeeded(facts: KeyFacts): readonly Step[] {
  const { usage } = facts
  const { state } = trafficClass(trafficOf(facts))
  if ('unknown' in usage || (state !== 'calls-others' && state !== 'not-called')) return []
  return [
    {
      say: `It has not called the Gemini API since ${longDay(usage.since)}, which proves nothing about rarer calls. Ask its owner, and make a new key only if something still needs one for that API.`,
    },
  ]
}

export function removeKey({ key, project }: KeyFacts, when: string): Step {
  return {
    say: `${when}: delete it. To undo, for 30 days: ${undeleteKey(key)}`,
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

/** What comes first where only strangers may be trying the key string: Google's checklist in short. */
export function suspectLeak(facts: KeyFacts): readonly Step[] {
  const { usage } = facts
  if ('unknown' in usage || !isOnlyRefused(trafficOf(facts))) return []
  return [
    {
      say: `Ask its owner whether these calls of the Gemini API are theirs: since ${longDay(usage.since)} none was accepted, and ${usage.gemini.refused} were refused. If nobody claims them, treat the key as leaked, and follow Google’s checklist instead of the steps below: make a new key for what still needs one, delete this one, look for resources and charges that nobody can explain, and remove its string from code, pages and chats.`,
      url: COMPROMISED,
    },
  ]
}

const POLICY = 'the organization policy constraints/iam.managed.disableServiceAccountApiKeyCreation'
const TRY =
  'Google’s statements differ for keys restricted to the Gemini API, so try once. If it is blocked, ask the administrators of the organization’s policies to allow generativelanguage.googleapis.com in it.'

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
      return [{ say: `Whether the new key may be blocked by ${POLICY} is not known. ${TRY}`, ...show }]
    case 'absent':
      return []
  }
}

/** For a key whose list of clients lets everybody in. */
function withoutClients({ key }: KeyFacts): readonly Step[] {
  if (!hasOpenClients(key.restrictions)) return []
  return [
    {
      say: 'The old key’s list of clients lets everybody in, so it protects nothing, and the new key is made without one. Restrict the new key to the addresses of its callers as soon as you know them.',
    },
  ]
}

/** What an auth key is made for. */
export interface NewKey {
  /** What is to be done about its service account. */
  readonly account: string
  /** The APIs that it may call, by their names and as people call them. */
  readonly services: readonly string[]
  readonly apis: string
  /** How it is seen that the old key is no longer called. */
  readonly watch: string
}

const FOR_GEMINI: NewKey = {
  account: 'Create a service account for the new key.',
  services: [GEMINI_API],
  apis: 'the Gemini API',
  watch: 'Watch the old key’s calls to the Gemini API fall to zero, filtered by credential.',
}

const AS_GEMINI_KEY =
  'Give the callers the new key from Secret Manager as GEMINI_API_KEY, and remove GOOGLE_API_KEY: where both are set, Google’s client libraries use GOOGLE_API_KEY. Try one call first: new keys begin with AQ., and some clients refuse them. To undo: use the old key again, as long as it is accepted.'
const AS_ANY_KEY =
  'Give the callers the new key from Secret Manager, and try one call first. To undo: use the old key again.'

/** Where an auth key was probably made already: a second one would leave the first lying about. */
function mayBeReplaced({ replacement, project }: KeyFacts): readonly Step[] {
  if (replacement === undefined) return []
  const { key, displayName = key, because } = replacement
  return [
    {
      say: `First see whether the auth key ${displayName} has replaced this one already; that is a guess. ${because} If it has, and a call with it works, make no other: give that one to the callers that are left, as below.`,
      url: keysPage(project),
    },
  ]
}

/** A service account, the auth key and the switch to it: for whatever calls the Gemini API from a server. */
export function newAuthKey(facts: KeyFacts, made: NewKey = FOR_GEMINI): readonly Step[] {
  const { key, project } = facts
  return [
    ...mayBeReplaced(facts),
    ...mayBeBlocked(facts),
    {
      say: `${made.account} To undo: ${deleteServiceAccount(key, project)}`,
      command: createServiceAccount(key, project),
    },
    ...withoutClients(facts),
    {
      say: `Create the auth key, bound to that service account and restricted to ${made.apis}. Its string goes into Secret Manager and is not shown. If the command stops halfway, the folder that it prints still holds the string, and its file log says why: delete both. To undo: delete the new key at ${keysPage(project)}, then ${deleteSecret(key, project)}`,
      command: createAuthKey(key, project, made.services),
      url: AUTH_KEYS,
    },
    {
      say: made.services.some((service) => isService(service, GEMINI_API)) ? AS_GEMINI_KEY : AS_ANY_KEY,
    },
    {
      say: made.watch,
      url: geminiTraffic(project),
    },
  ]
}

/** An empty window proves nothing: said wherever a key is restricted to what it was seen calling. */
const RARE =
  'Six weeks of traffic do not show rarer calls, such as a token refresh or a yearly job: ask its owner about those first, and add them.'

/** Leaves a key that lists the Gemini API among others everything but that. */
export function leaveOthers(facts: KeyFacts, when: string): readonly Step[] {
  const { key, project } = facts
  const others = key.restrictions.apiTargets.filter(({ service }) => !isService(service, GEMINI_API))
  return [
    {
      ...byCommand(
        `${when}: remove the Gemini API from its list. Its other APIs stay.`,
        restrictKey(key, others),
      ),
      url: keyPage(key, project),
    },
    undo(facts),
  ]
}

/** The same for a key that lists the Gemini API and was not seen calling it. */
export function leaveOthersSeen(facts: KeyFacts): readonly Step[] {
  const { usage } = facts
  const seen = 'unknown' in usage ? 'Nobody knows whether it calls' : 'It was not seen calling'
  return leaveOthers(facts, `${seen} the Gemini API, so ask its owner about rare calls first`)
}

/** The quick fix for an unrestricted key that is used for nothing but the Gemini API. */
export function onlyGemini(facts: KeyFacts, when: string): readonly Step[] {
  return [
    {
      ...byCommand(
        `${when}: restrict it to that API now, here or by “Restrict to Gemini API only” in AI Studio. The auth key can follow. ${RARE}`,
        restrictKey(facts.key, targetsOf([GEMINI_API])),
      ),
      url: AI_STUDIO,
    },
    undo(facts),
  ]
}

/** The quick fix for an unrestricted key that is used for the Gemini API and perhaps others. */
export function toCalled(facts: KeyFacts): readonly Step[] {
  return [
    {
      ...byCommand(
        `Restrict it now to the APIs that it was seen calling, the Gemini API included. Google says that restricted keys go on working until standard keys end as a whole. ${RARE}`,
        restrictKey(facts.key, calledTargets(facts)),
      ),
      url: keyPage(facts.key, facts.project),
    },
    undo(facts),
  ]
}

/** Restricts an unrestricted key to the other APIs that were called with it, and no more to the Gemini API. */
export function toOthersCalled(facts: KeyFacts, say: string): Step {
  return {
    ...byCommand(say, restrictKey(facts.key, targetsOf(otherServices(facts.usage)))),
    url: keyPage(facts.key, facts.project),
  }
}

/** For an unrestricted key that calls other APIs only. */
export function toExactlyThese(facts: KeyFacts): readonly Step[] {
  const { usage } = facts
  const since = 'unknown' in usage ? '' : ` since ${longDay(usage.since)}`
  const say = `This key has called ${namesOf(otherServices(usage))}${since}, and never the Gemini API: restrict it to exactly these. ${RARE}`
  return [toOthersCalled(facts, say), undo(facts)]
}

/** For a key that nobody has restricted; which APIs it calls has to be known first. */
export function toWhatItCalls({ key, project }: KeyFacts, when: string): Step {
  return {
    say: `${when}: restrict it to exactly these, without the Gemini API, and leave its other restrictions as they are. ${RARE} To undo: the same page.`,
    url: keyPage(key, project),
  }
}

const UNDO = 'To undo, if this refuses calls that it should not:'

/** Back to the restrictions that the key has now. */
export function undo({ key, project }: KeyFacts): Step {
  return undoBy(restoreRestrictions(key), keyPage(key, project))
}

/** The same for a key that was restricted to other clients. */
export function undoClients({ key, project }: KeyFacts): Step {
  return undoBy(clearAndRestore(key), keyPage(key, project))
}

/** Back to the restrictions of the quick fix. */
export function undoToCalled(facts: KeyFacts): Step {
  return undoBy(restrictKey(facts.key, calledTargets(facts)), keyPage(facts.key, facts.project))
}

function undoBy(command: string | undefined, url: string): Step {
  return command === undefined
    ? { say: 'To undo, if this refuses calls that it should not: set on its page what it had before.', url }
    : { say: UNDO, command }
}

/** What a command does; where none can be given, on the page of the key. */
function byCommand(say: string, command: string | undefined): Step {
  return command === undefined
    ? {
        say: `${say} It has more clients than a command can name, and they stay as they are: do it on its page.`,
      }
    : { say, command }
}

function calledTargets({ usage }: KeyFacts): readonly ApiTarget[] {
  return targetsOf([GEMINI_API, ...otherServices(usage)])
}

function targetsOf(services: readonly string[]): readonly ApiTarget[] {
  return services.map((service) => ({ service, methods: [] }))
}
