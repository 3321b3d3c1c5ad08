import type { AffectedKeys } from '../memory/affected-keys.js'
import type { Ledger } from '../memory/ledger.js'
import type { Gap, Run } from '../model.js'
import type { Policy } from '../policy/policy.js'
import type { Affected } from '../records/affected.js'
import type { GapRecord } from '../records/gap-record.js'
import { isGone } from '../records/gone-record.js'
import type { KeyRecord } from '../records/key-record.js'
import type { Failure } from '../records/recommendation.js'
import type { AuditRecord } from '../records/records.js'
import type { FailedRunRecord, JudgedRunRecord } from '../records/run-record.js'
import type { LeftOver } from './backlog.js'
import type { Comparison } from './comparison.js'

/** A run that is judged and not yet delivered: everything that deliveries and reports are made from. */
export interface JudgedRun {
  readonly kind: 'judged'
  readonly run: Run
  readonly record: JudgedRunRecord
  /** The key, gap and policy records of the run. */
  readonly ledger: Ledger
  /** What there is to say of all affected keys. */
  readonly affected: Affected
  /** Their records, most urgent first. */
  readonly affectedKeys: Pick<AffectedKeys, 'inOrder'>
  readonly gaps: readonly GapRecord[]
  /** Where its reading was stopped, the gap that says how far it came; not of a run that the archive remembers. */
  readonly stopped?: Gap
  /** What deliveries need of the policy. */
  readonly policy: Pick<Policy, 'contact' | 'owners' | 'routes'>
}

/** A run that was judged just now, with what is for the archive alone. */
export interface FreshRun extends JudgedRun {
  /** What was left for want of time: all subjects, of which gap records name some hundreds. */
  readonly leftOver?: readonly LeftOver[]
  /** The records of keys that do not go to Cloud Logging. */
  readonly silent: Ledger
  readonly comparison: Comparison
}

/** A run of which nothing could be judged. */
export interface FailedRun {
  readonly kind: 'failed'
  readonly run: Run
  readonly record: FailedRunRecord
  /** Why, as data; its text is `record.error`. */
  readonly failure: Failure
  /** The newest remembered run, where there is one and it can be read. */
  readonly lastKnown?: JudgedRunRecord
  /** Who has to act: the operator's settings, the platform, or we, whose fault it is. */
  readonly fault: 'configuration' | 'platform' | 'program'
  /** Whether trying again can help, with nothing changed. */
  readonly retry: boolean
  readonly cause: unknown
}

/** The key, gap and policy records of a judged run, in the order of their `insertId`. */
export async function* detailsOf({ ledger }: Pick<JudgedRun, 'ledger'>): AsyncGenerator<AuditRecord> {
  for await (const { canonical } of ledger.lines()) yield JSON.parse(canonical) as AuditRecord
}

/** Every record of a judged run, the run record last. */
export async function* recordsOf(run: JudgedRun): AsyncGenerator<AuditRecord> {
  yield* detailsOf(run)
  yield run.record
}

/** The key records of a judged run, without those of keys that have vanished. */
export async function* keysOf(run: JudgedRun): AsyncGenerator<KeyRecord> {
  for await (const record of detailsOf(run)) {
    if (record.record === 'key' && !isGone(record)) yield record
  }
}
