import type { Policy } from '../../policy/policy.js'
import type { GapRecord } from '../gap-record.js'
import type { KeyRecord } from '../key-record.js'
import type { JudgedRunRecord } from '../run-record.js'

/** What a digest is made from: records, so that a remembered run can be told as well as a fresh one. */
export interface DigestFacts {
  readonly run: JudgedRunRecord
  /** All affected keys, most urgent first. */
  readonly affected: readonly KeyRecord[]
  readonly gaps: readonly GapRecord[]
  readonly policy: Pick<Policy, 'contact' | 'owners'>
  /** Whose keys alone are told, such as `payments`; absent where all are. */
  readonly part?: string
}
