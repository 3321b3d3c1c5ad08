/**
 * Keys that Firebase makes. No field marks them: their names are all there is, and any key can have such a name.
 */

import type { KeyFacts } from '../../model.js'
import type { Step } from '../judgement-types.js'
import { FIREBASE_FAQ, FIREBASE_KEYS } from './pages.js'

const OWN_KEY = 'gemini developer api key (auto created by firebase)'

const APP_KEYS: readonly string[] = [
  'browser key (auto created by firebase)',
  'android key (auto created by firebase)',
  'ios key (auto created by firebase)',
]

/** The key that Firebase AI Logic uses itself, by its name: it is left alone. */
export function isProviderManaged({ key }: KeyFacts): boolean {
  return key.displayName.trim().toLowerCase() === OWN_KEY
}

/** The keys with which apps call Firebase, by their names: the Gemini API does not belong on their list. */
export function isFirebaseAppKey({ key }: KeyFacts): boolean {
  return APP_KEYS.includes(key.displayName.trim().toLowerCase())
}

const GUESS = 'That is a guess, since anybody can give a key this name'

/** What is known of such a key, with nothing that would change it. */
export function leaveToProvider({ key, project }: KeyFacts): readonly Step[] {
  return [
    {
      say: `By its name, Firebase made this key for its own use in ${project.id}. ${GUESS}. Firebase asks not to change or delete it, so there is no command here: see what Firebase says.`,
      url: FIREBASE_FAQ,
    },
    { say: `If it is a key of your own that has this name (${key.name}), ask its owner what calls it.` },
  ]
}

/** Why the Gemini API has to leave a key of an app. */
export function ofFirebaseApp(facts: KeyFacts): readonly Step[] {
  if (!isFirebaseAppKey(facts)) return []
  return [
    {
      say: `By its name, Firebase made this key for an app in ${facts.project.id}. ${GUESS}. Everybody can read such a key in the app, so Firebase says that its list of APIs should not have the Gemini API (Generative Language API), which gets a key of its own.`,
      url: FIREBASE_KEYS,
    },
  ]
}
