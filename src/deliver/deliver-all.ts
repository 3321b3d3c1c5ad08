import { ArchiveError } from '../history/archive-store.js'
import type { DeliveryClaims } from '../history/claims.js'
import type { FailedRun, JudgedRun } from '../history/judged-run.js'
import type { DoneMark } from '../history/lease.js'
import type { Instant } from '../model.js'
import { type DeliveryRecord, deliveryRecord } from '../records/delivery-record.js'
import type { Delivered, Delivery, Receipt } from './delivery.js'
import { DeliveryError } from './delivery.js'

/** How a run is delivered. */
export interface DeliveryContext {
  readonly now: () => Instant
  /** Where the archive holds the run: its attempts make each delivery once. It holds no failed run. */
  readonly claims?: DeliveryClaims | undefined
  /** Is called for each delivery that has arrived whole. */
  readonly delivered?: ((delivered: Delivered) => void) | undefined
}

interface Made extends Receipt, Partial<DoneMark> {}

interface Attempted extends Made {
  readonly delivery: Delivery
}

/**
 * Delivers a run to every place in turn; one that fails does not keep it from the others. What became of each is
 * then written down where records are kept. Resolves to what was not delivered.
 */
export async function deliverAll(
  run: JudgedRun | FailedRun,
  deliveries: readonly Delivery[],
  context: DeliveryContext,
): Promise<readonly DeliveryError[]> {
  // Attempts that fail have run records of their own, so that no mark of one counts for another.
  const own = run.kind === 'failed' ? { ...context, claims: undefined } : context
  const attempted: Attempted[] = []
  for (const delivery of deliveries) {
    attempted.push({ delivery, ...(await received(delivery, made(delivery, run, own))) })
  }
  for (const { delivery, problems, message } of attempted) {
    const { what, to } = delivery
    if (problems.length === 0) own.delivered?.({ what, to, ...(message !== undefined && { message }) })
  }
  const problems = attempted.flatMap((each) => each.problems)
  const keeper = attempted.find((each) => each.delivery.note !== undefined && each.problems.length === 0)
  const notable = attempted.filter(({ delivery }) => delivery.isUnnoted !== true)
  for (const other of notable.filter((each) => keeper !== undefined && each !== keeper)) {
    const noted = await received(other.delivery, note(other, run, keeper?.delivery, own))
    problems.push(...noted.problems)
  }
  return problems
}

/** Delivers; where attempts take claims, only what none has delivered. */
async function made(delivery: Delivery, run: JudgedRun | FailedRun, own: DeliveryContext): Promise<Made> {
  const { claims, now } = own
  if (claims === undefined) return delivery.deliver(run)
  if (delivery.isRepeatable) return marked(delivery, run, own)
  const lease = await claims.take(delivery.to)
  if ('at' in lease) return { ...lease, problems: [] }
  try {
    const receipt = await delivery.deliver(run, lease)
    const mark = markOf(receipt, now())
    if (receipt.problems.length === 0) await lease.done(mark)
    else await lease.failed(false)
    return { ...receipt, ...mark }
  } catch (error) {
    // Without the mark others wait until the claim has run out: no reason to hide the first failure.
    await lease.failed(error instanceof DeliveryError && !error.isUnclear).catch(() => undefined)
    throw error
  }
}

async function marked(
  delivery: Delivery,
  run: JudgedRun | FailedRun,
  { claims, now }: DeliveryContext,
): Promise<Made> {
  const earlier = await claims?.doneMark(delivery.to)
  if (earlier !== undefined) return { ...earlier, problems: [] }
  const receipt = await delivery.deliver(run)
  const mark = markOf(receipt, now())
  if (receipt.problems.length === 0) await claims?.markDone(delivery.to, mark)
  return { ...receipt, ...mark }
}

function markOf({ message }: Receipt, at: Instant): DoneMark {
  return { at, ...(message === undefined ? {} : { message }) }
}

/** A delivery's failure is reported as a problem, as is the archive's; any other error is a bug and goes on. */
async function received(delivery: Delivery, receipt: Promise<Made>): Promise<Made> {
  try {
    return await receipt
  } catch (error) {
    if (error instanceof DeliveryError) return { problems: [error] }
    if (!(error instanceof ArchiveError)) throw error
    return { problems: [new DeliveryError(delivery.to, error.retry, error.message, error.explanation)] }
  }
}

/** Writes down what became of a delivery: a failure each time, what has arrived once. */
async function note(
  attempted: Attempted,
  run: JudgedRun | FailedRun,
  keeper: Delivery | undefined,
  { claims, now }: DeliveryContext,
): Promise<Receipt> {
  const name = attempted.delivery.to
  const isOnce = claims !== undefined && attempted.problems.length === 0
  if (isOnce && (await claims.isNoted(name))) return { problems: [] }
  const noted = (await keeper?.note?.(recordOf(attempted, run, attempted.at ?? now()))) ?? { problems: [] }
  if (isOnce && noted.problems.length === 0) await claims.markNoted(name)
  return noted
}

function recordOf(
  { delivery, message, problems }: Attempted,
  { run }: JudgedRun | FailedRun,
  at: Instant,
): DeliveryRecord {
  return deliveryRecord(run, {
    to: delivery.to,
    result: problems.length === 0 ? 'delivered' : 'failed',
    at,
    ...(message === undefined ? {} : { message }),
    ...(problems.length === 0 ? {} : { error: problems.map((problem) => problem.message).join(' ') }),
  })
}
