import type { Action, KeyFacts, Remedy, Step } from '../../model.js'
import { FIREBASE_AI_LOGIC, FIREBASE_FAQ } from './pages.js'
import { leaveOthers, newAuthKey, onlyGemini, onlyOthers, removeKey, seeTraffic } from './steps.js'

/** The way off the rules for a standard key that reaches the Gemini API, by what kind of key it is. */
export function wayOff(facts: KeyFacts): Remedy {
  const action = actionFor(facts)
  return { action, steps: STEPS[action](facts) }
}

type Way = Exclude<Action, 'none' | 'restrict' | 'retire'>

/** Which way is safe without knowing what calls the key. */
function actionFor(facts: KeyFacts): Way {
  if (isProviderManaged(facts)) return 'provider-managed'
  if (livesInClients(facts)) return 'move-to-backend'
  if (facts.apiRestriction === 'none') return 'investigate'
  return facts.apiRestriction === 'gemini-and-others' ? 'split' : 'migrate'
}

const STEPS: Readonly<Record<Way, (facts: KeyFacts) => readonly Step[]>> = {
  investigate: (facts) => [
    seeTraffic(facts),
    ...blockedForGood(facts),
    ...onlyGemini(facts, 'If it calls nothing but the Gemini API'),
    ...newAuthKey(facts),
    onlyOthers(facts, 'If it calls other APIs, once its calls to the Gemini API have moved'),
    removeKey(facts, 'If nothing has called it for six weeks and nobody claims it'),
  ],
  migrate: (facts) => [...newAuthKey(facts), removeKey(facts, 'When nothing calls the old key any more')],
  split: (facts) => [
    ...newAuthKey(facts),
    ...leaveOthers(facts, 'When the old key gets no more calls to the Gemini API'),
  ],
  'move-to-backend': moveToBackend,
  'provider-managed': leaveToProvider,
}

function blockedForGood({ dormant }: KeyFacts): readonly Step[] {
  if (dormant !== true) return []
  return [{ say: 'If Google has blocked it as dormant, no restriction brings it back: only a new key does.' }]
}

/** @see https://ai.google.dev/gemini-api/docs/api-key on keys in client-side code */
function moveToBackend(facts: KeyFacts): readonly Step[] {
  const backend = {
    say: 'This key lies in a website or an app, where an auth key must not be: it would hand a service account’s credential to everybody. Let a backend of your own call the Gemini API with an auth key, or use Firebase AI Logic, whose proxy keeps its key to itself.',
    url: FIREBASE_AI_LOGIC,
  }
  const first = facts.apiRestriction === 'none' ? [seeTraffic(facts)] : []
  return [...first, backend, ...newAuthKey(facts), ...afterTheMove(facts)]
}

function afterTheMove(facts: KeyFacts): readonly Step[] {
  const when = 'When no released version of the client calls the Gemini API with the old key any more'
  switch (facts.apiRestriction) {
    case 'none':
      return [onlyOthers(facts, `${when}, or never did, and it calls other APIs`)]
    case 'gemini-and-others':
      return leaveOthers(facts, when)
    case 'gemini-only':
    case 'others-only':
      return [removeKey(facts, when)]
  }
}

/** Google gives the keys that it makes for its own products no field to know them by. */
export function isProviderManaged({ key }: KeyFacts): boolean {
  return key.displayName.toLowerCase().includes('(auto created by firebase)')
}

export function leaveToProvider({ key, project }: KeyFacts): readonly Step[] {
  return [
    {
      say: `By its name, which is a guess, Firebase has made this key for its own use in ${project.id}. Firebase asks not to change or delete such keys, so there is no command here: see what Firebase says of them.`,
      url: FIREBASE_FAQ,
    },
    {
      say: `If somebody has given a key of their own this name (${key.name}), treat it as theirs: ask its owner what calls it.`,
    },
  ]
}

function livesInClients({ clientRestriction }: KeyFacts): boolean {
  return clientRestriction !== 'none' && clientRestriction !== 'server'
}
