import { longDay } from '../calendar.js'
import type { KeyFacts, KnownUsage, Verdict } from '../model.js'
import { namesOf } from './services.js'
import { lastAccepted, otherServices, trafficOf } from './traffic.js'

/** What became of this key’s calls to the Gemini API, as a clause; none where that is not known. */
export function trafficSeen(facts: KeyFacts, verdict: Verdict): readonly string[] {
  const { usage } = facts
  return 'unknown' in usage ? [] : [clause(facts, usage, verdict)]
}

function clause(facts: KeyFacts, usage: KnownUsage, verdict: Verdict): string {
  const last = longDay(lastAccepted(usage) ?? usage.since)
  const since = longDay(usage.since)
  switch (trafficOf(facts)) {
    case 'newly-refused':
      return `this key’s calls to the Gemini API were accepted until ${last}, and since then they are only refused`
    case 'accepted':
      return `this key’s calls to the Gemini API are accepted, last on ${last}${verdict === 'overdue' ? ', and can stop any day' : ''}`
    case 'accepted-earlier':
      return `this key’s calls to the Gemini API were last accepted on ${last}, and not refused since`
    case 'only-refused':
      return `none of this key’s calls to the Gemini API was accepted since ${since}, and some were refused`
    case 'only-failed':
      return `this key’s calls to the Gemini API were neither accepted nor refused since ${since}, but failed otherwise`
    case 'other-services':
      return `this key has not called the Gemini API since ${since}`
    case 'none':
    case 'unknown':
      return `nothing has called any API with this key since ${since}`
  }
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
