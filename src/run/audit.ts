import { deliverAll } from '../deliver/deliver-all.js'
import type { Delivered, Delivery, DeliveryError } from '../deliver/delivery.js'
import type { RunArchive } from '../history/archive.js'
import { ArchiveError } from '../history/archive-store.js'
import type { DeliveryClaims } from '../history/claims.js'
import type { Baseline } from '../history/comparison.js'
import type { Earlier } from '../history/earlier-runs.js'
import type { FailedRun, FreshRun, JudgedRun } from '../history/judged-run.js'
import type { Inventory } from '../inventory/inventory.js'
import type { Day, Run } from '../model.js'
import type { Policy } from '../policy/policy.js'
import { Assessment, type AssessmentOptions } from './assessment.js'
import { failedRun } from './failed-run.js'
import { StoppedReading } from './stopped-reading.js'

/** How a run ended. It is done when it was judged and nothing is undelivered. */
export interface Outcome {
  readonly run: JudgedRun | FailedRun
  readonly undelivered: readonly DeliveryError[]
}

/**
 * One run: reads the keys of the organization, judges each by the policy and the calendar, compares it with what
 * earlier runs knew, puts the judged run into the archive, and delivers it to Cloud Logging and Slack. A run that
 * the archive holds already is only delivered. Nothing is thrown: what goes wrong is part of the outcome.
 */
export async function audit(run: Run, parts: RunDependencies): Promise<Outcome> {
  const { now, archive, claimsOf, delivered } = parts
  const judged = await judgedOnce(run, parts).catch(async (error: unknown) => ({
    ...failedRun(run, error),
    ...(await lastKnown(run, parts)),
  }))
  const claims = judged.kind === 'judged' ? claimsOf?.(judged) : undefined
  if (archive !== undefined && claims !== undefined) delivered?.({ what: 'the run', to: archive.store.name })
  const deliveries = deliveriesOf(judged, parts)
  return { run: judged, undelivered: await deliverAll(judged, deliveries, { now, claims, delivered }) }
}

/** The run as it was judged first, by this attempt or by another. */
async function judgedOnce(run: Run, parts: RunDependencies): Promise<JudgedRun> {
  const { archive, claimsOf, now } = parts
  if (archive === undefined) return judgedNow(run, parts, undefined)
  if (claimsOf === undefined) return judgedNow(run, parts, await archive.baseline(run, now()))
  const recalled = await archive.recall(run)
  if ('kind' in recalled) return recalled
  const earlier = await archive.baseline(run, now())
  const passedOver = [...recalled, ...earlier.passedOver]
  return archive.remember(await judgedNow(run, parts, { ...earlier, passedOver }))
}

/** Reads the organization, and judges key by key as they come. */
async function judgedNow(run: Run, parts: RunDependencies, earlier: Earlier | undefined): Promise<FreshRun> {
  const policy = await parts.readPolicy(run.asOf)
  const assessment = new Assessment(run, policy, parts, earlier)
  const inventory = parts.inventoryFor(policy, run.asOf, earlier?.baseline)
  for await (const observations of inventory.read(assessment)) await assessment.add(observations)
  demandWhole(assessment, parts)
  return assessment.conclude()
}

/**
 * What is in the archive stays as it is, together with all that a stopped reading has missed. Where the same run is
 * asked for again, reading anew is better.
 */
function demandWhole({ unread }: Assessment, { isRetried, claimsOf }: RunDependencies): void {
  if (isRetried && claimsOf !== undefined) StoppedReading.demandNoneIn(unread)
}

/** What the newest earlier run knew: all that is known when a run fails. */
async function lastKnown(run: Run, { archive, now }: RunDependencies): Promise<Pick<FailedRun, 'lastKnown'>> {
  const earlier = await archive?.baseline(run, now()).catch(unlessUnreadable)
  const record = earlier?.baseline?.record
  return record === undefined ? {} : { lastKnown: record }
}

/** That the archive cannot be read either is no reason to hide why the run failed. */
function unlessUnreadable(error: unknown): undefined {
  if (!(error instanceof ArchiveError)) throw error
  return undefined
}

/** What the policy asks for is known only where it could be read. */
function deliveriesOf(
  run: JudgedRun | FailedRun,
  { deliveries, deliveriesBy }: RunDependencies,
): readonly Delivery[] {
  return run.kind === 'failed' ? deliveries : [...deliveries, ...(deliveriesBy?.(run.policy) ?? [])]
}

/** The working parts of a run; `assemble` builds them. */
export interface RunDependencies extends AssessmentOptions {
  /** Reads the policy for a day; throws a `ConfigError` with everything that is wrong with it. */
  readonly readPolicy: (asOf: Day) => Promise<Policy>
  readonly inventoryFor: (policy: Policy, asOf: Day, baseline?: Baseline) => Inventory
  /** The earlier runs; absent without an archive. */
  readonly archive?: RunArchive
  /** Present where this run goes into the archive, before it is delivered: by these its attempts share the work. */
  readonly claimsOf?: (run: JudgedRun) => DeliveryClaims
  /** Whether the same run is asked for again when it fails. */
  readonly isRetried?: boolean
  /** In their order. */
  readonly deliveries: readonly Delivery[]
  /** Further deliveries, by the policy that the run was judged by. */
  readonly deliveriesBy?: (policy: JudgedRun['policy']) => readonly Delivery[]
  /** Is called for each delivery that has arrived whole, and for the archive that holds the run. */
  readonly delivered?: ((delivered: Delivered) => void) | undefined
}
