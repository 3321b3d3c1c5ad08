import { gunzipSync } from 'node:zlib'
import { addDays } from '../../../src/calendar.js'
import type { AlsoReaches, Key, KeyFacts, Replacement, Verdict } from '../../../src/model.js'
import { AFFECTED_VERDICTS } from '../../../src/model.js'
import type { JudgedKey, Judgement } from '../../../src/policy/judgement-types.js'
import { type KeyHistory, type KeyRecord, keyRecord } from '../../../src/records/key-record.js'
import type { JudgedRunRecord, RunFacts } from '../../../src/records/run-record.js'
import type { CountedRun } from '../../../src/records/trend.js'
import { byUrgency } from '../../../src/records/urgency.js'
import type { ReportFacts } from '../../../src/report/html/data.js'
import { htmlReport } from '../../../src/report/html/report.js'
import { affectedOf } from '../../affected.js'
import type { GapInWords } from '../../gaps.js'
import { callsOn } from '../../policy/keys.js'
import { day, finding, gathered, instant, NO_POLICY, PROJECT, RUN, runOf } from '../samples.js'
import { type KeySketch, sketched } from '../scenes.js'

/** A key of a scene in few words. */
export interface Sketch extends KeySketch {
  readonly verdict: Verdict
  /** Accepted and refused calls; not known without them. */
  readonly calls?: readonly [accepted: number, refused: number]
  /** Whether its calls, 1,000 a day, are refused since November 18. */
  readonly isStopped?: true
  readonly key?: Partial<Key>
  readonly alsoReaches?: AlsoReaches
  readonly replacement?: Replacement
  readonly history?: KeyHistory
}

const FINDINGS: Readonly<Partial<Record<Verdict, Judgement['findings']>>> = {
  overdue: [finding('unrestricted-key'), finding('standard-key')],
  due: [finding('standard-key', { state: 'due', daysLeft: 128, deadline: day('2027-03-31') })],
  exempt: [finding('unrestricted-key')],
}

function judgementOf(verdict: Verdict): Judgement {
  const judgement = { verdict, findings: FINDINGS[verdict] ?? [], notes: [] }
  if (verdict !== 'exempt') return judgement
  const exemption = {
    rules: ['unrestricted-key', 'standard-key'] as const,
    until: day('2026-12-31'),
    reason: 'vendor SDK',
    approvedBy: 'ciso@example.com',
  }
  return { ...judgement, exemption }
}

function judgedOf(sketch: Sketch, index: number): JudgedKey {
  const { verdict, project = 'acme-web', calls, isStopped, key, alsoReaches, replacement } = sketch
  const facts = {
    ...(key && { key }),
    project: { ...PROJECT, id: project },
    ...(verdict === 'unknown' ? { type: 'unknown' as const } : {}),
    ...(calls === undefined ? {} : { usage: usageOf(...calls) }),
    ...(isStopped ? { usage: STOPPED } : {}),
    ...(alsoReaches && { alsoReaches }),
    ...(replacement && { replacement }),
  }
  return sketched(sketch, `key-${String(index).padStart(6, '0')}`, facts, judgementOf(verdict))
}

function usageOf(accepted: number, refused: number): KeyFacts['usage'] {
  return {
    since: day('2026-10-12'),
    gemini: { accepted, refused, failed: 0, failedCodes: {} },
    services: accepted + refused === 0 ? [] : ['generativelanguage.googleapis.com'],
    daily: accepted + refused === 0 ? [] : [callsOn('2026-11-22', { accepted, refused })],
  }
}

const STOPPED: KeyFacts['usage'] = {
  since: day('2026-10-12'),
  gemini: { accepted: 10_000, refused: 5_000, failed: 0, failedCodes: {} },
  services: ['generativelanguage.googleapis.com'],
  daily: Array.from({ length: 15 }, (_none, index) =>
    callsOn(addDays(day('2026-11-08'), index), index < 10 ? { accepted: 1_000 } : { refused: 1_000 }),
  ),
}

/** An auth key to which the calls of `STOPPED` went, or which nobody knows the calls of. */
export function replacedBy(displayName: string, auth?: number): Replacement {
  const calls = Array.from({ length: 15 }, (_none, index) => ({
    day: addDays(day('2026-11-08'), index),
    standard: index < 10 ? 1_000 : 0,
    ...(auth !== undefined && { auth: index < 9 ? 0 : auth }),
  }))
  const key = `projects/123/locations/global/keys/${displayName.length}`
  return { key, displayName, because: `It is an example of ${displayName}.`, guess: true, calls }
}

/** What a report of these keys is made of. */
export function sceneOf(
  sketches: readonly Sketch[],
  gaps: readonly GapInWords[] = [],
  change: Partial<RunFacts> = {},
): ReportFacts {
  const keys = sketches.map(judgedOf)
  const records = keys.map((key, index) => keyRecord(key, RUN, sketches[index]?.history))
  const affected = records.filter(({ verdict }) => AFFECTED_VERDICTS.includes(verdict))
  return {
    run: runOf(keys, gaps, change),
    affected: affectedOf(affected),
    affectedKeys: affected.sort(byUrgency),
    gaps: gathered(gaps).records(RUN),
    policy: NO_POLICY,
    keys: records,
  }
}

/** One run a day up to the scene's, with a third of the runs' keys gone in the end. */
export function runsOf(count: number): readonly CountedRun[] {
  return Array.from({ length: count }, (_, index) => ({
    day: addDays(RUN.asOf, index + 1 - count),
    complete: index !== 1,
    strictest: { 'dormant-key': 2, 'unrestricted-key': 30 - index, 'standard-key': 40 + 2 * index },
  }))
}

export const HISTORY: KeyHistory = {
  change: 'worse',
  changeCause: 'calendar',
  previousVerdict: 'due',
  firstSeen: instant('2026-05-01T07:00:00Z'),
  overdueSince: day('2026-06-19'),
}

export async function reportText(facts: ReportFacts): Promise<string> {
  let text = ''
  for await (const piece of htmlReport(facts)) text += piece
  return text
}

/** The records in the page: the run record, then those of the keys in its table. */
export function dataIn(html: string): readonly (JudgedRunRecord | KeyRecord)[] {
  return [...html.matchAll(/<script type="application\/gzip" class="data">([^<]*)<\/script>/g)].flatMap(
    ([, data = '']) =>
      gunzipSync(Buffer.from(data, 'base64'))
        .toString()
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line)),
  )
}

export function keysIn(html: string): readonly KeyRecord[] {
  return dataIn(html).filter((record) => record.record === 'key')
}

/** The same kinds of keys again and again, in thousands of projects. */
export function manyKeys(count: number): readonly Sketch[] {
  const verdicts = ['overdue', 'due', 'unknown', 'exempt', 'latent'] as const
  return Array.from({ length: count }, (_, index) => ({
    name: `Key ${index}`,
    verdict: verdicts[index % verdicts.length] ?? 'due',
    project: `project-${index % 2_000}`,
    owner: `team-${index % 40}`,
    calls: [index % 977, index % 3] as const,
  }))
}
