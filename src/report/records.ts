import type { DeliveryRecord } from './delivery-record.js'
import type { GapRecord } from './gap-record.js'
import type { GoneRecord } from './gone-record.js'
import type { KeyRecord } from './key-record.js'
import type { PolicyRecord } from './policy-record.js'
import type { RunRecord } from './run-record.js'

/** Everything that a run writes down. */
export type AuditRecord = KeyRecord | GoneRecord | GapRecord | PolicyRecord | RunRecord | DeliveryRecord
