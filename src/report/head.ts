import type { Day, Instant, Run } from '../model.js'

/** The version of the records' form; it changes when a field changes its meaning or goes away. */
export const SCHEMA = 'gemini-key-audit/1'

/** How every record begins. */
export interface RecordHead<Name extends string> {
  readonly schema: typeof SCHEMA
  readonly record: Name
  readonly audit: string
  /** The run's time, which names the run within its audit. */
  readonly run: Instant
  /** When the reading began: tells the attempts of one run apart. */
  readonly reading: Instant
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
