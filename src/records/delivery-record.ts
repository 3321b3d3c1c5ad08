import type { Instant, Run } from '../model.js'
import { truncatedToEntry } from './fit.js'
import { headOf, type RecordHead } from './head.js'

/** What became of one delivery of a run; written after the run record and outside its digest. */
export interface DeliveryRecord extends RecordHead<'delivery'> {
  /** `slack:C0456`, `ocsf:gs://findings/gemini`, `scc:organizations/9/sources/5`. */
  readonly to: string
  /** Whether it arrived. */
  readonly result: 'delivered' | 'failed'
  /** When it was delivered, or failed. */
  readonly at: Instant
  /** The ID of what was delivered, such as a Slack message's timestamp. */
  readonly message?: string
  /** Why it failed, and what to do. */
  readonly error?: string
}

/** The record of one delivery. */
export function deliveryRecord(
  run: Run,
  delivery: Pick<DeliveryRecord, 'to' | 'result' | 'at' | 'message' | 'error'>,
): DeliveryRecord {
  return truncatedToEntry({ ...headOf('delivery', run), ...delivery })
}
