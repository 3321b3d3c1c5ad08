import type {
  Action,
  ApiRestriction,
  ClientRestriction,
  Day,
  DeadlineStatus,
  Evidence,
  GeminiAccess,
  GeminiCalls,
  Instant,
  Key,
  KeyFacts,
  KeyType,
  Note,
  Project,
  Restrictions,
  Run,
  Step,
  Verdict,
} from '../model.js'
import type { Possibility } from '../policy/answers.js'
import { allowedClientsOf } from '../policy/clients.js'
import type { Finding, HoldingExemption, JudgedKey } from '../policy/judgement.js'
import type { Rule } from '../policy/rules.js'
import { mayMean, trafficFacts } from '../policy/traffic.js'
import type { LatelyCalls, PartlyFailing, Traffic } from '../policy/traffic-classes.js'
import { truncatedToEntry } from './fit.js'
import { headOf, type RecordHead } from './head.js'

export interface RecordedTarget {
  /** The service name as Google has it, not lower-cased. */
  readonly service: string
  /** Present where the target names methods. */
  readonly methods?: readonly string[]
}

export interface RecordedProject {
  /** The project number, as digits. */
  readonly number: string
  /** The project ID; the number again where the ID is not known. */
  readonly id: string
  /** Who owns the project by the labels and folders that the policy names; absent where nothing says. */
  readonly owner?: string
  /** Nearest first. */
  readonly ancestors: readonly string[]
}

export interface RecordedKey {
  /** `projects/NUMBER/locations/global/keys/ID`. */
  readonly name: string
  /**
   * Google's own identifier, by which Cloud Monitoring knows the key; it may differ from the ID in the name.
   */
  readonly uid: string
  /** Absent where the key has none. */
  readonly displayName?: string
  /** The project that holds the key. */
  readonly project: RecordedProject
  /** When the key was made. */
  readonly createTime?: Instant
  /** Calendar days from then to `asOf`, in the zone of the audit. */
  readonly ageDays?: number
  /** When the key was changed last. */
  readonly updateTime?: Instant
  /** When the key was deleted; it can be restored for 30 days. */
  readonly deleteTime?: Instant
  /** `auth`: bound to a service account; `standard`: seen without one by `keys.list`; `unknown`: not read. */
  readonly type: KeyType
  /** On auth keys: the service account that the key is bound to. */
  readonly serviceAccountEmail?: string
  /**
   * Which APIs the key may call, as far as the Gemini API is concerned; a target for all of Google's APIs is
   * no restriction.
   */
  readonly apiRestriction: ApiRestriction
  /** The APIs that the key is restricted to, as they stand; empty where it may call any. */
  readonly apiTargets: readonly RecordedTarget[]
  /**
   * Which clients may use the key; `none` as well where its list of clients lets everybody in. It never counts
   * as an API restriction.
   */
  readonly clientRestriction: ClientRestriction
  /**
   * The clients that the key names, at most 100: referrers, addresses, bundle IDs, or Android applications as
   * their package and the fingerprint of their certificate. Absent where it names none.
   */
  readonly allowedClients?: readonly string[]
  /** How many clients the key names, where they are more than 100. */
  readonly allowedClientCount?: number
}

export interface RecordedCalls {
  /** Calls of the Gemini API that were answered with 2xx or 3xx. */
  readonly accepted: number
  /** Calls of the Gemini API that were refused: 401 or 403. */
  readonly refused: number
  /** Calls of the Gemini API that failed otherwise: quota, credit, bad requests, server errors. */
  readonly failed: number
  /** Failed calls by HTTP response code, when there are any. */
  readonly failedCodes?: Readonly<Record<string, number>>
  /** Accepted calls of the last 7 days. */
  readonly acceptedLately: number
  /** The last day with accepted calls in the window, in UTC. */
  readonly lastAccepted?: Day
  /** The last day with refused calls in the window, in UTC. */
  readonly lastRefused?: Day
  /** The last day with accepted calls that any run of this audit saw. */
  readonly lastAcceptedSeen?: Day
}

/** Traffic in the window that begins with `since`, or why it is not known. */
export type RecordedUsage =
  | {
      /** Why the traffic is not known: it is then never zero. */
      readonly unknown: string
      /** The last day with accepted calls that any run of this audit saw. */
      readonly lastAcceptedSeen?: Day
    }
  | {
      /** The first day of the window, in UTC. */
      readonly since: Day
      /** What follows from the calls, in one word. */
      readonly traffic: Traffic
      /** The calls of the Gemini API in the last 7 days; absent in records of earlier versions. */
      readonly lately?: LatelyCalls
      /** Of a key that stopped working: the first day on which nothing worked, in UTC. */
      readonly stoppedOn?: Day
      /** Of a key that stopped working: the accepted calls of the 7 days that ended with the last accepted one. */
      readonly lostWeekly?: number
      /** Of a key that works, while more of its calls of the last 7 days were refused or failed than accepted. */
      readonly partlyFailing?: PartlyFailing
      /** What the calls that do not work may mean, the likeliest first; absent where they do work. */
      readonly mayMean?: readonly Possibility[]
      /** The calls of the Gemini API in the window. */
      readonly gemini: RecordedCalls
      /** Every service that any request of the key reached in the window, whatever the answer. */
      readonly services: readonly string[]
      /** The last day with a request of any service and any answer, when there is one. */
      readonly lastRequest?: Day
    }

