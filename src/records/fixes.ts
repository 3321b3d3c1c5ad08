import type { Verdict } from '../model.js'
import { type GoneRecord, isGone } from './gone-record.js'
import type { ChangeCause, KeyRecord } from './key-record.js'

/** Verdicts that ask something of a key's owner. */
export const ASKING: readonly Verdict[] = ['overdue', 'due']

/** Worst first; verdicts in one row are as bad as each other. `unknown` has no rank. */
const RANKS: readonly (readonly Verdict[])[] = [
  ['overdue'],
  ['due'],
  ['exempt'],
  ['latent'],
  ['compliant', 'not-affected', 'deleted'],
]

/** How good a verdict is, the worst being 0; -1 for `unknown`. */
export function rankOf(verdict: Verdict): number {
  return RANKS.findIndex((rank) => rank.includes(verdict))
}

/** A key between two runs: its last known verdict, what it is now, and what changed. */
interface Step {
  readonly was: Verdict | undefined
  readonly is: Verdict | 'gone'
  readonly cause: ChangeCause | undefined
}

/**
 * Whether a key that was overdue or due was fixed: it is gone, or better off for what became of the key or of its
 * project. The calendar and the policy fix nothing. A key that could not be read in between counts all the same.
 */
export function isFixed({ was, is, cause }: Step): boolean {
  if (was === undefined || !ASKING.includes(was)) return false
  if (cause !== 'key' && cause !== 'project') return false
  return is === 'gone' || rankOf(is) > rankOf(was)
}

/** The same of what a run recorded. */
export function recordsFix(record: KeyRecord | GoneRecord): boolean {
  const { previousVerdict: was, changeCause: cause } = record
  return isFixed({ was, is: isGone(record) ? 'gone' : record.verdict, cause })
}
