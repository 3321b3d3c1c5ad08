import { AFFECTED_VERDICTS } from '../model.js'
import { RULES } from '../policy/rules.js'
import { canonical, sha256 } from './canonical.js'
import type { EventRecord } from './event-record.js'
import { type Judged, openFindings, openHygiene } from './findings.js'
import { isGone } from './gone-record.js'
import type { RecordedFinding } from './key-record.js'
import type { AuditRecord } from './records.js'
import type { RunRecord } from './run-record.js'
import { cut } from './visible-text.js'

/** The severities of entries, the mildest first. */
const SEVERITIES = ['INFO', 'NOTICE', 'WARNING', 'ERROR'] as const
export type Severity = (typeof SEVERITIES)[number]

/** A record as Cloud Logging takes it. */
export interface LogEntry {
  /** SHA-256 of the canonical payload in hexadecimal: equal id means equal content. */
  readonly insertId: string
  readonly severity: Severity
  /** The run's time, RFC 3339. */
  readonly timestamp: string
  readonly labels: Readonly<Record<string, string>>
  readonly payload: AuditRecord
  /** Bytes of the payload as JSON, where they were counted already. */
  readonly bytes?: number
}

const LONGEST_LABEL = 256

/** The record as a log entry; everything but the payload follows from the payload. */
export function entryOf(record: AuditRecord, insertId = sha256(canonical(record))): LogEntry {
  return {
    insertId,
    severity: severityOf(record),
    timestamp: record.run,
    labels: labelsOf(record),
    payload: record,
  }
}

/** The entry of a record that was digested already, from its canonical form. */
export function entryOfLine({
  insertId,
  canonical: text,
}: {
  insertId: string
  canonical: string
}): LogEntry {
  const record: AuditRecord = JSON.parse(text) // what this program wrote itself
  return { ...entryOf(record, insertId), bytes: Buffer.byteLength(text) }
}

function labelsOf(record: AuditRecord): Readonly<Record<string, string>> {
  const labels = { record: record.record, audit: record.audit, run: record.run }
  if (record.record !== 'key') return labels
  const { key } = record
  const verdict = isGone(record) ? {} : { verdict: record.verdict }
  return { ...labels, ...verdict, type: key.type, project: cut(key.project.id, LONGEST_LABEL) }
}

/** How loud a record is in Cloud Logging: what alerting policies look at. */
export function severityOf(record: AuditRecord): Severity {
  switch (record.record) {
    case 'key':
      return isGone(record)
        ? 'INFO'
        : worst([severityOfKey(record), ...openHygiene(record).map(({ severity }) => severity)])
    case 'gap':
      return 'WARNING'
    case 'policy':
      return 'INFO'
    case 'run':
      return severityOfRun(record)
    case 'delivery':
      return record.result === 'failed' ? 'ERROR' : 'INFO'
    case 'event':
      return severityOfEvent(record)
  }
}

function worst(severities: readonly Severity[]): Severity {
  return SEVERITIES.findLast((severity) => severities.includes(severity)) ?? 'INFO'
}

/** That of the worst of its keys. */
function severityOfEvent(record: EventRecord): Severity {
  if (record.outcome === 'unreadable' || record.outcome === 'unread') return 'WARNING'
  return worst(record.keys.map(severityOfKey))
}

/** By what deadlines say alone. */
function severityOfKey(record: Judged<RecordedFinding>): Severity {
  const enforced = openFindings(record).some(
    ({ state, status }) => state === 'overdue' && status === 'in-force',
  )
  if (record.verdict === 'overdue' && enforced) return 'ERROR'
  return AFFECTED_VERDICTS.includes(record.verdict) ? 'WARNING' : 'INFO'
}

/** By what deadlines say alone: an alert on an error is about keys that stop. */
function severityOfRun(run: RunRecord): Severity {
  if (run.outcome === 'failed') return 'ERROR'
  const { counts, policy } = run
  const enforced = RULES.some(
    (rule) => policy.deadlines[rule].status === 'in-force' && counts.rule[rule].overdue > 0,
  )
  if (enforced) return 'ERROR'
  const affected = counts.verdict.overdue + counts.verdict.due + counts.verdict.unknown > 0
  return affected || run.outcome === 'incomplete' ? 'WARNING' : 'INFO'
}
