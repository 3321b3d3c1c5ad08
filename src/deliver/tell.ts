import type { FailedRun, JudgedRun } from '../judged-run.js'
import type { Instant } from '../model.js'
import { type DeliveryRecord, deliveryRecord } from '../report/delivery-record.js'
import type { Delivery, Receipt } from './delivery.js'
import { DeliveryError } from './error.js'

interface Told extends Receipt {
  readonly delivery: Delivery
}

/**
 * Tells a run to every place in turn; one that fails keeps no other from hearing of it. What became of each is
 * then written down where records are kept. Resolves to what was not delivered.
 */
export async function tell(
  run: JudgedRun | FailedRun,
  deliveries: readonly Delivery[],
  now: () => Instant,
): Promise<readonly DeliveryError[]> {
  const told: Told[] = []
  for (const delivery of deliveries) {
    told.push({ delivery, ...(await received(delivery.deliver(run))) })
  }
  const problems = told.flatMap((each) => each.problems)
  const keeper = told.find((each) => each.delivery.note !== undefined && each.problems.length === 0)
  for (const other of told.filter((each) => keeper !== undefined && each !== keeper)) {
    const noted = await received(keeper?.delivery.note?.(recordOf(other, run, now())))
    problems.push(...noted.problems)
  }
  return problems
}

/** A delivery's failure is a problem to tell; any other error is a bug and goes on. */
async function received(receipt: Promise<Receipt | undefined> | undefined): Promise<Receipt> {
  try {
    return (await receipt) ?? { problems: [] }
  } catch (error) {
    if (error instanceof DeliveryError) return { problems: [error] }
    throw error
  }
}

function recordOf(
  { delivery, message, problems }: Told,
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
