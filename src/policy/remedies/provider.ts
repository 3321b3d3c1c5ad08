import type { KeyFacts, Step } from '../../model.js'
import { FIREBASE_FAQ, FIREBASE_KEYS } from './pages.js'

/** Google gives the keys that it makes for its own products no field to know them by. */
export function isProviderManaged({ key }: KeyFacts): boolean {
  return key.displayName.toLowerCase().includes('(auto created by firebase)')
}

/** What is known of such a key, with nothing that would change it. */
export function leaveToProvider(facts: KeyFacts): readonly Step[] {
  const { key, project } = facts
  return [
    {
      say: `By its name, which is a guess, Firebase has made this key for ${isForGemini(facts) ? 'its own use' : 'the apps'} in ${project.id}. Firebase asks not to change or delete such keys unasked, so there is no command here: see what Firebase says of them.`,
      url: isForGemini(facts) ? FIREBASE_FAQ : FIREBASE_KEYS,
    },
    {
      say: `If somebody has given a key of their own this name (${key.name}), treat it as theirs: ask its owner what calls it.`,
    },
  ]
}

/** The one that Firebase AI Logic uses itself; others are for apps to call Firebase with. */
function isForGemini({ key }: KeyFacts): boolean {
  return key.displayName.toLowerCase().includes('gemini developer api key')
}
