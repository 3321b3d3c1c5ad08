import type { Day, GapKind, Instant, ReadingNotes, Run } from '../model.js'
import type { UseCounts } from './affected.js'
import type { EnforcementRecord } from './enforcement.js'
import { truncatedToEntry } from './fit.js'
import type { Gaps } from './gaps.js'
import { headOf, type RecordHead } from './head.js'
import type { Counts } from './key-counts.js'
import type { RunPolicy } from './run-policy.js'
import type { Excluded, Tally } from './tally.js'

/** A number for each kind of gap; records of earlier versions know no `accounts`. */
type GapCounts = Readonly<Record<Exclude<GapKind, 'accounts'>, number>> & { readonly accounts?: number }

export interface Coverage extends ReadingNotes {
  /** No gap that the policy does not know could change a verdict. */
  readonly complete: boolean
  /** Audited projects: active and not excluded. */
  readonly projects: number
  /** Keys of projects that are not active, and so not judged. */
  readonly inactive: number
  /** What the policy leaves out: counted, and judged as far as the listing allows. */
  readonly excluded: Excluded
  /** Subjects that miss something, by what; known gaps included. */
  readonly gaps: GapCounts
  /** How the scope was read, in sentences, when that was not the usual way. */
  readonly reading?: readonly string[]
  /** What is wrong with the archive, in sentences, when anything is. */
  readonly archive?: readonly string[]
}

/** An object of the archive that does not fit its place there: this program did not write it, or not so. */
export interface PassedOver {
  /** Where it stands. */
  readonly object: string
  /** What does not fit. */
  readonly why: string
}

export interface Changes {
  /** The run that was compared with; null when there is none. */
  readonly since: Instant | null
  /** Keys that no earlier run saw. */
  readonly new: number
  /** Keys whose known verdict is worse than before. */
  readonly worse: number
  /** Keys whose known verdict is better than before. */
  readonly better: number
  /** Keys that were judged before and are unknown now. */
  readonly lost: number
  /** Keys that were unknown before and are judged now. */
  readonly found: number
  /** Keys that have vanished. */
  readonly gone: number
  /** Keys that were overdue or due and no longer are, because of what was done to the key or its project. */
  readonly fixed?: number
  /** Of the new keys, those made since then as standard keys; absent when there are none. */
  readonly newStandardKeys?: number
  /** Projects in which the Gemini API was switched on over keys that now fall under the rules. */
  readonly newlyEnabled?: readonly {
    /** The project ID. */
    readonly project: string
    /** Keys that fall under the rules by it. */
    readonly keys: number
  }[]
  /** The day of the run that was compared with. */
  readonly sinceDay?: Day
  /** Affected keys that worked then and have stopped since, refused or failing; absent when there are none. */
  readonly stopped?: number
  /** Of these, the refused ones; absent when there are none. */
  readonly newlyRefused?: number
  /** What was not read now and was read then, by subject; known gaps aside, absent when there is none. */
  readonly newGaps?: number
  /**
   * Findings of hygiene, by row, of which there are more than then; absent when there is none. A key whose account could
   * not be read then counts as well.
   */
  readonly moreToLookAt?: number
  /** Where nothing happened since the run before: the day of the run after which nothing did. */
  readonly quietSince?: Day
}

/** Whether nothing happened that people have to know; false where there is nothing to compare with. */
export function isQuiet({ since, better, lost, found, fixed = 0, ...more }: Changes): boolean {
  const { stopped = more.newlyRefused ?? 0, newGaps = 0, moreToLookAt = 0, worse } = more
  return (
    since !== null &&
    more.new + worse + better + lost + found + fixed + stopped + newGaps + moreToLookAt === 0
  )
}

export interface Tool {
  /** The program. */
  readonly name: string
  /** Its version. */
  readonly version: string
}

export interface RunTimes {
  /** When the attempt began. */
  readonly startedAt: Instant
  /** When all keys were judged. */
  readonly judgedAt: Instant
}

interface RunHead extends RecordHead<'run'> {
  /** When the attempt began. */
  readonly startedAt: Instant
  /** `AUDIT_SCOPE`: what was to be read. */
  readonly scope: readonly string[]
  /** What wrote the record. */
  readonly tool: Tool
}

/** What the records of a run add up to. */
export interface RecordsDigest {
  /** How many key, gap and policy records go to Cloud Logging. */
  readonly count: number
  /** SHA-256 over their canonical forms in the order of their `insertId`, each ended by LF. */
  readonly sha256: string
}

