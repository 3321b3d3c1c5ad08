import { type Advice, advicesOf, becauseText, fixText } from '../errors.js'
import type { Gap, GapKind, Run } from '../model.js'
import { truncatedToEntry } from './fit.js'
import { headOf, type RecordHead } from './head.js'

/** How many subjects a gap record names; all are counted. */
const NAMED_SUBJECTS = 500

/** Everything of one cause that was not read. */
export interface GapRecord extends RecordHead<'gap'> {
  /** What was not read. */
  readonly missing: GapKind
  /** What it was not read of, in the order of names; at most 500 are named. */
  readonly subjects: readonly string[]
  /** Of how many it was not read. */
  readonly subjectCount: number
  /**
   * A code for queries: Google's own reason or status, or one of this program, such as `OUT_OF_TIME` or
   * `MALFORMED`.
   */
  readonly reason: string
  /** One sentence: why; of several subjects that of the first, with how many more. */
  readonly because: string
  /** What makes the first subject readable, with a command where there is one. */
  readonly fix: string
  /** The same as data: one for each way of reading that was tried. Records of older versions lack it. */
  readonly advice?: readonly Advice[]
  /** Named in the policy's `known-gaps`: recorded, but out of the first line. */
  readonly known: boolean
}

/** Gaps that have one cause. */
export interface GapGroup {
  /** The gap of the first subject in the order of names: its sentences stand for all. */
  readonly sample: Gap
  /** Sorted, each once. */
  readonly subjects: readonly string[]
  readonly known: boolean
}

/** The gaps that the policy does not know: those that stand first in every report. */
export function unexpected(gaps: readonly GapRecord[]): readonly GapRecord[] {
  return gaps.filter(({ known }) => !known)
}

/** The record of one cause. */
export function gapRecord(group: GapGroup, run: Run): GapRecord {
  const { sample, subjects, known } = group
  return truncatedToEntry({
    ...headOf('gap', run),
    missing: sample.missing,
    subjects: subjects.slice(0, NAMED_SUBJECTS),
    subjectCount: subjects.length,
    reason: sample.problem.code,
    because: `${becauseText(sample.problem)}${others(subjects.length)}`,
    fix: fixText(sample.problem),
    advice: advicesOf(sample.problem),
    known,
  })
}

function others(subjects: number): string {
  return subjects === 1 ? '' : ` (the same for ${subjects - 1} more)`
}
