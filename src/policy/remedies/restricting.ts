/** The steps that restrict a key to APIs, each followed by the way back. All other restrictions stay. */
import { longDay } from '../../calendar.js'
import { type ApiTarget, GEMINI_API, type KeyFacts, type Step } from '../../model.js'
import { isService } from '../facts.js'
import { namesOf } from '../services.js'
import { otherServices } from '../traffic.js'
import { restoreRestrictions, restrictKey } from './gcloud.js'
import { AI_STUDIO, keyPage } from './pages.js'

/** Leaves a key that lists the Gemini API among others everything but that. */
export function leaveOthers(facts: KeyFacts, when: string): readonly Step[] {
  const { key, project } = facts
  const others = key.restrictions.apiTargets.filter(({ service }) => !isService(service, GEMINI_API))
  return [
    {
      say: `${when}: take the Gemini API from it; its other APIs stay.`,
      command: restrictKey(key, others),
      url: keyPage(key, project),
    },
    wayBack(facts),
  ]
}

/** The quick fix for an unrestricted key that is used for nothing but the Gemini API. */
export function onlyGemini(facts: KeyFacts, when: string): readonly Step[] {
  return [
    {
      say: `${when}: restrict it to that API at once, here or by “Restrict to Gemini API only” in AI Studio; the auth key can follow.`,
      command: restrictKey(facts.key, targetsOf([GEMINI_API])),
      url: AI_STUDIO,
    },
    wayBack(facts),
  ]
}

/** The quick fix for an unrestricted key that is used for the Gemini API and perhaps others. */
export function toCalled(facts: KeyFacts): readonly Step[] {
  return [
    {
      say: 'Restrict it at once to the APIs that it was seen calling, the Gemini API included: restricted keys go on working, says Google, until standard keys end as a whole. What it calls less often than every six weeks is to be added.',
      command: restrictKey(facts.key, calledTargets(facts)),
      url: keyPage(facts.key, facts.project),
    },
    wayBack(facts),
  ]
}

/** Restricts an unrestricted key to the other APIs that were called with it, and no more to the Gemini API. */
export function toOthersCalled(facts: KeyFacts, say: string): Step {
  return {
    say,
    command: restrictKey(facts.key, targetsOf(otherServices(facts.usage))),
    url: keyPage(facts.key, facts.project),
  }
}

/** For an unrestricted key that calls other APIs only. */
export function toExactlyThese(facts: KeyFacts): readonly Step[] {
  const { usage } = facts
  const since = 'unknown' in usage ? '' : ` since ${longDay(usage.since)}`
  const say = `This key has called ${namesOf(otherServices(usage))}${since}, and never the Gemini API: restrict it to exactly these. What it calls less often than every six weeks is to be added.`
  return [toOthersCalled(facts, say), wayBack(facts)]
}

/** For a key that nobody has restricted; which APIs it calls has to be known first. */
export function toWhatItCalls({ key, project }: KeyFacts, when: string): Step {
  return {
    say: `${when}: restrict it to exactly these, without the Gemini API, and leave its other restrictions as they are. Way back: the same page.`,
    url: keyPage(key, project),
  }
}

const BACK = 'Way back, if that refuses calls that it should not:'

/** Back to the restrictions that the key has now. */
export function wayBack({ key }: KeyFacts): Step {
  return { say: BACK, command: restoreRestrictions(key) }
}

/** Back to the restrictions of the quick fix. */
export function backToCalled(facts: KeyFacts): Step {
  return { say: BACK, command: restrictKey(facts.key, calledTargets(facts)) }
}

function calledTargets({ usage }: KeyFacts): readonly ApiTarget[] {
  return targetsOf([GEMINI_API, ...otherServices(usage)])
}

function targetsOf(services: readonly string[]): readonly ApiTarget[] {
  return services.map((service) => ({ service, methods: [] }))
}
