import type { Rule } from '../../policy/rules.js'
import type { KeyRecord } from '../../records/key-record.js'
import type { RunDeadline } from '../../records/run-policy.js'

/**
 * The kinds of news, the worst first: no view of the news puts one behind a lesser one.
 *
 * - `stopped`: affected keys that stopped working since the run before
 * - `stopped-unjudged`: keys that could not be judged, and stopped working
 * - `auth-stopped`: auth keys that stopped working since the run before
 * - `in-use-in-force`: in use past a deadline that is in force
 * - `in-use-announced`: in use past a date that was announced
 * - `new-standard`: standard keys made since the run before
 * - `not-working`: affected keys that stopped working earlier
 * - `overdue-unused`, `overdue-not-known`: the other overdue keys, and those whose traffic is not known
 * - `due`: keys whose deadline is ahead
 * - `none`: that no key is affected
 * - `unjudged`: keys that could not be judged
 * - `fixed`: keys that were affected and are not any more, because of what was done to them
 */
export const NEWS_KINDS = [
  'stopped',
  'stopped-unjudged',
  'auth-stopped',
  'in-use-in-force',
  'in-use-announced',
  'new-standard',
  'not-working',
  'overdue-unused',
  'overdue-not-known',
  'due',
  'none',
  'unjudged',
  'fixed',
] as const

export type NewsKind = (typeof NEWS_KINDS)[number]

/** A deadline with what of it the policy has set. */
export interface NewsDeadline extends RunDeadline {
  readonly date: Exclude<RunDeadline['date'], 'none'>
  readonly rule: Rule
  /** Whether the policy has set the date instead of Google's. */
  readonly isMoved: boolean
  /** Calendar days to it; negative after it. */
  readonly daysLeft: number
}

/** One thing that a run has to say. */
export interface Statement {
  readonly kind: NewsKind
  /** The position of its kind in `NEWS_KINDS`. */
  readonly rank: number
  /** How many keys it is about. */
  readonly keys: number
  /** Whose number this is a part of; the keys of `again` are counted in other statements as well. */
  readonly partOf: 'affected' | 'unjudged' | 'auth' | 'fixed' | 'again'
  /** The same keys under their strictest rules, where the statement is about affected ones. */
  readonly rules: readonly { readonly rule: Rule; readonly keys: number }[]
  /** Further numbers that belong to it. */
  readonly numbers: {
    /** Of unused keys, those that worked in the window of traffic. */
    readonly usedEarlier?: number
    /** Of keys in use, those of which more calls are refused or fail than get through. */
    readonly partlyFailing?: number
    /** Of due keys, those in use. */
    readonly inUse?: number
    /** Of keys that could not be judged, those that would be overdue as standard keys. */
    readonly overdueIfStandard?: number
    /** Where no key is affected: those that were judged, and those of them that are exempt. */
    readonly judged?: number
    readonly exempt?: number
  }
  /** The key that the statement is about first of all, where there is one. */
  readonly largest?: KeyRecord
  /** The deadline that all its keys share, where they do. */
  readonly deadline?: NewsDeadline
}

/** Affected keys, overdue and due, by what their traffic says: the parts add up to `affected`. */
export interface NewsTotals {
  readonly affected: number
  /** Stopped working since the run before. */
  readonly stopped: number
  /** Stopped working earlier. */
  readonly stoppedEarlier: number
  readonly inUsePastDeadline: number
  /** Of these, keys past a date that is only announced. */
  readonly inUseAnnounced: number
  readonly overdueUnused: number
  readonly overdueNotKnown: number
  /** Due keys that work or were never seen to stop. */
  readonly due: number
  readonly dueInUse: number
  readonly dueNotKnown: number
  /** Beside the affected ones. */
  readonly unjudged: number
  readonly exempt: number
  /** Keys of which no deadline asks anything, and something else is to be looked at. */
  readonly toLookAt: number
}

/** What a run has to say, in its order: header, text, digest, report and terminal are views of this. */
export interface News {
  readonly isIncomplete: boolean
  /** Whether nothing happened since the run before, on a day on which one line is enough. */
  readonly isQuiet: boolean
  /** At least one; each kind once, but for kinds that differ in their deadlines. */
  readonly statements: readonly Statement[]
  readonly totals: NewsTotals
  /** The affected keys by their strictest rule; the keys add up to `totals.affected`. */
  readonly partition: readonly PartitionRow[]
}

export interface PartitionRow {
  readonly rule: Rule
  readonly keys: number
  /** Those of them without API restriction: under the standard rule only where a lesser one was waived. */
  readonly unrestricted: number
  readonly deadline: NewsDeadline
}
