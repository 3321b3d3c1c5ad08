import { dayOf, daysBetween } from '../calendar.js'
import { type Knowledge, knowledgeOf } from '../memory/knowledge.js'
import type { KnownKeys } from '../memory/known-keys.js'
import { BitSet } from '../memory/known-keys.js'
import { type Day, GAP_KINDS, type Gap, type Instant, type KeyType, type Run } from '../model.js'
import { HYGIENE_RULES, HYGIENE_TABLE } from '../policy/hygiene.js'
import type { JudgedKey } from '../policy/judgement-types.js'
import type { Policy } from '../policy/policy.js'
import { trafficOf } from '../policy/traffic.js'
import { type GapRecord, unexpected } from '../records/gap-record.js'
import { type GoneRecord, goneRecord, identityOf } from '../records/gone-record.js'
import type { Counts } from '../records/key-counts.js'
import type { ChangeCause, KeyHistory, KeyRecord } from '../records/key-record.js'
import { type Changes, isQuiet, type JudgedRunRecord } from '../records/run-record.js'
import type { ProjectStatus } from '../records/tally.js'
import type { ChartRun } from '../records/trend.js'
import type { Backlog } from './backlog.js'
import { ChangeCounts } from './change-counts.js'
import { changeOf } from './changes.js'

/** The newest earlier run, as far as a later one needs it. */
export interface Baseline {
  readonly record: JudgedRunRecord
  /** SHA-256 of the canonical run record. */
  readonly sha256: string
  /** What was known of each key after it. */
  readonly knowledge: KnownKeys
  /** What it could not read. */
  readonly gaps?: readonly GapRecord[]
  /** Where the next reading begins. */
  readonly backlog?: Backlog
  /** The runs up to it, as charts show them. */
  readonly trend?: readonly ChartRun[]
}

/** How much of a run's projects was read, for the keys that it did not see. */
export interface Seen {
  /** Where a project of this run stands; undefined for one that it did not come upon. */
  readonly statusOf: (projectNumber: string) => ProjectStatus | undefined
  readonly gaps: readonly Gap[]
}

/** Why a key is gone. */
type Loss = Extract<ChangeCause, 'key' | 'project'>

/** Days for which a vanished key is remembered: a project that was shut down can be restored for 30. */
const REMEMBERED_GONE = 45

/** Compares the keys of a run, as they are judged, with what earlier runs knew. Without any, keys are first seen. */
export class Comparison {
  readonly #run: Run
  readonly #policy: Policy
  readonly #baseline: Baseline | undefined
  readonly #counts = new ChangeCounts()
  /** Which indexes of the baseline's knowledge this run has seen the key of. */
  readonly #seen: BitSet
  #concluded: Seen | undefined

  constructor(run: Run, policy: Policy, baseline: Baseline | undefined) {
    this.#run = run
    this.#policy = policy
    this.#baseline = baseline
    this.#seen = new BitSet(baseline?.knowledge.size ?? 0)
  }