/** Another run of the same audit. */
export interface RunLink {
  /** Its time. */
  readonly run: Instant
  /** SHA-256 of its canonical run record. */
  readonly sha256: string
}

/** The record of a run that judged keys. */
export interface JudgedRunRecord extends RunHead {
  /** `incomplete` when a gap that the policy does not know could change a verdict. */
  readonly outcome: 'complete' | 'incomplete'
  /** When all keys were judged. */
  readonly judgedAt: Instant
  /** How much of the scope was read. */
  readonly coverage: Coverage
  /** The keys, counted. */
  readonly counts: Counts
  /** For each rule whose deadline has come, and where keys of many projects stopped at once. */
  readonly enforcement: EnforcementRecord
  /** The overdue and due keys by what their traffic says; absent in records of earlier versions. */
  readonly uses?: UseCounts
  /** Against the newest earlier run. */
  readonly changes: Changes
  /** The policy by which keys were judged. */
  readonly policy: RunPolicy
  /** What the run's records add up to. */
  readonly records: RecordsDigest
  /** The run record before this one: the link of the chain. */
  readonly previous?: RunLink
  /** The newest run of a later time that was remembered before this one: it is late, or its clock went back. */
  readonly overtakenBy?: RunLink
}

/** The record of a run that judged nothing: it has no counts, since nothing was counted. */
export interface FailedRunRecord extends RunHead {
  /** Nothing was judged. */
  readonly outcome: 'failed'
  /** What failed, why, and what to do. */
  readonly error: string
}

export type RunRecord = JudgedRunRecord | FailedRunRecord

export interface RunFacts extends RunTimes {
  readonly run: Run
  readonly tally: Tally
  readonly gaps: Gaps
  readonly policy: RunPolicy
  readonly records: RecordsDigest
  readonly tool: Tool
  /** How the scope was read, as data. */
  readonly notes: ReadingNotes
  /** How the scope was read: the inventory's sentences. */
  readonly remarks: readonly string[]
  /** What is wrong with the archive, in sentences. */
  readonly archive?: readonly string[]
  /** The overdue and due keys by what their traffic says. */
  readonly uses?: UseCounts
  readonly changes?: Changes
  readonly previous?: RunLink
  readonly overtakenBy?: RunLink
}

const NOT_COMPARED: Changes = { since: null, new: 0, worse: 0, better: 0, lost: 0, found: 0, gone: 0 }

/** The record of a run that has read and judged its scope, with gaps or without. */
export function runRecord(facts: RunFacts): JudgedRunRecord {
  const { run, tally, policy, records, tool, previous, overtakenBy } = facts
  const coverage = coverageOf(facts)
  return truncatedToEntry({
    ...headOf('run', run),
    outcome: coverage.complete ? 'complete' : 'incomplete',
    startedAt: facts.startedAt,
    judgedAt: facts.judgedAt,
    scope: run.scope,
    coverage,
    counts: tally.counts(),
    enforcement: tally.enforcement(),
    ...(facts.uses && { uses: facts.uses }),
    changes: facts.changes ?? NOT_COMPARED,
    policy,
    records,
    ...(previous === undefined ? {} : { previous }),
    ...(overtakenBy === undefined ? {} : { overtakenBy }),
    tool,
  })
}

/** The record of a run that could not be carried out; `error` is a sentence with what to do, and no secret. */
export function failedRunRecord(run: Run, startedAt: Instant, error: string, tool: Tool): FailedRunRecord {
  return truncatedToEntry({
    ...headOf('run', run),
    outcome: 'failed',
    error,
    startedAt,
    scope: run.scope,
    tool,
  })
}

/** Objects that are named: anyone who can add one can add many. */
const NAMED = 20

/** Sentences on the first objects that were passed over, and how many more there are. */
export function archiveSentences(objects: readonly PassedOver[]): readonly string[] {
  const named = objects.slice(0, NAMED).map(({ object, why }) => `${object} was passed over: ${why}.`)
  const more = objects.length - named.length
  return more === 0 ? named : [...named, `${more} more objects were passed over.`]
}

function coverageOf({ tally, gaps, notes, remarks, archive = [] }: RunFacts): Coverage {
  return {
    complete: !gaps.hideVerdicts((subject) => tally.dormancyDecides(subject)),
    projects: tally.projects,
    inactive: tally.inactive,
    excluded: tally.excluded(),
    gaps: gaps.counts(),
    ...notes,
    ...(remarks.length === 0 ? {} : { reading: remarks.toSorted() }),
    ...(archive.length === 0 ? {} : { archive }),
  }
}