export interface RecordedFinding {
  /** The rule that applies to the key. */
  readonly rule: Rule
  /** The day from which the finding is overdue. */
  readonly deadline: Day
  /** What Google has made of the deadline: carried out, or announced and not seen in force. */
  readonly status: DeadlineStatus
  /** Calendar days from `asOf` to the deadline; negative once it has passed. */
  readonly daysLeft: number
  /** `due` while days are left, `overdue` from the deadline day on. */
  readonly state: 'due' | 'overdue'
  /** One sentence: which facts make the rule apply. */
  readonly because: string
}

export const CHANGES = ['new', 'worse', 'better', 'same', 'lost', 'found', 'gone'] as const
export type Change = (typeof CHANGES)[number]

export const CHANGE_CAUSES = ['key', 'project', 'calendar', 'policy', 'coverage'] as const
export type ChangeCause = (typeof CHANGE_CAUSES)[number]

/** What earlier runs say of a key; all absent while nothing was remembered. */
export interface KeyHistory {
  /**
   * Against the newest earlier run, along the order overdue, due, exempt, latent, and the rest; into unknown
   * is `lost`, out of it `found`.
   */
  readonly change?: Change
  /** What changed: the key, its project, the day, the policy, or what could be read. */
  readonly changeCause?: ChangeCause
  /** The last known verdict of earlier runs, where it changed. */
  readonly previousVerdict?: Verdict
  /** The first run that saw the key. */
  readonly firstSeen?: Instant
  /** The day of the first run of an unbroken row that judged the key overdue. */
  readonly overdueSince?: Day
  /** What the traffic showed when it was last known, where that was something else. */
  readonly previousTraffic?: Traffic
}

export interface KeyRecord extends RecordHead<'key'>, KeyHistory {
  /** The key as Google shows it, without its string, which is never read. */
  readonly key: RecordedKey
  /** Where each fact comes from, and when it was read. */
  readonly evidence: Evidence
  /**
   * `yes`: the Gemini API is enabled and the key may call it; `latent`: it may, and the API is off; `no`: its
   * restriction leaves the API out; `unknown`: not read.
   */
  readonly geminiAccess: GeminiAccess
  /** The traffic of the key, or why it is not known. */
  readonly usage: RecordedUsage
  /**
   * No request of any service in the policy's `dormant-days`, by a key at least as old; always `unknown` for
   * auth keys.
   */
  readonly dormant: boolean | 'unknown'
  /** The first that fits, see docs/verdicts.md. */
  readonly verdict: Verdict
  /**
   * Of a key that is `unknown` for nothing but its type: the verdict that it would have as a standard key.
   */
  readonly ifStandard?: Verdict
  /** One for each rule that applies, exempt ones included. */
  readonly findings: readonly RecordedFinding[]
  /** What else is worth knowing of the key. */
  readonly notes: readonly Note[]
  /** The exemption that holds for the key, where one does. */
  readonly exemption?: HoldingExemption
  /** One sentence for the key's owner: what stops, since when or when, and what does not. */
  readonly impact: string
  /** What is to be done. */
  readonly remedy: {
    /** What is to be done, in one word. */
    readonly action: Action
    /** How, step by step; empty where nothing is to be done. */
    readonly steps: readonly Step[]
  }
}

/** What the recorded traffic of a key shows, in one word. */
export function trafficIn({ usage }: Pick<KeyRecord, 'usage'>): Traffic {
  return 'unknown' in usage ? 'unknown' : usage.traffic
}

/**
 * The compliance record of one key: what was seen, from where, what follows, and what to do about it. Names
 * stand in canonical order, here and in what it is made of: its canonical form is written the faster for it.
 */
