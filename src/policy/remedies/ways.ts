import type { Action, KeyFacts, Remedy, Step, Traffic } from '../../model.js'
import { isIdle, otherServices, trafficOf } from '../traffic.js'
import { moveToBackend } from './clients.js'
import { investigate } from './investigate.js'
import { migrate, restrict, split } from './migrate.js'
import { isProviderManaged, leaveToProvider } from './provider.js'
import { retire } from './retire.js'

/** The way off the rules for a standard key that reaches the Gemini API, by what calls it and what kind it is. */
export function chooseRemedy(facts: KeyFacts): Remedy {
  const action = actionFor(facts)
  return { action, steps: STEPS[action](facts) }
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
    ? actionForUnrestricted(facts, trafficOf(facts))
    : actionForRestricted(facts, trafficOf(facts))
}

function actionForUnrestricted(facts: KeyFacts, traffic: Traffic): Way {
  switch (traffic) {
    case 'unknown':
    case 'none':
      return 'investigate'
    case 'other-services':
      return 'restrict'
    case 'newly-refused':
    case 'accepted':
    case 'accepted-earlier':
    case 'only-refused':
    case 'only-failed':
      if (livesInClients(facts)) return 'move-to-backend'
      return otherServices(facts.usage).length > 0 ? 'split' : 'migrate'
  }
}

/** Who has named the Gemini API among a key's targets wants to call it, until traffic says otherwise. */
function actionForRestricted(facts: KeyFacts, traffic: Traffic): Way {
  const hasOthers = facts.apiRestriction === 'gemini-and-others'
  if (livesInClients(facts)) {
    return hasOthers && traffic === 'other-services' ? 'restrict' : 'move-to-backend'
  }
  return hasOthers ? 'split' : 'migrate'
}

function livesInClients({ clientRestriction }: KeyFacts): boolean {
  return clientRestriction !== 'none' && clientRestriction !== 'server'
}
