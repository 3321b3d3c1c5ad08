import type { KeyRecord } from '../../records/key-record.js'
import type { ChartRun } from '../../records/trend.js'
import type { DigestFacts } from '../digest/facts.js'

/** What a report is made of: what the digest is made of, and the keys themselves. */
export interface ReportFacts extends DigestFacts {
  /** The affected keys, most urgent first. */
  readonly affectedKeys: Iterable<KeyRecord> | AsyncIterable<KeyRecord>
  /** Keys of the run in any order; those that are affected may be among them. */
  readonly keys: Iterable<KeyRecord> | AsyncIterable<KeyRecord>
  /** The run and those before it, for the chart. */
  readonly runs?: readonly ChartRun[]
  /** A sentence that says where all keys are, for when the table cannot hold them. */
  readonly rest?: string
}
