import { longDay } from '../../calendar.js'
import type { KeyFacts, Step } from '../../model.js'
import { trafficOf } from '../traffic.js'
import { COMPROMISED } from './pages.js'

/**
 * Where the Gemini API has only refused a key, somebody may be trying a string that was found. What they are
 * told is Google's checklist in short.
 */
export function suspectLeak(facts: KeyFacts): readonly Step[] {
  const { usage } = facts
  if ('unknown' in usage || trafficOf(facts) !== 'only-refused') return []
  const since = longDay(usage.since)
  return [
    {
      say: `Ask its owner whether the calls of the Gemini API are theirs: since ${since} none was accepted, and ${usage.gemini.refused} refused. If nobody claims them, take the key for leaked and follow Google’s checklist instead of what comes next: a new key for whatever still needs one, then delete this one; look for resources and charges that nobody can explain; take its string out of code, pages and chats.`,
      url: COMPROMISED,
    },
  ]
}
