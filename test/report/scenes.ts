import { addDays } from '../../src/calendar.js'
import {
  AFFECTED_VERDICTS,
  type Day,
  type Key,
  type KeyFacts,
  type KnownUsage,
  type Run,
  type Usage,
} from '../../src/model.js'
import type { JudgedKey, Judgement } from '../../src/policy/judgement-types.js'
import type { Rule } from '../../src/policy/rules.js'
import { type KeyHistory, type KeyRecord, keyRecord } from '../../src/records/key-record.js'
import type { RunPolicy } from '../../src/records/run-policy.js'
import type { Changes, RunFacts } from '../../src/records/run-record.js'
import type { DigestFacts } from '../../src/report/digest/digest-facts.js'
import { affectedOf } from '../affected.js'
import type { GapInWords } from '../gaps.js'
import { callsOn as callsOfDay } from '../policy/keys.js'
import {
  day,
  FACTS,
  finding,
  gathered,
  instant,
  judged,
  KEY,
  NO_POLICY,
  PROJECT,
  RUN,
  runOf,
} from './samples.js'

/** A key in few words: all that scenes of digests and of reports share. */
export interface KeySketch {
  readonly name: string
  readonly project?: string
  /** Empty for nobody. */
  readonly owner?: string
  readonly history?: KeyHistory
}

/** A key of a day. */
export interface DayKey extends KeySketch {
  /** Its strictest rule, or what else its verdict is. */
  readonly is:
    | 'dormant'
    | 'unrestricted'
    | 'restricted'
    | 'due'
    | 'unknown'
    | 'exempt'
    | 'compliant'
    | 'not-affected'
  readonly traffic?: Usage
}

/** A day of an organization: its keys, what could not be read, and what happened since the day before. */
export interface Scene {
  readonly keys?: readonly DayKey[]
  readonly gaps?: readonly GapInWords[]
  readonly changes?: Partial<Changes>
  readonly on?: string
  readonly change?: Partial<RunFacts>
  readonly policy?: Partial<RunPolicy>
  readonly facts?: Partial<DigestFacts>
}

const GEMINI = 'generativelanguage.googleapis.com'
const SINCE = day('2026-10-12')

export const UNREAD: Usage = { unknown: 'it could not be read' }
export const NO_CALLS: Usage = usage([])

/** Calls a day that were accepted until a day, both included, and refused or failed from the next one on. */
export function calls(perDay: number, until = '2026-11-22', then: 'refused' | 'failed' = 'refused'): Usage {
  const daily: KnownUsage['daily'][number][] = []
  for (let on = SINCE; on <= day('2026-11-22'); on = addDays(on, 1)) {
    const works = on <= day(until)
    const answers = callsOfDay(on, {
      accepted: works ? perDay : 0,
      refused: !works && then === 'refused' ? perDay : 0,
      failed: !works && then === 'failed' ? perDay : 0,
    })
    // Credit that ran out, not a quota.
    daily.push(answers.failed === 0 ? answers : { ...answers, codes: { 402: answers.failed } })
  }
  return usage(daily)
}

/** Calls of one day. */
export function callsOn(on: string, accepted: number, refused = 0): Usage {
  return usage([callsOfDay(on, { accepted, refused })])
}

function usage(daily: KnownUsage['daily']): KnownUsage {
  const sum = (answer: 'accepted' | 'refused' | 'failed') =>
    daily.reduce((total, calls) => total + calls[answer], 0)
  const last = (answer: 'accepted' | 'refused' | 'failed') =>
    daily.findLast((calls) => calls[answer] > 0)?.day
  const failed = sum('failed')
  return {
    since: SINCE,
    gemini: {
      accepted: sum('accepted'),
      refused: sum('refused'),
      failed,
      failedCodes: failed === 0 ? {} : { 402: failed },
      ...lastDay('lastAccepted', last('accepted')),
      ...lastDay('lastRefused', last('refused')),
    },
    services: daily.length === 0 ? [] : [GEMINI],
    daily,
  }
}

function lastDay(name: 'lastAccepted' | 'lastRefused', on: Day | undefined) {
  return on === undefined ? {} : { [name]: on }
}

const RULES_OF: Readonly<Partial<Record<DayKey['is'], readonly Rule[]>>> = {
  dormant: ['dormant-key', 'unrestricted-key', 'standard-key'],
  unrestricted: ['unrestricted-key', 'standard-key'],
  restricted: ['standard-key'],
  exempt: ['standard-key'],
}

function judgementOf({ is }: DayKey): Judgement {
  const findings = (RULES_OF[is] ?? []).map((rule) => finding(rule))
  if (is === 'due') {
    const due = finding('standard-key', { state: 'due', daysLeft: 128, deadline: day('2027-03-31') })
    return { verdict: 'due', findings: [due], notes: [] }
  }
  if (is === 'dormant' || is === 'unrestricted' || is === 'restricted') {
    return { verdict: 'overdue', findings, notes: [] }
  }
  return { verdict: is, findings, notes: [] }
}

/** The judged key of a sketch, with an ID of its own. */
export function sketched(
  { name, owner = 'payments' }: KeySketch,
  id: string,
  facts: Partial<Omit<KeyFacts, 'key'>> & { readonly key?: Partial<Key> },
  judgement: Judgement,
): JudgedKey {
  const key = {
    ...KEY,
    uid: `uid-${id}`,
    name: `projects/123/locations/global/keys/${id}`,
    displayName: name,
    ...facts.key,
  }
  const { owner: _owner, ...ownerless } = judged({ facts: { ...FACTS, ...facts, key }, judgement })
  return owner === '' ? ownerless : { ...ownerless, owner }
}

function judgedOf(key: DayKey, index: number): JudgedKey {
  const project = key.project ?? 'acme-web'
  const isRestricted = key.is === 'restricted' || key.is === 'due'
  const facts: Partial<Omit<KeyFacts, 'key'>> = {
    project: { ...PROJECT, id: project, number: project },
    usage: key.traffic ?? NO_CALLS,
    apiRestriction: isRestricted ? 'gemini-only' : 'none',
    ...(key.is === 'unknown' ? { type: 'unknown' } : {}),
  }
  return sketched(key, `key-${String(index).padStart(4, '0')}`, facts, judgementOf(key))
}

export const QUIET: Changes = {
  since: instant('2026-11-25T07:00:00Z'),
  sinceDay: day('2026-11-25'),
  new: 0,
  worse: 0,
  better: 0,
  lost: 0,
  found: 0,
  gone: 0,
  fixed: 0,
}

/** What the digest of a day is made of, and its records. */
export function dayOf(scene: Scene): DigestFacts & { readonly records: readonly KeyRecord[] } {
  const { keys = [], gaps = [], changes, on = '2026-11-26', change = {}, policy = {}, facts = {} } = scene
  const run: Run = {
    ...RUN,
    asOf: day(on),
    time: instant(`${on}T07:00:00Z`),
    reading: instant(`${on}T07:00:03Z`),
  }
  const all = keys.map(judgedOf)
  const records = all.map((key, index) => keyRecord(key, run, keys[index]?.history))
  const gathering = gathered(gaps)
  return {
    run: runOf(all, gaps, {
      run,
      gaps: gathering,
      ...(changes && { changes: { ...QUIET, ...changes } }),
      ...change,
      policy: { ...runOf([]).policy, ...policy },
    }),
    affected: affectedOf(records.filter(({ verdict }) => AFFECTED_VERDICTS.includes(verdict))),
    gaps: gathering.records(run),
    policy: NO_POLICY,
    records,
    ...facts,
  }
}
