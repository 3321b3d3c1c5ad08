import type { Day, Instant, Run } from '../model.js'

/** The version of the records' form; it changes when a field changes its meaning or goes away. */
export const SCHEMA = 'gemini-key-audit/1'

/** How every record begins. */
export interface RecordHead<Name extends string> {
  /** The version of the records' form. */
  readonly schema: typeof SCHEMA
  /** Which record this is. */
  readonly record: Name
  /** `AUDIT_NAME`: runs are compared, chained and kept apart by it. */
  readonly audit: string
  /** The run's time, which names the run within its audit. */
  readonly run: Instant
  /** When the reading began: distinguishes the attempts of one run. */
  readonly reading: Instant
  /** The calendar day by which keys were judged, in the zone of the audit. */
  readonly asOf: Day
  /** Present when keys were judged by another day than the run's. */
  readonly asOfOverridden?: true
  /** Fields that were too long for a log entry, and how long they were (characters or items). */
  readonly truncated?: Readonly<Record<string, number>>
}

/** The first fields of a record of this run. */
export function headOf<Name extends string>(record: Name, run: Run): RecordHead<Name> {
  return {
    schema: SCHEMA,
    record,
    audit: run.audit,
    run: run.time,
    reading: run.reading,
    asOf: run.asOf,
    ...(run.asOfOverridden ? { asOfOverridden: true } : {}),
  }
}
