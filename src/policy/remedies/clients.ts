import type { KeyFacts, Step } from '../../model.js'
import { otherServices } from '../traffic.js'
import { newAuthKey } from './auth-key-steps.js'
import { suspectLeak } from './leak.js'
import { FIREBASE_AI_LOGIC } from './pages.js'
import { backToCalled, leaveOthers, toCalled, toOthersCalled } from './restricting.js'
import { removeKey } from './steps.js'

/**
 * For a key that lies in a website or an app and calls the Gemini API.
 * @see https://ai.google.dev/gemini-api/docs/api-key on keys in client-side code
 */
export function moveToBackend(facts: KeyFacts): readonly Step[] {
  return [
    ...suspectLeak(facts),
    ...(facts.apiRestriction === 'none' ? toCalled(facts) : []),
    toBackend('This key lies in a website or an app'),
    ...newAuthKey(facts),
    ...afterTheMove(facts),
  ]
}

/** What takes the place of a key that everybody can read. */
export function toBackend(where: string): Step {
  return {
    say: `${where}, where an auth key must not be: it would hand a service account’s credential to everybody. Let a backend of your own call the Gemini API with an auth key, or use Firebase AI Logic, whose proxy keeps its key to itself. Way back: the old key, for as long as it is accepted.`,
    url: FIREBASE_AI_LOGIC,
  }
}

function afterTheMove(facts: KeyFacts): readonly Step[] {
  const when = 'When no released version of the client calls the Gemini API with the old key any more'
  switch (facts.apiRestriction) {
    case 'none':
      return otherServices(facts.usage).length > 0
        ? [toOthersCalled(facts, `${when}: take the Gemini API from it.`), backToCalled(facts)]
        : [removeKey(facts, when)]
    case 'gemini-and-others':
      return leaveOthers(facts, when)
    case 'gemini-only':
    case 'others-only':
      return [removeKey(facts, when)]
  }
}
