/** Steps that several remedies share. Each says how to go back, where there is a way back. */
import { longDay } from '../../calendar.js'
import type { KeyFacts, Step } from '../../model.js'
import { trafficOf } from '../traffic.js'
import { deleteKey, describeKey, showGemini, undeleteKey } from './gcloud.js'
import { geminiTraffic, keyPage } from './pages.js'

/** For a key that may be blocked already: what restricting it does not do. */
export function blockedForGood({ dormant, apiRestriction }: KeyFacts): readonly Step[] {
  if (dormant !== true || apiRestriction !== 'none') return []
  return [{ say: 'If Google has blocked it as dormant, no restriction brings it back: only a new key does.' }]
}

/** For a key that may call the Gemini API and was not seen doing it. */
export function onlyIfNeeded(facts: KeyFacts): readonly Step[] {
  const { usage } = facts
  const traffic = trafficOf(facts)
  if ('unknown' in usage || (traffic !== 'other-services' && traffic !== 'none')) return []
  return [
    {
      say: `It has not called the Gemini API since ${longDay(usage.since)}: make a new key only if somebody still needs one for that API.`,
    },
  ]
}

export function removeKey({ key, project }: KeyFacts, when: string): Step {
  return {
    say: `${when}: delete it. Way back, for 30 days: ${undeleteKey(key)}`,
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
