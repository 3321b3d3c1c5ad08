import type { KeyFacts, Step } from '../../model.js'
import { newAuthKey } from './auth-key-steps.js'
import { suspectLeak } from './leak.js'
import {
  backToCalled,
  leaveOthers,
  onlyGemini,
  toCalled,
  toExactlyThese,
  toOthersCalled,
} from './restricting.js'
import { blockedForGood, onlyIfNeeded, removeKey } from './steps.js'

const MOVED = 'When the old key gets no more calls to the Gemini API'

/** For a key that is used for the Gemini API only. */
export function migrate(facts: KeyFacts): readonly Step[] {
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
export function split(facts: KeyFacts): readonly Step[] {
  const isUnrestricted = facts.apiRestriction === 'none'
  return [
    ...suspectLeak(facts),
    ...blockedForGood(facts),
    ...onlyIfNeeded(facts),
    ...(isUnrestricted ? toCalled(facts) : []),
    ...newAuthKey(facts),
    ...(isUnrestricted
      ? [
          toOthersCalled(facts, `${MOVED}: take that API from it; the others that it calls stay.`),
          backToCalled(facts),
        ]
      : leaveOthers(facts, MOVED)),
  ]
}

/** For a key that is used for other APIs only. */
export function restrict(facts: KeyFacts): readonly Step[] {
  if (facts.apiRestriction === 'none') return toExactlyThese(facts)
  return leaveOthers(facts, 'It was not seen calling the Gemini API')
}
