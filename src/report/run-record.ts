import type { Day, GapKind, Instant, Rule, Run } from '../model.js'
import type { EnforcementCounts } from './enforcement.js'
import { fitted } from './fit.js'
import type { Gaps } from './gaps.js'
import { headOf, type RecordHead } from './head.js'
import type { RunPolicy } from './run-policy.js'
import type { Counts, Excluded, Tally } from './tally.js'

export interface Coverage {
  /** No gap that the policy does not know could change a verdict. */
  readonly complete: boolean
  /** Audited projects: active and not excluded. */
  readonly projects: number
  /** Keys of projects that are not active, and so not judged. */
  readonly inactive: number
  readonly excluded: Excluded
  /** Subjects that miss something, by what; known gaps included. */
  readonly gaps: Readonly<Record<GapKind, number>>
  /** How the scope was read, in sentences, when that was not the usual way. */
  readonly reading?: readonly string[]
}

export interface Changes {
  /** The run that was compared with; null when there is none. */
  readonly since: Instant | null
  readonly new: number
  readonly worse: number
  readonly better: number
  readonly lost: number
  readonly found: number
  readonly gone: number
  /** Keys that were overdue or due and no longer are, because of what was done to the key or its project. */
  readonly fixed?: number
  /** Of the new keys, those made since then as standard keys; absent when there are none. */
  readonly newStandardKeys?: number
  /** Projects in which the Gemini API was switched on over keys that now fall under the rules. */
  readonly newlyEnabled?: readonly { readonly project: string; readonly keys: number }[]
  /** The day of the run that was compared with. */
  readonly sinceDay?: Day
  /** Affected keys whose calls are only refused by now and were not then; absent when there are none. */
  readonly newlyRefused?: number
  /** What was not read now and was read then, by subject; known gaps aside, absent when there is none. */
  readonly newGaps?: number
  /** Where nothing happened since the run before: the day of the run after which nothing did. */
  readonly quietSince?: Day
}

/** Whether nothing happened that anybody has to hear of; false where there is nothing to compare with. */
export function isQuiet({ since, better, lost, found, fixed = 0, ...more }: Changes): boolean {
  const { newlyRefused = 0, newGaps = 0, worse } = more
  return since !== null && more.new + worse + better + lost + found + fixed + newlyRefused + newGaps === 0
}

export interface Tool {
  readonly name: string
  readonly version: string
}

export interface RunTimes {
  readonly startedAt: Instant
  readonly judgedAt: Instant
}

interface RunHead extends RecordHead<'run'> {
  readonly startedAt: Instant
  readonly scope: readonly string[]
  readonly tool: Tool
}

/** The record of a run that judged keys. */
export interface JudgedRunRecord extends RunHead {
  readonly outcome: 'complete' | 'incomplete'
  readonly judgedAt: Instant
  readonly coverage: Coverage
  readonly counts: Counts
  /** For each rule whose deadline has come. */
  readonly enforcement: Readonly<Partial<Record<Rule, EnforcementCounts>>>
  readonly changes: Changes
  readonly policy: RunPolicy
  /** Of the key, gap and policy records that go to Cloud Logging. */
  readonly records: { readonly count: number; readonly sha256: string }
  readonly previous?: { readonly run: Instant; readonly sha256: string }
  /** The newest run of a later time that was remembered before this one: it is late, or its clock went back. */
  readonly overtakenBy?: { readonly run: Instant; readonly sha256: string }
}

/** The record of a run that judged nothing: it has no counts, since nothing was counted. */
export interface FailedRunRecord extends RunHead {
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
  readonly records: { readonly count: number; readonly sha256: string }
  readonly tool: Tool
  /** How the scope was read: the inventory's sentences. */
  readonly told: readonly string[]
  readonly changes?: Changes
  readonly previous?: { readonly run: Instant; readonly sha256: string }
  readonly overtakenBy?: { readonly run: Instant; readonly sha256: string }
}

const NOT_COMPARED: Changes = { since: null, new: 0, worse: 0, better: 0, lost: 0, found: 0, gone: 0 }

/** The record of a run that has read and judged its scope, with gaps or without. */
export function runRecord(facts: RunFacts): JudgedRunRecord {
  const { run, tally, policy, records, tool, previous, overtakenBy } = facts
  const coverage = coverageOf(facts)
  return fitted({
    ...headOf('run', run),
    outcome: coverage.complete ? 'complete' : 'incomplete',
    startedAt: facts.startedAt,
    judgedAt: facts.judgedAt,
    scope: run.scope,
    coverage,
    counts: tally.counts(),
    enforcement: tally.enforcement(),
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
  return fitted({ ...headOf('run', run), outcome: 'failed', error, startedAt, scope: run.scope, tool })
}

function coverageOf({ tally, gaps, told }: RunFacts): Coverage {
  return {
    complete: !gaps.hideVerdicts((subject) => tally.dormancyDecides(subject)),
    projects: tally.projects,
    inactive: tally.inactive,
    excluded: tally.excluded(),
    gaps: gaps.counts(),
    ...(told.length === 0 ? {} : { reading: told.toSorted() }),
  }
}
