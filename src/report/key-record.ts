import type {
  Action,
  ApiRestriction,
  ClientRestriction,
  Day,
  DeadlineStatus,
  Evidence,
  Finding,
  GeminiAccess,
  GeminiCalls,
  HoldingExemption,
  Instant,
  JudgedKey,
  Key,
  KeyFacts,
  KeyType,
  Note,
  Project,
  Rule,
  Run,
  Step,
  Traffic,
  Verdict,
} from '../model.js'
import { acceptedLately, trafficOf } from '../policy/traffic.js'
import { fitted } from './fit.js'
import { headOf, type RecordHead } from './head.js'

export interface RecordedTarget {
  readonly service: string
  readonly methods?: readonly string[]
}

export interface RecordedProject {
  readonly number: string
  readonly id: string
  readonly owner?: string
  /** Nearest first. */
  readonly ancestors: readonly string[]
}

export interface RecordedKey {
  readonly name: string
  readonly uid: string
  /** Absent where the key has none. */
  readonly displayName?: string
  readonly project: RecordedProject
  readonly createTime?: Instant
  readonly updateTime?: Instant
  readonly deleteTime?: Instant
  readonly type: KeyType
  readonly serviceAccountEmail?: string
  readonly apiRestriction: ApiRestriction
  readonly apiTargets: readonly RecordedTarget[]
  readonly clientRestriction: ClientRestriction
}

export interface RecordedCalls {
  readonly accepted: number
  readonly refused: number
  readonly failed: number
  /** Failed calls by HTTP response code, when there are any. */
  readonly failedCodes?: Readonly<Record<string, number>>
  /** Accepted calls of the last 7 days. */
  readonly acceptedLately: number
  readonly lastAccepted?: Day
  readonly lastRefused?: Day
  /** The last day with accepted calls that any run of this audit saw. */
  readonly lastAcceptedSeen?: Day
}

/** Traffic in the window that begins with `since`, or why it is not known. */
export type RecordedUsage =
  | { readonly unknown: string; readonly lastAcceptedSeen?: Day }
  | {
      readonly since: Day
      /** What follows from the calls, in one word. */
      readonly traffic: Traffic
      readonly gemini: RecordedCalls
      readonly services: readonly string[]
      /** The last day with a request of any service and any answer, when there is one. */
      readonly lastRequest?: Day
    }

export interface RecordedFinding {
  readonly rule: Rule
  readonly deadline: Day
  readonly status: DeadlineStatus
  readonly daysLeft: number
  readonly state: 'due' | 'overdue'
  readonly because: string
}

export const CHANGES = ['new', 'worse', 'better', 'same', 'lost', 'found', 'gone'] as const
export type Change = (typeof CHANGES)[number]

export const CHANGE_CAUSES = ['key', 'project', 'calendar', 'policy', 'coverage'] as const
export type ChangeCause = (typeof CHANGE_CAUSES)[number]

/** What earlier runs say of a key; all absent while nothing was remembered. */
export interface KeyHistory {
  readonly change?: Change
  readonly changeCause?: ChangeCause
  readonly previousVerdict?: Verdict
  readonly firstSeen?: Instant
  readonly overdueSince?: Day
  /** What the traffic showed when it was last known, where that was something else. */
  readonly previousTraffic?: Traffic
}

export interface KeyRecord extends RecordHead<'key'>, KeyHistory {
  readonly key: RecordedKey
  readonly evidence: Evidence
  readonly geminiAccess: GeminiAccess
  readonly usage: RecordedUsage
  readonly dormant: boolean | 'unknown'
  readonly verdict: Verdict
  readonly findings: readonly RecordedFinding[]
  readonly notes: readonly Note[]
  readonly exemption?: HoldingExemption
  readonly impact: string
  readonly remedy: { readonly action: Action; readonly steps: readonly Step[] }
}

/** What the recorded traffic of a key shows, in one word. */
export function trafficIn({ usage }: Pick<KeyRecord, 'usage'>): Traffic {
  return 'unknown' in usage ? 'unknown' : usage.traffic
}

/** The compliance record of one key: what was seen, from where, what follows, and what to do about it. */
export function keyRecord(judged: JudgedKey, run: Run, history: KeyHistory = {}): KeyRecord {
  const { facts, judgement, owner, impact, remedy } = judged
  return fitted({
    ...headOf('key', run),
    key: recordedKey(facts, owner),
    evidence: facts.evidence,
    geminiAccess: facts.geminiAccess,
    usage: recordedUsage(facts),
    dormant: facts.dormant,
    verdict: judgement.verdict,
    findings: judgement.findings.map(recordedFinding),
    notes: judgement.notes,
    ...(judgement.exemption === undefined ? {} : { exemption: judgement.exemption }),
    ...history,
    impact,
    remedy,
  })
}

function recordedKey(facts: KeyFacts, owner: string | undefined): RecordedKey {
  const { key, project } = facts
  return {
    name: key.name,
    uid: key.uid,
    ...(key.displayName === '' ? {} : { displayName: key.displayName }),
    project: recordedProject(project, owner),
    ...timesOf(key),
    type: facts.type,
    ...serviceAccountOf(key),
    apiRestriction: facts.apiRestriction,
    apiTargets: key.restrictions.apiTargets.map(({ service, methods }) =>
      methods.length === 0 ? { service } : { service, methods },
    ),
    clientRestriction: facts.clientRestriction,
  }
}

/** On auth keys only: blanks name no account. */
function serviceAccountOf({ serviceAccountEmail: email }: Key): Pick<RecordedKey, 'serviceAccountEmail'> {
  return email === undefined || email.trim() === '' ? {} : { serviceAccountEmail: email }
}

function recordedProject(project: Project, owner: string | undefined): RecordedProject {
  return {
    number: project.number,
    id: project.id,
    ...(owner === undefined ? {} : { owner }),
    ancestors: project.ancestors,
  }
}

function timesOf(key: Key): Pick<RecordedKey, 'createTime' | 'updateTime' | 'deleteTime'> {
  return {
    ...(key.createTime === undefined ? {} : { createTime: key.createTime }),
    ...(key.updateTime === undefined ? {} : { updateTime: key.updateTime }),
    ...(key.deleteTime === undefined ? {} : { deleteTime: key.deleteTime }),
  }
}

function recordedUsage({ usage, evidence }: KeyFacts): RecordedUsage {
  if ('unknown' in usage) return { unknown: usage.unknown }
  return {
    since: usage.since,
    traffic: trafficOf({ usage, evidence }),
    gemini: recordedCalls(usage.gemini, acceptedLately({ usage, evidence })),
    services: usage.services,
    ...(usage.lastRequest === undefined ? {} : { lastRequest: usage.lastRequest }),
  }
}

function recordedCalls(calls: GeminiCalls, lately: number): RecordedCalls {
  return {
    accepted: calls.accepted,
    refused: calls.refused,
    failed: calls.failed,
    ...(calls.failed === 0 ? {} : { failedCodes: calls.failedCodes }),
    acceptedLately: lately,
    ...(calls.lastAccepted === undefined ? {} : { lastAccepted: calls.lastAccepted }),
    ...(calls.lastRefused === undefined ? {} : { lastRefused: calls.lastRefused }),
  }
}

function recordedFinding(finding: Finding): RecordedFinding {
  const { rule, deadline, status, daysLeft, state, because } = finding
  return { rule, deadline, status, daysLeft, state, because }
}
