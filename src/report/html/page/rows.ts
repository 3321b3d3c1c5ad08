import { monthDay } from '../../../calendar.js'
import { type Action, AFFECTED_VERDICTS } from '../../../model.js'
import { type AccountWay, HYGIENE_TABLE, type HygieneRule } from '../../../policy/hygiene.js'
import type { Rule } from '../../../policy/rules.js'
import { trafficClass } from '../../../policy/traffic-classes.js'
import { callsLately, callsLostAWeek } from '../../../records/affected.js'
import { openHygiene, strictestFinding } from '../../../records/findings.js'
import type { KeyRecord } from '../../../records/key-record.js'
import { withVisibleControls } from '../../../records/visible-text.js'
import { actionText, changeText, matterText, ownerText, titleOf, trafficText } from '../../key-words.js'
import { counted, sentenceCase } from '../../wording.js'
import { type Group, groupOf } from '../groups.js'

/** One key as a line of the table; all texts can be shown as they are. */
export interface Row {
  /** What addresses call the key: its `uid`, or its name where that is empty or another key's. */
  readonly uid: string
  readonly group: Group
  readonly title: string
  readonly project: string
  readonly owner: string
  /** The strictest rule that asks something of the key, under which reports count it; else what is to be looked at. */
  readonly rules: readonly (Rule | HygieneRule)[]
  /** Why the key is affected, or not. */
  readonly why: string
  /** Calls of a week that are lost or can be lost; -1 where they are not known. */
  readonly calls: number
  /** What the traffic shows, in a few words; where no deadline asks anything, what is to be looked at. */
  readonly traffic: string
  readonly action: string
  /** The same in one word, as addresses have it; `none` where nobody asks anything. */
  readonly todo: Action | AccountWay
  /** What changed since the run before, or nothing. */
  readonly change: string
  /** What the search looks at, in lower case. */
  readonly haystack: string
  /** The whole record. */
  readonly record: () => Promise<KeyRecord>
}

/** The keys of the page, most urgent first as they stand in it. */
export async function readRows(): Promise<readonly Row[]> {
  const rows: Row[] = []
  const uids = new Set([''])
  for await (const { record, again } of readRecords()) {
    const row = rowOf(record, again)
    rows.push(uids.has(row.uid) ? { ...row, uid: record.key.name } : row)
    uids.add(row.uid)
  }
  return rows
}

function rowOf(record: KeyRecord, again: Row['record']): Row {
  const { key } = record
  const group = groupOf(record)
  const title = withVisibleControls(titleOf(record))
  return {
    uid: key.uid,
    group,
    title,
    project: withVisibleControls(key.project.id),
    owner: withVisibleControls(ownerText(record)),
    rules: rulesOf(record),
    why: sentenceCase(whyOf(record)),
    calls: callsOf(record, group),
    traffic: sentenceCase(group === 'to-look-at' ? matterText(record) : happenedText(record)),
    action: sentenceCase(actionText(record)),
    todo: todoOf(record),
    change: changeText(record) ?? '',
    haystack: haystackOf(record, title),
    record: again,
  }
}

function rulesOf(record: KeyRecord): Row['rules'] {
  const finding = strictestFinding(record)
  return finding === undefined ? openHygiene(record).map(({ id }) => id) : [finding.rule]
}

function todoOf(record: KeyRecord): Row['todo'] {
  if (AFFECTED_VERDICTS.includes(record.verdict)) return record.remedy.action
  const [first] = openHygiene(record)
  return first === undefined ? 'none' : HYGIENE_TABLE[first.id].remedy
}

function whyOf(record: KeyRecord): string {
  return record.exemption === undefined ? matterText(record) : `exempt until ${record.exemption.until}`
}

/** What the traffic shows, without what the state beside it says. */
function happenedText(record: KeyRecord): string {
  const { usage, asOf } = record
  if ('unknown' in usage) return trafficText(record)
  const { state, now } = trafficClass(usage.traffic)
  if (state === 'works' && usage.partlyFailing === undefined) {
    return `${counted(usage.gemini.acceptedLately, 'call')} in 7 days`
  }
  if (now === undefined) return trafficText(record)
  const since = usage.stoppedOn === undefined ? '' : ` since ${monthDay(usage.stoppedOn, asOf)}`
  const lost = usage.lostWeekly === undefined ? '' : ` · ${counted(usage.lostWeekly, 'call')} a week`
  return `${now(usage)}${since}${lost}`
}

function callsOf(record: KeyRecord, group: Group): number {
  if ('unknown' in record.usage) return -1
  return group === 'stopped' || group === 'not-working' ? callsLostAWeek(record) : callsLately(record)
}

function haystackOf(record: KeyRecord, title: string): string {
  const { key, usage } = record
  const called = 'unknown' in usage ? [] : usage.services
  return [
    title,
    key.name,
    key.uid,
    key.project.id,
    ownerText(record),
    key.serviceAccountEmail ?? '',
    ...key.apiTargets.map(({ service }) => service),
    ...called,
  ]
    .join('\n')
    .toLowerCase()
}

/** A key of the page: its record now, and a way to it later that keeps it compressed until then. */
interface FoundRecord {
  readonly record: KeyRecord
  readonly again: () => Promise<KeyRecord>
}

/** The key records of the page in their order. Afterwards only the compressed ones are in memory. */
async function* readRecords(): AsyncGenerator<FoundRecord, void, undefined> {
  for (const script of document.querySelectorAll('script.data')) {
    const text = script.textContent ?? ''
    script.remove()
    const lines = await linesOf(text)
    for (const [index, line] of lines.entries()) {
      const record: KeyRecord | { readonly record: 'run' } = JSON.parse(line)
      if (record.record === 'key') yield { record, again: () => recordAt(text, index) }
    }
  }
}

async function recordAt(text: string, index: number): Promise<KeyRecord> {
  const line = (await linesOf(text))[index]
  if (line === undefined) throw new Error(`the page has no record ${index} where it had one`)
  return JSON.parse(line)
}

/** The lines in Base64 of a gzip file. */
async function linesOf(text: string): Promise<readonly string[]> {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))
  return (await new Response(stream).text()).split('\n').slice(0, -1)
}
