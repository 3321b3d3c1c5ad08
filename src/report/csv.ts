import { stringify } from 'csv-stringify/sync'
import { openFindings, pressingFinding } from './findings.js'
import type { KeyRecord, RecordedUsage } from './key-record.js'
import { shownData } from './shown.js'

type Cell = string | number
type Row = (Cell | undefined)[]

/** Rows that are made at once. */
const BATCH = 256

interface Column {
  readonly name: string
  readonly of: (record: KeyRecord) => Cell | undefined
}

/** The columns in their order: the record's facts, and of its findings the most pressing one. */
export const CSV_COLUMNS: readonly Column[] = [
  { name: 'audit', of: (record) => record.audit },
  { name: 'run', of: (record) => record.run },
  { name: 'asOf', of: (record) => record.asOf },
  { name: 'verdict', of: (record) => record.verdict },
  {
    name: 'rules',
    of: (record) =>
      openFindings(record)
        .map(({ rule }) => rule)
        .join(' '),
  },
  { name: 'deadline', of: (record) => pressingFinding(record)?.deadline },
  { name: 'status', of: (record) => pressingFinding(record)?.status },
  { name: 'daysLeft', of: (record) => pressingFinding(record)?.daysLeft },
  { name: 'displayName', of: ({ key }) => key.displayName },
  { name: 'name', of: ({ key }) => key.name },
  { name: 'uid', of: ({ key }) => key.uid },
  { name: 'project', of: ({ key }) => key.project.id },
  { name: 'projectNumber', of: ({ key }) => key.project.number },
  { name: 'owner', of: ({ key }) => key.project.owner },
  { name: 'ancestors', of: ({ key }) => key.project.ancestors.join(' ') },
  { name: 'type', of: ({ key }) => key.type },
  { name: 'serviceAccountEmail', of: ({ key }) => key.serviceAccountEmail },
  { name: 'apiRestriction', of: ({ key }) => key.apiRestriction },
  { name: 'apiTargets', of: ({ key }) => key.apiTargets.map(({ service }) => service).join(' ') },
  { name: 'clientRestriction', of: ({ key }) => key.clientRestriction },
  { name: 'geminiAccess', of: (record) => record.geminiAccess },
  { name: 'dormant', of: (record) => String(record.dormant) },
  { name: 'usageUnknown', of: ({ usage }) => ('unknown' in usage ? usage.unknown : undefined) },
  { name: 'usageSince', of: ({ usage }) => ('unknown' in usage ? undefined : usage.since) },
  { name: 'accepted', of: ({ usage }) => calls(usage)?.accepted },
  { name: 'refused', of: ({ usage }) => calls(usage)?.refused },
  { name: 'failed', of: ({ usage }) => calls(usage)?.failed },
  { name: 'lastAccepted', of: ({ usage }) => calls(usage)?.lastAccepted },
  { name: 'lastRefused', of: ({ usage }) => calls(usage)?.lastRefused },
  { name: 'services', of: ({ usage }) => ('unknown' in usage ? undefined : usage.services.join(' ')) },
  { name: 'notes', of: ({ notes }) => notes.join(' ') },
  { name: 'exemptRules', of: ({ exemption }) => exemption?.rules.join(' ') },
  { name: 'exemptUntil', of: ({ exemption }) => exemption?.until },
  { name: 'change', of: (record) => record.change },
  { name: 'changeCause', of: (record) => record.changeCause },
  { name: 'previousVerdict', of: (record) => record.previousVerdict },
  { name: 'firstSeen', of: (record) => record.firstSeen },
  { name: 'overdueSince', of: (record) => record.overdueSince },
  { name: 'createTime', of: ({ key }) => key.createTime },
  { name: 'updateTime', of: ({ key }) => key.updateTime },
  { name: 'deleteTime', of: ({ key }) => key.deleteTime },
  { name: 'impact', of: (record) => record.impact },
  { name: 'action', of: ({ remedy }) => remedy.action },
  { name: 'steps', of: ({ remedy }) => remedy.steps.map(({ say }) => say).join(' ') },
  { name: 'commands', of: ({ remedy }) => remedy.steps.flatMap(({ command = [] }) => command).join('\n') },
]

/**
 * The keys as CSV in UTF-8, a line each ended by LF, after a line of column names. Cells that a spreadsheet
 * would take for a formula are defused by an apostrophe; control characters are shown as `\u001b`.
 */
export async function* csv(
  records: Iterable<KeyRecord> | AsyncIterable<KeyRecord>,
): AsyncGenerator<string, void, undefined> {
  yield text([CSV_COLUMNS.map(({ name }) => name)])
  let rows: Row[] = []
  for await (const record of records) {
    rows.push(CSV_COLUMNS.map(({ of }) => shownCell(of(record))))
    if (rows.length < BATCH) continue
    yield text(rows)
    rows = []
  }
  if (rows.length > 0) yield text(rows)
}

/** `escape_formulas` leaves negative numbers alone, which are none. */
function text(rows: Row[]): string {
  return stringify(rows, { escape_formulas: true })
}

function calls(usage: RecordedUsage) {
  return 'unknown' in usage ? undefined : usage.gemini
}

function shownCell(cell: Cell | undefined): Cell | undefined {
  return typeof cell === 'string' ? shownData(cell) : cell
}