export function keyRecord(judged: JudgedKey, run: Run, history: KeyHistory = {}): KeyRecord {
  const { facts, judgement, owner, impact, remedy } = judged
  const { asOf, asOfOverridden, audit, reading, record, run: time, schema } = headOf('key', run)
  const { change, changeCause, firstSeen, overdueSince, previousTraffic, previousVerdict } = history
  return truncatedToEntry({
    asOf,
    ...(asOfOverridden && { asOfOverridden }),
    audit,
    ...(change && { change }),
    ...(changeCause && { changeCause }),
    dormant: facts.dormant,
    evidence: facts.evidence,
    ...(judgement.exemption && { exemption: judgement.exemption }),
    findings: judgement.findings.map(recordedFinding),
    ...(firstSeen && { firstSeen }),
    geminiAccess: facts.geminiAccess,
    ...(judgement.ifStandard && { ifStandard: judgement.ifStandard }),
    impact,
    key: recordedKey(facts, owner),
    notes: judgement.notes,
    ...(overdueSince && { overdueSince }),
    ...(previousTraffic && { previousTraffic }),
    ...(previousVerdict && { previousVerdict }),
    reading,
    record,
    remedy: { action: remedy.action, steps: remedy.steps.map(recordedStep) },
    run: time,
    schema,
    usage: recordedUsage(facts),
    verdict: judgement.verdict,
  })
}

function recordedKey(facts: KeyFacts, owner: string | undefined): RecordedKey {
  const { key, project } = facts
  const { createTime, deleteTime, displayName, updateTime } = key
  return {
    ...(facts.ageDays !== undefined && { ageDays: facts.ageDays }),
    ...recordedClients(key.restrictions),
    apiRestriction: facts.apiRestriction,
    apiTargets: key.restrictions.apiTargets.map(({ methods, service }) =>
      methods.length === 0 ? { service } : { methods, service },
    ),
    clientRestriction: facts.clientRestriction,
    ...(createTime && { createTime }),
    ...(deleteTime && { deleteTime }),
    ...(displayName !== '' && { displayName }),
    name: key.name,
    project: recordedProject(project, owner),
    ...serviceAccountOf(key),
    type: facts.type,
    uid: key.uid,
    ...(updateTime && { updateTime }),
  }
}

/** Clients of a key that its record names. */
const MOST_CLIENTS = 100

function recordedClients(
  restrictions: Restrictions,
): Pick<RecordedKey, 'allowedClients' | 'allowedClientCount'> {
  const { values } = allowedClientsOf(restrictions)
  if (values.length <= MOST_CLIENTS) return values.length === 0 ? {} : { allowedClients: values }
  return { allowedClientCount: values.length, allowedClients: values.slice(0, MOST_CLIENTS) }
}

/** On auth keys only: blanks name no account. */
function serviceAccountOf({ serviceAccountEmail: email }: Key): Pick<RecordedKey, 'serviceAccountEmail'> {
  return email === undefined || email.trim() === '' ? {} : { serviceAccountEmail: email }
}

function recordedProject({ ancestors, id, number }: Project, owner: string | undefined): RecordedProject {
  return owner === undefined ? { ancestors, id, number } : { ancestors, id, number, owner }
}

function recordedUsage({ usage, evidence, type }: KeyFacts): RecordedUsage {
  if ('unknown' in usage) return { unknown: usage.unknown }
  const { lastRequest, services, since } = usage
  const { lately, lostWeekly, partlyFailing, stoppedOn, traffic } = trafficFacts({ usage, evidence })
  const meanings = mayMean({ usage, evidence, type })
  return {
    gemini: recordedCalls(usage.gemini, lately.accepted),
    ...(lastRequest && { lastRequest }),
    lately: {
      accepted: lately.accepted,
      codes: lately.codes,
      failed: lately.failed,
      refused: lately.refused,
    },
    ...(lostWeekly !== undefined && { lostWeekly }),
    ...(meanings.length > 0 && { mayMean: meanings.map(recordedPossibility) }),
    ...(partlyFailing && { partlyFailing: recordedPartlyFailing(partlyFailing) }),
    services,
    since,
    ...(stoppedOn && { stoppedOn }),
    traffic,
  }
}

function recordedPossibility({ code, look, say, url }: Possibility): Possibility {
  return { code, look, say, ...(url !== undefined && { url }) }
}

function recordedPartlyFailing({ accepted, calls, since }: PartlyFailing): PartlyFailing {
  return { accepted, calls, ...(since && { since }) }
}

function recordedCalls(calls: GeminiCalls, lately: number): RecordedCalls {
  const { accepted, failed, failedCodes, lastAccepted, lastRefused, refused } = calls
  return {
    accepted,
    acceptedLately: lately,
    failed,
    ...(failed !== 0 && { failedCodes }),
    ...(lastAccepted && { lastAccepted }),
    ...(lastRefused && { lastRefused }),
    refused,
  }
}

function recordedFinding({ because, daysLeft, deadline, rule, state, status }: Finding): RecordedFinding {
  return { because, daysLeft, deadline, rule, state, status }
}

function recordedStep({ command, say, url }: Step): Step {
  return { ...(command !== undefined && { command }), say, ...(url !== undefined && { url }) }
}
