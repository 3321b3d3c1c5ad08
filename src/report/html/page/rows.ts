import type { Verdict } from '../../../model.js'
import type { Rule } from '../../../policy/rules.js'
import { trafficClass } from '../../../policy/traffic-classes.js'
import { openFindings, pressingFinding } from '../../../records/findings.js'
import type { KeyRecord } from '../../../records/key-record.js'
import { withVisibleControls } from '../../../records/visible-text.js'
import { actionText, matterText, titleOf } from '../../key-words.js'
import { readRecords } from './records.js'

/** One key as a line of the table; all texts can be shown as they are. */
export interface Row {
  /** Where the key stands in the order of urgency. */
  readonly place: number
  /** What addresses call the key: its `uid`, or its name where that is empty or another key's. */
  readonly uid: string
  readonly verdict: Verdict
  readonly title: string
  readonly project: string
  readonly owner: string
  readonly rules: readonly Rule[]
  readonly why: string
  /** Accepted calls to the Gemini API; -1 where they are not known. */
  readonly accepted: number
  /** What the traffic shows, in a few words. */
  readonly traffic: string
  readonly action: string
  readonly change: string
  /** What the search looks at, in lower case. */
  readonly haystack: string
  /** The whole record. */
  readonly record: () => Promise<KeyRecord>
}

export const OWNER_UNKNOWN = '(unknown)'

/** The keys of the page, most urgent first as they stand in it. */
export async function readRows(): Promise<readonly Row[]> {
  const rows: Row[] = []
  const uids = new Set([''])
  for await (const { record, again } of readRecords()) {
    const row = rowOf(record, again, rows.length)
    rows.push(uids.has(row.uid) ? { ...row, uid: record.key.name } : row)
    uids.add(row.uid)
  }
  return rows
}

function rowOf(record: KeyRecord, again: Row['record'], place: number): Row {
  const { key, verdict, change } = record
  const owner = key.project.owner ?? OWNER_UNKNOWN
  const title = withVisibleControls(titleOf(record))
  return {
    place,
    uid: key.uid,
    verdict,
    title,
    project: withVisibleControls(key.project.id),
    owner: withVisibleControls(owner),
    rules: openFindings(record).map(({ rule }) => rule),
    why: whyOf(record),
    ...callsOf(record),
    action: actionText(record),
    change: change === undefined || change === 'same' ? '' : change,
    haystack: haystackOf(record, title),
    record: again,
  }
}

function haystackOf({ key, usage }: KeyRecord, title: string): string {
  const called = 'unknown' in usage ? [] : usage.services
  return [
    title,
    key.name,
    key.uid,
    key.project.id,
    key.project.owner ?? OWNER_UNKNOWN,
    key.serviceAccountEmail ?? '',
    ...key.apiTargets.map(({ service }) => service),
    ...called,
  ]
    .join('\n')
    .toLowerCase()
}

function whyOf(record: KeyRecord): string {
  if (pressingFinding(record) !== undefined) return matterText(record)
  if (record.exemption !== undefined) return `exempt until ${record.exemption.until}`
  return matterText(record)
}

function callsOf({ usage, asOf }: Pick<KeyRecord, 'usage' | 'asOf'>): Pick<Row, 'accepted' | 'traffic'> {
  if ('unknown' in usage) return { accepted: -1, traffic: 'not known' }
  return { accepted: usage.gemini.accepted, traffic: trafficClass(usage.traffic).brief(usage, asOf) }
}
