import type { Instant } from '../model.js'
import type { DeliveryRecord } from './delivery-record.js'
import type { EventRecord } from './event-record.js'
import type { GapRecord } from './gap-record.js'
import type { GoneRecord } from './gone-record.js'
import type { KeyRecord } from './key-record.js'
import type { PolicyRecord } from './policy-record.js'
import type { RunRecord } from './run-record.js'

/** Everything that is written down: by a run, and of single changes between runs. */
export type AuditRecord =
  | KeyRecord
  | GoneRecord
  | GapRecord
  | PolicyRecord
  | RunRecord
  | DeliveryRecord
  | EventRecord

/** What one run says of a key: its record, or that it could not see the key. */
export type KeyLifeEvent =
  | { readonly run: Instant; readonly record: KeyRecord | GoneRecord }
  | { readonly run: Instant; readonly unseenSince: Instant }
