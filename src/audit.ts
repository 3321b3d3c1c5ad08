import { Assessment, type AssessmentOptions } from './assessment.js'
import type { Delivery } from './deliver/delivery.js'
import type { DeliveryError } from './deliver/error.js'
import { tell } from './deliver/tell.js'
import { failedRun } from './failed-run.js'
import type { Inventory } from './inventory/inventory.js'
import type { FailedRun, JudgedRun } from './judged-run.js'
import type { Day, Run } from './model.js'
import type { Policy } from './policy/policy.js'

/** The working parts of a run; `assemble` builds them. */
export interface Parts extends AssessmentOptions {
  /** Reads the policy for a day; throws a `ConfigError` with everything that is wrong with it. */
  readonly readPolicy: (asOf: Day) => Promise<Policy>
  readonly inventoryFor: (policy: Policy, asOf: Day) => Inventory
  /** In the order in which they hear of a run. */
  readonly deliveries: readonly Delivery[]
}

/** How a run ended. It is done when it was judged and nothing is undelivered. */
export interface Outcome {
  readonly run: JudgedRun | FailedRun
  readonly undelivered: readonly DeliveryError[]
}

/**
 * One run: reads the organization, judges each key by the policy and the calendar, and tells everybody who is
 * to hear of it. What goes wrong is part of the outcome; nothing is thrown.
 */
export async function audit(run: Run, parts: Parts): Promise<Outcome> {
  const judged = await assess(run, parts).catch((error: unknown) => failedRun(run, error))
  return { run: judged, undelivered: await tell(judged, parts.deliveries, parts.now) }
}

async function assess(run: Run, parts: Parts): Promise<JudgedRun> {
  const policy = await parts.readPolicy(run.asOf)
  const assessment = new Assessment(run, policy, parts)
  for await (const observations of parts.inventoryFor(policy, run.asOf).read(assessment)) {
    await assessment.add(observations)
  }
  return assessment.conclude()
}
