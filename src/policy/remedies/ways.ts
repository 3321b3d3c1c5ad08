import type { Action, KeyFacts, Remedy, Step } from '../../model.js'
import { isIdle, otherServices, trafficOf } from '../traffic.js'
import { type TrafficState, trafficClass } from '../traffic-classes.js'
import { moveToBackend } from './clients.js'
import { investigate } from './investigate.js'
import { lookFirst } from './look-first.js'
import { migrate, restrict, split } from './migrate.js'
import { isProviderManaged, leaveToProvider } from './provider.js'
import { retire } from './retire.js'

/** The way off the rules for a standard key that reaches the Gemini API, by what calls it and what kind it is. */
export function chooseRemedy(facts: KeyFacts): Remedy {
  const action = actionFor(facts)
  return { action, steps: [...lookFirst(facts), ...STEPS[action](facts)] }
}

type Way = Exclude<Action, 'none'>

const STEPS: Readonly<Record<Way, (facts: KeyFacts) => readonly Step[]>> = {
  migrate,
  restrict,
  split,
  retire,
  'move-to-backend': moveToBackend,
  'provider-managed': leaveToProvider,
  investigate,
}

/** A key of a provider is never touched, and one that nothing calls needs no successor; then its traffic decides. */
function actionFor(facts: KeyFacts): Way {
  if (isProviderManaged(facts)) return 'provider-managed'
  if (isIdle(facts)) return 'retire'
  return facts.apiRestriction === 'none'
    ? actionForUnrestricted(facts, trafficClass(trafficOf(facts)).state)
    : actionForRestricted(facts, trafficClass(trafficOf(facts)).state)
}

function actionForUnrestricted(facts: KeyFacts, traffic: TrafficState): Way {
  switch (traffic) {
    case 'unknown':
    case 'not-called':
      return 'investigate'
    case 'calls-others':
      return 'restrict'
    case 'stopped':
    case 'works':
    case 'worked-earlier':
    case 'never-works':
      if (livesInClients(facts)) return 'move-to-backend'
      return otherServices(facts.usage).length > 0 ? 'split' : 'migrate'
  }
}

/** Who has named the Gemini API among a key's targets wants to call it, until traffic says otherwise. */
function actionForRestricted(facts: KeyFacts, traffic: TrafficState): Way {
  const hasOthers = facts.apiRestriction === 'gemini-and-others'
  if (livesInClients(facts)) {
    return hasOthers && traffic === 'calls-others' ? 'restrict' : 'move-to-backend'
  }
  return hasOthers ? 'split' : 'migrate'
}

function livesInClients({ clientRestriction }: KeyFacts): boolean {
  return clientRestriction !== 'none' && clientRestriction !== 'server'
}
