import type { Policy } from '../../policy/policy.js'
import type { Affected } from '../../records/affected.js'
import type { GapRecord } from '../../records/gap-record.js'
import type { JudgedRunRecord } from '../../records/run-record.js'

/** What a digest is made from: records, so that a remembered run can be reported as well as a fresh one. */
export interface DigestFacts {
  readonly run: JudgedRunRecord
  /** What there is to say of all affected keys, and the most urgent ones. */
  readonly affected: Affected
  readonly gaps: readonly GapRecord[]
  readonly policy: Pick<Policy, 'contact' | 'owners'>
  /** Whose keys it is about, such as `payments`; absent where it is about all. */
  readonly part?: string
  /** SHA-256 of the run's own record, where these facts are only a part of it. */
  readonly head?: string
  /** Pages about the run: its report, its records. */
  readonly links?: readonly RunPage[]
}

/** A page about a run. */
export interface RunPage {
  /** `Report`, `Records`. */
  readonly label: string
  readonly url: string
}
