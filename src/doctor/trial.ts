import { DeliveryError } from '../deliver/delivery.js'
import { type Advice, ConfigError } from '../errors.js'
import { ApiError } from '../google/errors.js'
import { ArchiveError } from '../history/archive-store.js'

/**
 * What came of a check, worst last: it was not tried; it is as a run needs it; it is worth knowing; a run
 * would have gaps; a run would fail, or its records would not be kept.
 */
export const RESULTS = ['untried', 'works', 'warning', 'gaps', 'fails'] as const
export type Result = (typeof RESULTS)[number]

/** Why something is not as a run needs it, and what to do; neither ends with a full stop. */
export interface Trouble {
  readonly says: string
  readonly advice?: Advice
  /** The kind of failure. */
  readonly code?: string
  /** What it means, where that does not depend on what else works. */
  readonly result?: Result
  /** Google's answer, where that is the trouble. */
  readonly error?: ApiError
  /** Where a missing right is to be granted, when that is not where it was missed. */
  readonly grantOn?: string
}

/** What came of trying. */
export type Outcome =
  | { readonly kind: 'works'; readonly says: string }
  | { readonly kind: 'troubled'; readonly trouble: Trouble }
  | { readonly kind: 'untried'; readonly says: string }

/** One thing that was tried, on one resource. */
export interface Trial<Name extends string = string> {
  readonly check: Name
  /** `organizations/1`, `gs://bucket/prefix`, `slack:C0456`. */
  readonly on: string
  readonly outcome: Outcome
}

export function works(says: string): Outcome {
  return { kind: 'works', says }
}

export function untried(says: string): Outcome {
  return { kind: 'untried', says }
}

/** A trouble that is known to mean this. */
export function troubled(result: Result, says: string, advice: Advice): Outcome {
  return { kind: 'troubled', trouble: { result, says, advice } }
}

/** Tries; what it throws becomes the trouble, unless it is a bug. */
export async function outcomeOf(attempt: () => Promise<Outcome>, grantOn?: string): Promise<Outcome> {
  try {
    return await attempt()
  } catch (error) {
    return { kind: 'troubled', trouble: troubleOf(error, grantOn) }
  }
}

export function troubleOf(error: unknown, grantOn?: string): Trouble {
  const cause = error instanceof ArchiveError && error.cause instanceof ApiError ? error.cause : error
  if (cause instanceof ApiError) {
    const { code, cause: why, advice } = cause.forSubject(grantOn ?? cause.subject).problem
    return { says: `${why} (${code})`, advice, code, error: cause, ...(grantOn !== undefined && { grantOn }) }
  }
  if (cause instanceof ArchiveError || cause instanceof DeliveryError) {
    const { cause: says, ...others } = cause.explanation
    return { says, ...others }
  }
  if (cause instanceof ConfigError) {
    const [first] = cause.problems
    return { says: cause.sentences.join('; '), ...(first && { code: first.code }) }
  }
  throw error
}
