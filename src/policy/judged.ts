import type { Day, KeyFacts, Observation, Remedy } from '../model.js'
import { factsOf } from './facts.js'
import { impactOf } from './impact.js'
import { judge } from './judge.js'
import type { JudgedKey, Judgement } from './judgement.js'
import { ownerOf } from './owners.js'
import type { Policy } from './policy.js'
import { remedyFor } from './remedies.js'

/** A key judged by a policy on a day, in days of `zone`. */
export function judgedKey(observation: Observation, policy: Policy, asOf: Day, zone: string): JudgedKey {
  const facts = factsOf(observation, asOf, policy.dormantDays, zone)
  return new Judged(facts, judge(facts, policy, asOf), policy)
}

/** What is told of a key is made when it is asked for: by records alone, and most keys of a run may have none. */
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
}
