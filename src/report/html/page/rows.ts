import type { Rule, Traffic, Verdict } from '../../../model.js'
import { openFindings, pressingFinding } from '../../../records/findings.js'
import type { KeyRecord } from '../../../records/key-record.js'
import { withVisibleControls } from '../../../records/visible-text.js'
import { actionText, reasonText, titleOf, unjudgedText } from '../../digest/key-words.js'
import { type Batch, FIELDS, type PackedKey, type PageKey, unpacked } from '../packing.js'

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
  readonly record: () => PageKey
}

export const OWNER_UNKNOWN = '(unknown)'

const NUMBER = new Intl.NumberFormat('en-US')

/** The keys of the page, most urgent first as they stand in it. */
export function readRows(): readonly Row[] {
  const shared: Batch['shared'][number][] = []
  const rows: Row[] = []
  const uids = new Set([''])
  for (const script of document.querySelectorAll('script.keys')) {
    const batch: Batch = JSON.parse(script.textContent ?? '')
    for (const value of batch.shared) shared.push(value)
    for (const packed of batch.keys) {
      const row = rowOf(shared, packed, rows.length)
      rows.push(uids.has(row.uid) ? { ...row, uid: row.record().key.name } : row)
      uids.add(row.uid)
    }
    script.remove()
  }
  return rows
}

type Listed = Pick<
  KeyRecord,
  'key' | 'verdict' | 'findings' | 'exemption' | 'usage' | 'change' | 'geminiAccess'
>

const LISTED = ['key', 'verdict', 'findings', 'exemption', 'usage', 'change', 'geminiAccess'] as const

function rowOf(shared: Batch['shared'], packed: PackedKey, place: number): Row {
  const listed = fieldsOf(shared, packed, LISTED) as unknown as Listed
  const record = () => fieldsOf(shared, packed, FIELDS) as unknown as PageKey
  const { key } = listed
  const { remedy } = fieldsOf(shared, packed, ['remedy']) as unknown as Pick<KeyRecord, 'remedy'>
  const owner = key.project.owner ?? OWNER_UNKNOWN
  const title = withVisibleControls(titleOf(listed))
  return {
    place,
    uid: key.uid,
    verdict: listed.verdict,
    title,
    project: withVisibleControls(key.project.id),
    owner: withVisibleControls(owner),
    rules: openFindings(listed).map(({ rule }) => rule),
    why: whyOf(listed),
    ...callsOf(listed.usage),
    action: actionText({ remedy }),
    change: listed.change === undefined || listed.change === 'same' ? '' : listed.change,
    haystack: [
      title,
      key.name,
      key.uid,
      key.project.id,
      owner,
      key.serviceAccountEmail ?? '',
      ...servicesOf(listed),
    ]
      .join('\n')
      .toLowerCase(),
    record,
  }
}

function fieldsOf(
  shared: Batch['shared'],
  packed: PackedKey,
  names: readonly (typeof FIELDS)[number][],
): Readonly<Record<string, unknown>> {
  const fields: Record<string, unknown> = {}
  for (const name of names) {
    const value = unpacked(shared, packed, FIELDS.indexOf(name))
    if (value !== undefined) fields[name] = value
  }
  return fields
}

function whyOf(listed: Listed): string {
  if (pressingFinding(listed) !== undefined) return reasonText(listed as KeyRecord)
  if (listed.exemption !== undefined) return `exempt until ${listed.exemption.until}`
  return unjudgedText(listed as KeyRecord)
}

function callsOf(usage: Listed['usage']): Pick<Row, 'accepted' | 'traffic'> {
  if ('unknown' in usage) return { accepted: -1, traffic: 'not known' }
  const { accepted, refused } = usage.gemini
  return { accepted, traffic: trafficText(usage.traffic, NUMBER.format(accepted), NUMBER.format(refused)) }
}

function trafficText(traffic: Traffic, accepted: string, refused: string): string {
  switch (traffic) {
    case 'newly-refused':
      return 'newly refused'
    case 'accepted':
      return `${accepted} accepted`
    case 'accepted-earlier':
      return `${accepted} earlier`
    case 'only-refused':
      return `${refused} refused`
    case 'only-failed':
      return 'failed only'
    case 'unknown':
      return 'not known'
    case 'other-services':
      return 'other services'
    case 'none':
      return 'none'
  }
}

function servicesOf({ key, usage }: Listed): readonly string[] {
  const called = 'unknown' in usage ? [] : usage.services
  return [...key.apiTargets.map(({ service }) => service), ...called]
}
