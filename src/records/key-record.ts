import type { KeyAccount } from '../account.js'
import type {
  Action,
  AlsoReaches,
  ApiRestriction,
  ClientRestriction,
  Day,
  Evidence,
  GeminiAccess,
  Instant,
  Key,
  KeyFacts,
  KeyType,
  Project,
  Replacement,
  Restrictions,
  Run,
  Verdict,
} from '../model.js'
import { allowedClientsOf } from '../policy/clients.js'
import type { Finding, HoldingExemption, JudgedKey, Note, Step } from '../policy/judgement-types.js'
import { RULE_TABLE } from '../policy/rules.js'
import type { Traffic } from '../policy/traffic-classes.js'
import { truncatedToEntry } from './fit.js'
import { headOf, type RecordHead } from './head.js'
import {
  controlsOf,
  type RecordedControl,
  type RecordedHygiene,
  recordedHygiene,
} from './recorded-hygiene.js'
import { type RecordedUsage, recordedUsage } from './recorded-usage.js'

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

export interface RecordedFinding extends Finding {
  /** Controls of standards whose text fits the rule, see docs/verdicts.md; absent in records of earlier versions. */
  readonly controls?: readonly RecordedControl[]
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
  /**
   * Of a key without API restriction that can call the Gemini API or may: which other services are enabled in its
   * project, which it may call as well where they take API keys.
   */
  readonly alsoReaches?: AlsoReaches
  /** Of an auth key that is not deleted: the service account as which it acts, and how far that reaches. */
  readonly account?: KeyAccount
  /** The traffic of the key, or why it is not known. */
  readonly usage: RecordedUsage
  /** Of a standard key: the auth key of its project that probably replaces it, a guess; see docs/verdicts.md. */
  readonly replacement?: Replacement
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
  /**
   * What else is to be looked at, of a key of which no deadline asks anything, see docs/verdicts.md; absent where there
   * is nothing.
   */
  readonly hygiene?: readonly RecordedHygiene[]
}

/** What the recorded traffic of a key shows, in one word. */
export function trafficIn({ usage }: Pick<KeyRecord, 'usage'>): Traffic {
  return 'unknown' in usage ? 'unknown' : usage.traffic
}

/** The compliance record of one key: what was seen, from where, what follows, and what to do about it. */
export function keyRecord(judged: JudgedKey, run: Run, history: KeyHistory = {}): KeyRecord {
  const { facts, judgement, owner, impact, remedy } = judged
  const { verdict, ifStandard, findings, notes, exemption } = judgement
  const { schema, record, audit, run: time, reading, asOf, asOfOverridden } = headOf('key', run)
  // Written out, since Node 20 takes a hundred times as long for an object that begins with a spread.
  return truncatedToEntry({
    schema,
    record,
    audit,
    run: time,
    reading,
    asOf,
    ...(asOfOverridden && { asOfOverridden }),
    key: recordedKey(facts, owner),
    evidence: facts.evidence,
    geminiAccess: facts.geminiAccess,
    ...(facts.alsoReaches && { alsoReaches: facts.alsoReaches }),
    ...(facts.account && { account: facts.account }),
    usage: recordedUsage(facts),
    ...(facts.replacement && { replacement: facts.replacement }),
    dormant: facts.dormant,
    verdict,
    ...(ifStandard && { ifStandard }),
    findings: findings.map((finding) => ({ ...finding, controls: controlsOf(RULE_TABLE[finding.rule]) })),
    notes,
    ...(exemption && { exemption }),
    impact,
    remedy,
    ...recordedHygiene(judged),
    ...history,
  })
}

function recordedKey(facts: KeyFacts, owner: string | undefined): RecordedKey {
  const { key, project, ageDays } = facts
  const { name, uid, displayName, createTime, updateTime, deleteTime, restrictions } = key
  return {
    name,
    uid,
    ...(displayName !== '' && { displayName }),
    project: recordedProject(project, owner),
    ...(createTime && { createTime }),
    ...(ageDays !== undefined && { ageDays }),
    ...(updateTime && { updateTime }),
    ...(deleteTime && { deleteTime }),
    type: facts.type,
    ...serviceAccountOf(key),
    apiRestriction: facts.apiRestriction,
    apiTargets: restrictions.apiTargets.map(({ methods, service }) =>
      methods.length === 0 ? { service } : { service, methods },
    ),
    clientRestriction: facts.clientRestriction,
    ...recordedClients(restrictions),
  }
}

/** Clients of a key that its record names. */
const MOST_CLIENTS = 100

function recordedClients(
  restrictions: Restrictions,
): Pick<RecordedKey, 'allowedClients' | 'allowedClientCount'> {
  const { values } = allowedClientsOf(restrictions)
  const { clientCount = values.length } = restrictions
  if (clientCount <= MOST_CLIENTS) return values.length === 0 ? {} : { allowedClients: values }
  return { allowedClients: values.slice(0, MOST_CLIENTS), allowedClientCount: clientCount }
}

/** On auth keys only: blanks name no account. */
function serviceAccountOf({ serviceAccountEmail: email }: Key): Pick<RecordedKey, 'serviceAccountEmail'> {
  return email === undefined || email.trim() === '' ? {} : { serviceAccountEmail: email }
}

function recordedProject({ number, id, ancestors }: Project, owner: string | undefined): RecordedProject {
  return { number, id, ...(owner !== undefined && { owner }), ancestors }
}
