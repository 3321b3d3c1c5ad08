import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import type { Enumeration } from '../wire/enumeration.js'
import { badRequest, invalid } from '../wire/google-error.js'
import { messageOf } from '../wire/json-body.js'
import { isTimestamp, printed, timestampOf } from '../wire/timestamp.js'
import type { LogEntry } from './log.js'

/** @see https://cloud.google.com/logging/quotas */
const ENTRY_BYTES = 256 * 1024
const LABELS = 64
const INSERT_ID = 512

export const SEVERITIES = [
  'DEFAULT',
  'DEBUG',
  'INFO',
  'NOTICE',
  'WARNING',
  'ERROR',
  'CRITICAL',
  'ALERT',
  'EMERGENCY',
] as const

/** Their numbers: hundreds. */
export const SEVERITY_NUMBERS: Enumeration = Object.fromEntries(
  SEVERITIES.map((name, index) => [name, index * 100]),
)

const struct = z.record(z.string(), z.unknown())
const labels = z.record(z.string(), z.string())
const timestamp = z.string().refine(isTimestamp, 'not a time')
const logName = z.string().regex(/^(projects|folders|organizations|billingAccounts)\/[^/]+\/logs\/[\w./%-]+$/)
const resource = z.strictObject({ type: z.string(), labels: labels.optional() })

const entry = z.strictObject({
  logName: logName.optional(),
  resource: resource.optional(),
  timestamp: timestamp.optional(),
  severity: z.union([z.enum(SEVERITIES), z.int()]).optional(),
  insertId: z.string().max(INSERT_ID).optional(),
  labels: labels.optional(),
  jsonPayload: struct.optional(),
  textPayload: z.string().optional(),
  httpRequest: struct.optional(),
  operation: struct.optional(),
  sourceLocation: struct.optional(),
  trace: z.string().optional(),
  spanId: z.string().optional(),
  traceSampled: z.boolean().optional(),
})

const request = z.strictObject({
  logName: logName.optional(),
  resource: resource.optional(),
  labels: labels.optional(),
  entries: z.array(entry).min(1),
  partialSuccess: z.boolean().optional(),
  dryRun: z.boolean().optional(),
})

type WireEntry = z.infer<typeof entry>
export type WriteRequest = z.infer<typeof request>

/** A write request out of its JSON. @throws GoogleError 400 that names the field. */
export function writeRequestOf(body: unknown): WriteRequest {
  return messageOf(body, request)
}

/** The entries of a request, what they leave out taken from it. @throws GoogleError 400 for one too large. */
export function entriesOf(write: WriteRequest, now: Date): readonly LogEntry[] {
  return write.entries.map((one, index) => complete(write, one, index, now))
}

function complete(write: WriteRequest, one: WireEntry, index: number, now: Date): LogEntry {
  const name = one.logName ?? write.logName
  const monitored = one.resource ?? write.resource
  if (!name) throw badRequest(`entries[${index}].log_name`, 'every entry needs a log name')
  if (!monitored) throw badRequest(`entries[${index}].resource`, 'every entry needs a monitored resource')
  if (!one.jsonPayload && one.textPayload === undefined)
    throw badRequest(`entries[${index}].payload`, 'no payload')
  const joined = { ...write.labels, ...one.labels }
  if (Object.keys(joined).length > LABELS)
    throw badRequest(`entries[${index}].labels`, `more than ${LABELS} labels`)
  const size = Buffer.byteLength(JSON.stringify(one))
  if (size > ENTRY_BYTES) {
    throw invalid(`Log entry with size: ${(size / 1024).toFixed(1)}K exceeds maximum size of 256.0K`)
  }
  return {
    logName: name,
    insertId: one.insertId ?? randomUUID(),
    timestamp: printed(one.timestamp ?? now.toISOString()),
    receiveTimestamp: timestampOf(now),
    severity: severityOf(one.severity),
    resource: { ...monitored, labels: { project_id: name.split('/')[1] ?? '', ...monitored.labels } },
    labels: joined,
    ...(one.jsonPayload && { jsonPayload: one.jsonPayload }),
    ...(one.textPayload !== undefined && { textPayload: one.textPayload }),
  }
}

/** Numbers are the values of the enumeration, in hundreds. */
function severityOf(severity: WireEntry['severity']): string {
  if (typeof severity === 'string') return severity
  return SEVERITIES[Math.floor((severity ?? 0) / 100)] ?? 'DEFAULT'
}
