import type { Day, Instant, KeyType, Run, Verdict } from '../model.js'
import { fitted } from './fit.js'
import { headOf, type RecordHead } from './head.js'
import type { ChangeCause, KeyRecord, RecordedProject } from './key-record.js'

/** What is remembered of a key that no longer is. */
export interface GoneKey {
  readonly name: string
  readonly uid: string
  readonly displayName?: string
  readonly project: RecordedProject
  readonly type: KeyType
}

/** A key that earlier runs saw and this one would have seen if it were still there. It has no verdict. */
export interface GoneRecord extends RecordHead<'key'> {
  readonly key: GoneKey
  readonly change: 'gone'
  /** The key was purged, or its project left the organization or was shut down. */
  readonly changeCause: Extract<ChangeCause, 'key' | 'project'>
  readonly previousVerdict: Verdict
  readonly firstSeen: Instant
  /** The last run that saw it. */
  readonly lastSeen: Instant
  readonly overdueSince?: Day
}

/** The one record of a key that has vanished. */
export function goneRecord(
  run: Run,
  gone: Pick<
    GoneRecord,
    'key' | 'changeCause' | 'previousVerdict' | 'firstSeen' | 'lastSeen' | 'overdueSince'
  >,
): GoneRecord {
  return fitted({ ...headOf('key', run), ...gone, change: 'gone' })
}

/** Whether the record of a key says that it has vanished. */
export function isGone(record: KeyRecord | GoneRecord): record is GoneRecord {
  return record.change === 'gone'
}
