import type { Day, KeyFacts, Observation, Project } from '../model.js'
import { factsOf } from './facts.js'
import { impactOf } from './impact.js'
import { judge } from './judge.js'
import type { JudgedKey, Judgement, Remedy } from './judgement-types.js'
import type { Policy } from './policy.js'
import { hygieneSteps } from './remedies/account-ways.js'
import { remedyFor, whomToAsk } from './remedies.js'

/** A key judged by a policy on a day, in days of `zone`. */
export function judgedKey(observation: Observation, policy: Policy, asOf: Day, zone: string): JudgedKey {
  const facts = factsOf(observation, asOf, policy.dormantDays, zone)
  return new Judged(facts, judge(facts, policy, asOf), policy)
}

/** Impact and remedy are made when they are asked for: records alone do, and most keys of a run may have none. */
class Judged implements JudgedKey {
  readonly facts: KeyFacts
  readonly judgement: Judgement
  readonly owner?: string
  readonly #policy: Policy

  constructor(facts: KeyFacts, judgement: Judgement, policy: Policy) {
    this.facts = facts
    this.judgement = judgement
    this.#policy = policy
    const owner = ownerOf(facts.project, policy)
    if (owner !== undefined) this.owner = owner
  }

  get impact(): string {
    return impactOf(this.facts, this.judgement, this.#policy)
  }

  get remedy(): Remedy {
    return remedyFor(this.facts, this.judgement, this.#policy)
  }

  get hygieneSteps(): JudgedKey['hygieneSteps'] {
    return (id) => [...hygieneSteps(id, this.facts), ...whomToAsk(this.#policy)]
  }
}

/**
 * Who owns a project and its keys: the first of the policy's labels that the project carries, else its
 * nearest folder that the policy names. Undefined when neither says.
 */
export function ownerOf({ labels, ancestors }: Project, { owners }: Policy): string | undefined {
  const label = owners.labels.find((name) => Object.hasOwn(labels, name) && labels[name]?.trim())
  if (label !== undefined) return labels[label]?.trim()
  const folder = ancestors.find((ancestor) => owners.folders.has(ancestor))
  return folder === undefined ? undefined : owners.folders.get(folder)
}
