import type { DeliveryRecord } from './delivery-record.js'
import type { GapRecord } from './gap-record.js'
import type { KeyRecord } from './key-record.js'
import type { PolicyRecord } from './policy-record.js'
import type { RunRecord } from './run-record.js'

export { type DeliveryRecord, deliveryRecord } from './delivery-record.js'
export { type GapRecord, gapRecord } from './gap-record.js'
export { type KeyRecord, keyRecord } from './key-record.js'
export { type PolicyRecord, policyRecords } from './policy-record.js'
export { failedRunRecord, type JudgedRunRecord, type RunRecord, runRecord } from './run-record.js'

/** Everything that a run writes down. */
export type AuditRecord = KeyRecord | GapRecord | PolicyRecord | RunRecord | DeliveryRecord
