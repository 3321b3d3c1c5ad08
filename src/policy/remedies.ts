import { longDay } from '../calendar.js'
import type { KeyFacts, Project } from '../model.js'
import type { HoldingExemption, Judgement, Remedy, Step } from './judgement-types.js'
import type { Policy } from './policy.js'
import { isProviderManaged, leaveToProvider } from './remedies/firebase.js'
import { showKey, showService, toWhatItCalls } from './remedies/steps.js'
import { chooseRemedy } from './remedies/ways.js'
import { rulesFor } from './rules.js'

/** What to do about a key, with exact commands, none of which this program ever runs. */
export function remedyFor(facts: KeyFacts, judgement: Judgement, policy: Policy): Remedy {
  const { action, steps } = remedyBy(facts, judgement, policy)
  return { action, steps: steps.length === 0 ? [] : [...steps, ...whomToAsk(policy)] }
}

/** The last step of whatever is to be done. */
export function whomToAsk({ contact }: Policy): readonly Step[] {
  return contact === undefined ? [] : [{ say: `Questions and objections: ${contact}` }]
}

function remedyBy(facts: KeyFacts, judgement: Judgement, policy: Policy): Remedy {
  switch (judgement.verdict) {
    case 'deleted':
    case 'not-affected':
    case 'compliant':
      return { action: 'none', steps: [] }
    case 'unknown':
      return { action: 'investigate', steps: findOut(facts) }
    case 'latent':
      return { action: 'none', steps: beforeItIsEnabled(facts) }
    case 'exempt':
      return whileExempt(facts, judgement, policy)
    case 'overdue':
    case 'due':
      return chooseRemedy(facts)
  }
}

/** How to find out what could not be read of a key. */
function findOut(facts: KeyFacts): readonly Step[] {
  const { key, type, geminiAccess } = facts
  if (key.flaw !== undefined) {
    return [showKey(facts, `Look at the key itself, since ${key.flaw}:`, 'yaml')]
  }
  const steps: Step[] = []
  if (type === 'unknown') {
    const say =
      'See which type of key this is, with gcloud 528 or newer: for an auth key this prints the address of its service account, for a standard key nothing.'
    steps.push(showKey(facts, say, 'value(serviceAccountEmail)'))
  }
  if (geminiAccess === 'unknown') {
    steps.push(
      showService(
        facts,
        'See whether the Gemini API is enabled in its project: this prints ENABLED if it is, and nothing otherwise.',
      ),
    )
  }
  return [
    ...steps,
    {
      say: 'Give the audit the right to see that, as the gaps of this run say. The next run then judges the key.',
    },
  ]
}

function beforeItIsEnabled(facts: KeyFacts): readonly Step[] {
  if (isProviderManaged(facts)) return leaveToProvider(facts)
  const off = whileItIsOff(facts)
  if (facts.apiRestriction !== 'none') return [off]
  return [off, toWhatItCalls(facts, 'Before it is enabled, see which APIs this key calls')]
}

/** The same step for all keys of a project, made once: a quarter of all keys may have it. */
function whileItIsOff(facts: KeyFacts): Step {
  const known = OFF.get(facts.project)
  if (known !== undefined) return known
  const step = showService(
    facts,
    'Nothing has to be done while the Gemini API is off in the project. This prints ENABLED if it has been switched on since.',
  )
  OFF.set(facts.project, step)
  return step
}

const OFF = new WeakMap<Project, Step>()

function whileExempt(facts: KeyFacts, { exemption, findings }: Judgement, policy: Policy): Remedy {
  if (findings.length === 0) return { action: 'none', steps: switchedOff(facts, policy) }
  const { action, steps } = chooseRemedy(facts)
  return { action, steps: [...exemptUntil(exemption), ...steps] }
}

function exemptUntil(exemption: HoldingExemption | undefined): readonly Step[] {
  if (exemption === undefined) return []
  const { until, reason, approvedBy } = exemption
  return [
    {
      say: `Exempt until ${longDay(until)} (${reason}; approved by ${approvedBy}). Do what follows by then.`,
    },
  ]
}

function switchedOff(facts: KeyFacts, { deadlines }: Policy): readonly Step[] {
  return rulesFor(facts).flatMap((rule) => {
    const { moved } = deadlines[rule]
    if (moved === undefined) return []
    const end = moved.until === undefined ? '' : ` until ${longDay(moved.until)}`
    return [
      {
        say: `The policy has switched off the rule ${rule}${end} (${moved.reason}; approved by ${moved.approvedBy}).`,
      },
    ]
  })
}