  /** What earlier runs say of a key, and the change. */
  key(judged: JudgedKey): KeyHistory & { readonly lastAcceptedSeen?: Day } {
    const known = this.#see(identityOf(judged.facts.key))
    const change = this.#changeOf(judged, known)
    this.#counts.key(judged, change, known)
    const overdue = judged.judgement.verdict === 'overdue'
    return {
      ...change,
      firstSeen: known?.firstSeen ?? this.#run.time,
      ...(overdue ? { overdueSince: known?.overdueSince ?? this.#run.asOf } : {}),
      ...previousTraffic(judged, known),
      ...(known?.lastAcceptedSeen === undefined ? {} : { lastAcceptedSeen: known.lastAcceptedSeen }),
    }
  }

  /** The records of the keys that have vanished, one at a time. Walk it to its end once, after every key. */
  *conclude(seen: Seen): Generator<GoneRecord> {
    this.#concluded = seen
    for (const { known, cause } of this.#unseen(seen)) {
      if (cause === undefined) continue
      const record = this.#goneRecord(known, cause)
      this.#counts.gone(record)
      yield record
    }
  }

  /** The counts of changes; undefined where there was no run to compare with. */
  get changes(): Changes | undefined {
    return this.changesWith([])
  }

  /** The same with what is newly unread among the gaps of this run, and newly to be looked at by its counts. */
  changesWith(gaps: readonly GapRecord[], counts?: Counts): Changes | undefined {
    if (this.#baseline === undefined) return undefined
    const { record, gaps: before = [] } = this.#baseline
    const newGaps = countNewGaps(gaps, before)
    const changes = {
      ...this.#counts.since(record.run),
      sinceDay: record.asOf,
      ...(newGaps === 0 ? {} : { newGaps }),
      ...moreToLookAt(counts, record.counts),
    }
    return isQuiet(changes) ? { ...changes, quietSince: record.changes.quietSince ?? record.asOf } : changes
  }

  /** The runs before this one, as charts show them. */
  get trend(): readonly ChartRun[] {
    return this.#baseline?.trend ?? []
  }

  /** What is known of a key after this run. */
  knowledgeOf(record: KeyRecord): Knowledge {
    return knowledgeOf(record, this.#known(identityOf(record.key)))
  }

  /** What is known of keys that this run did not see, one at a time; none before `conclude`. */
  *carried(): Generator<Knowledge> {
    if (this.#concluded === undefined) return
    for (const { known, cause } of this.#unseen(this.#concluded)) {
      if (cause !== undefined) yield { ...known, goneSince: this.#run.time }
      else if (this.#isWorthKnowing(known)) yield known
    }
  }

  #known(identity: string): Knowledge | undefined {
    return this.#baseline?.knowledge.get(identity)
  }

  #see(identity: string): Knowledge | undefined {
    const index = this.#baseline?.knowledge.find(identity)
    if (index === undefined) return undefined
    this.#seen.add(index)
    return this.#baseline?.knowledge.at(index)
  }

  /** What was known of the keys that this run did not see, and why they are gone, where they are so now. */
  *#unseen(seen: Seen): Generator<{ readonly known: Knowledge; readonly cause: Loss | undefined }> {
    const knowledge = this.#baseline?.knowledge
    if (knowledge === undefined) return
    const unread = unreadSubjects(seen.gaps)
    for (let index = 0; index < knowledge.size; index += 1) {
      if (this.#seen.has(index)) continue
      const known = knowledge.at(index)
      const cause = known.goneSince === undefined ? this.#causeOfLoss(known, seen, unread) : undefined
      yield { known, cause }
    }
  }

  #changeOf(judged: JudgedKey, known: Knowledge | undefined): KeyHistory {
    if (this.#baseline === undefined) return {}
    const { record } = this.#baseline
    const { time, asOf } = this.#run
    return changeOf(judged, known, {
      run: time,
      asOf,
      policy: this.#policy,
      earlier: {
        run: record.run,
        reading: record.reading,
        deadlines: record.policy.deadlines,
        excluded: (record.policy.exclusions ?? []).map(({ subject }) => subject),
      },
    })
  }

  /** Why a key that was not seen is gone; undefined while it may well be there. */
  #causeOfLoss(
    { key: { name, project } }: Knowledge,
    { statusOf }: Seen,
    unread: ReadonlySet<string>,
  ): Loss | undefined {
    const subjects = [name, `projects/${project.number}`, `projects/${project.id}`, ...project.ancestors]
    if (subjects.some((subject) => unread.has(subject))) return undefined
    switch (statusOf(project.number)) {
      case 'audited':
        return 'key'
      case 'inactive':
        return 'project'
      case 'excluded':
        return undefined
      case undefined:
        return this.#hasSameScope() ? 'project' : undefined
    }
  }

  #hasSameScope(): boolean {
    const before = new Set(this.#baseline?.record.scope)
    return before.size === this.#run.scope.length && this.#run.scope.every((scope) => before.has(scope))
  }

  #isWorthKnowing({ goneSince }: Knowledge): boolean {
    return goneSince === undefined || daysSince(goneSince, this.#run.time) <= REMEMBERED_GONE
  }

  #goneRecord(known: Knowledge, changeCause: Loss): GoneRecord {
    const { key, verdict, firstSeen, lastSeen, overdueSince } = known
    return goneRecord(this.#run, {
      key,
      changeCause,
      previousVerdict: verdict,
      firstSeen,
      lastSeen,
      ...(overdueSince === undefined ? {} : { overdueSince }),
    })
  }
}

function previousTraffic(
  { facts }: JudgedKey,
  known: Knowledge | undefined,
): Pick<KeyHistory, 'previousTraffic'> {
  const now = trafficOf(facts)
  if (known?.traffic === undefined || now === 'unknown' || now === known.traffic) return {}
  return { previousTraffic: known.traffic }
}

/** A remembered type, and when it was read, for `InventoryOptions.rememberedType`. */
export function typeIn(
  baseline: Baseline | undefined,
  uid: string,
): { readonly type: KeyType; readonly readAt: Instant; readonly boundTo?: string } | undefined {
  const known = baseline?.knowledge.get(uid)
  if (known === undefined || known.key.type === 'unknown') return undefined
  const { boundTo, typeReadAt, lastSeen } = known
  return { type: known.key.type, readAt: typeReadAt ?? lastSeen, ...(boundTo !== undefined && { boundTo }) }
}

/** Whatever hides keys of which the rest of the run knows nothing. */
function unreadSubjects(gaps: readonly Gap[]): ReadonlySet<string> {
  const hiding = gaps.filter(({ missing }) => ['projects', 'keys', 'type'].includes(missing))
  return new Set(hiding.map(({ subject }) => subject))
}

function daysSince(from: Instant, to: Instant): number {
  return daysBetween(dayOf(from, 'UTC'), dayOf(to, 'UTC'))
}

/** How many subjects miss something now that they did not miss then; what the policy knows does not count. */
export function countNewGaps(now: readonly GapRecord[], before: readonly GapRecord[]): number {
  return GAP_KINDS.reduce((sum, kind) => {
    const [here, there] = [now, before].map((gaps) => subjectsOf(gaps.filter((gap) => gap.missing === kind)))
    if (here === undefined || there === undefined) return sum
    const added = [...here.named].filter((subject) => !there.named.has(subject)).length
    return sum + Math.max(0, added + here.unnamed - there.unnamed)
  }, 0)
}

/** Records name the first of very many subjects; the others can only be counted. */
function subjectsOf(gaps: readonly GapRecord[]): { named: ReadonlySet<string>; unnamed: number } {
  const found = unexpected(gaps)
  return {
    named: new Set(found.flatMap(({ subjects }) => subjects)),
    unnamed: found.reduce((sum, { subjects, subjectCount }) => sum + subjectCount - subjects.length, 0),
  }
}

/**
 * Versions that counted none say nothing of what is new. What is found on accounts may only have become readable: as
 * many keys as there are fewer of which it is not known.
 */
function moreToLookAt(now: Counts | undefined, before: Counts): Pick<Changes, 'moreToLookAt'> {
  const [found, known] = [now?.hygiene, before.hygiene]
  if (found === undefined || known === undefined) return {}
  const readable = Math.max(0, (before.accountUnknown ?? 0) - (now?.accountUnknown ?? 0))
  const more = HYGIENE_RULES.reduce((sum, id) => {
    const hidden = HYGIENE_TABLE[id].isOfAccount ? readable : 0
    return sum + Math.max(0, found[id] - (known[id] ?? 0) - hidden)
  }, 0)
  return more === 0 ? {} : { moreToLookAt: more }
}
