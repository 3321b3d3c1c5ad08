import type { KeyFacts, Verdict } from '../model.js'
import { namesOf } from './services.js'
import { otherServices, seenTraffic, trafficOf } from './traffic.js'
import { trafficClass } from './traffic-classes.js'

/** What became of this key’s calls to the Gemini API, as a clause; none where that is not known. */
export function trafficSeen(facts: KeyFacts, verdict: Verdict): readonly string[] {
  const seen = seenTraffic(facts)
  if (seen === undefined) return []
  const { clause, state } = trafficClass(trafficOf(facts))
  const danger = state === 'works' && verdict === 'overdue' ? ', and can stop any day' : ''
  return [`${clause(seen)}${danger}`]
}

/** What does not stop, as a clause; none for a key with which nothing is called. */
export function whatStays(facts: KeyFacts): readonly string[] {
  const { apiRestriction, usage } = facts
  if (apiRestriction === 'gemini-only') return ['this key can call no other API']
  const others = otherServices(usage)
  if (others.length > 0) return [`your ${namesOf(others)} calls are not concerned`]
  if ('unknown' in usage) return ['this key’s calls to other APIs are not concerned']
  return usage.services.length === 0 ? [] : ['it was not seen calling any other API']
}
