import type { Day, Instant, KeyType, Run, Verdict } from '../model.js'
import { truncatedToEntry } from './fit.js'
import { headOf, type RecordHead } from './head.js'
import type { ChangeCause, KeyRecord, RecordedProject } from './key-record.js'

/** What is remembered of a key that no longer is. */
export interface GoneKey {
  /** `projects/NUMBER/locations/global/keys/ID`. */
  readonly name: string
  /** Google's own identifier. */
  readonly uid: string
  /** Absent where the key had none. */
  readonly displayName?: string
  /** The project that held the key. */
  readonly project: RecordedProject
  /** The last known type. */
  readonly type: KeyType
}

/** What distinguishes a key from all others: its `uid`, or its name where Google showed no `uid`. */
export function identityOf({ uid, name }: { readonly uid: string; readonly name: string }): string {
  return uid === '' ? name : uid
}

/** A key that earlier runs saw and this one would have seen if it were still there. It has no verdict. */
export interface GoneRecord extends RecordHead<'key'> {
  /** The key as it was last seen. */
  readonly key: GoneKey
  /** The key has vanished; such a record has no verdict. */
  readonly change: 'gone'
  /** The key was purged, or its project left the organization or was shut down. */
  readonly changeCause: Extract<ChangeCause, 'key' | 'project'>
  /** The last verdict. */
  readonly previousVerdict: Verdict
  /** The first run that saw it. */
  readonly firstSeen: Instant
  /** The last run that saw it. */
  readonly lastSeen: Instant
  /** The day of the first run of an unbroken row that judged the key overdue. */
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
  return truncatedToEntry({ ...headOf('key', run), ...gone, change: 'gone' })
}

/** Whether the record of a key says that it has vanished. */
export function isGone(record: KeyRecord | GoneRecord): record is GoneRecord {
  return record.change === 'gone'
}
