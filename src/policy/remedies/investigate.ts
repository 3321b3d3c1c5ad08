import { longDay } from '../../calendar.js'
import type { KeyFacts, Step } from '../../model.js'
import { newAuthKey } from './auth-key-steps.js'
import { toBackend } from './clients.js'
import { allTraffic } from './pages.js'
import { onlyGemini, toWhatItCalls } from './restricting.js'
import { blockedForGood, removeKey } from './steps.js'

/** For an unrestricted key of which nobody knows what calls it: how to find out, and what follows. */
export function investigate(facts: KeyFacts): readonly Step[] {
  return [
    whatCallsIt(facts),
    ...blockedForGood(facts),
    ...ifItCallsGemini(facts),
    toWhatItCalls(facts, 'If it calls other APIs, once its calls to the Gemini API have moved'),
    removeKey(facts, 'If nothing has called it for six weeks and nobody claims it'),
  ]
}

function whatCallsIt({ key, project, usage }: KeyFacts): Step {
  if ('unknown' in usage) {
    return {
      say: `See which APIs this key calls: in Metrics Explorer, serviceruntime.googleapis.com/api/request_count by service and response_code, where the resource label credential_id is apikey:${key.uid}. Calls older than about six weeks are no longer shown.`,
      url: allTraffic(project),
    }
  }
  return {
    say: `Ask its owner what it is for: nothing has called any API with it since ${longDay(usage.since)}, and it is too young, or too little of its traffic is known, to say that nothing will.`,
    url: allTraffic(project),
  }
}

function ifItCallsGemini(facts: KeyFacts): readonly Step[] {
  const isPublic = facts.clientRestriction !== 'none' && facts.clientRestriction !== 'server'
  return isPublic
    ? [toBackend('If it calls the Gemini API: it lies in a website or an app'), ...newAuthKey(facts)]
    : [...onlyGemini(facts, 'If it calls nothing but the Gemini API'), ...newAuthKey(facts)]
}
