import { DeliveryError } from '../deliver/error.js'
import { ConfigError } from '../errors.js'
import { ApiError } from '../google/errors.js'
import { ArchiveError } from '../history/error.js'

/**
 * What came of a check, worst last: it was not tried; it is as a run needs it; somebody should know; a run
 * would have gaps; a run would fail, or its records would not be kept.
 */
export const RESULTS = ['untried', 'works', 'warning', 'gaps', 'fails'] as const
export type Result = (typeof RESULTS)[number]

/** Why something is not as a run needs it, and what to do; neither ends with a full stop. */
export interface Trouble {
  readonly says: string
  readonly fix?: string
  /** What it means, where that does not depend on what else works. */
  readonly result?: Result
  /** Google's answer, where that is the trouble. */
  readonly error?: ApiError
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
export function troubled(result: Result, says: string, fix?: string): Outcome {
  return { kind: 'troubled', trouble: { result, says, ...(fix !== undefined && { fix }) } }
}

/** Tries; what it throws becomes the trouble, unless it is a bug. */
export async function outcomeOf(attempt: () => Promise<Outcome>, grantOn?: string): Promise<Outcome> {
  try {
    return await attempt()
  } catch (error) {
    return { kind: 'troubled', trouble: troubleOf(error, grantOn) }
  }
}

/** `grantOn`: where a missing right is to be granted, when that is not where it was missed. */
export function troubleOf(error: unknown, grantOn?: string): Trouble {
  if (error instanceof ApiError) return { ...advised(error, grantOn), error }
  if (error instanceof ArchiveError) {
    return error.cause instanceof ApiError
      ? { ...advised(error.cause), error: error.cause }
      : said(error.message)
  }
  if (error instanceof DeliveryError || error instanceof ConfigError) return said(error.message)
  throw error
}

function advised(error: ApiError, grantOn = error.subject): Trouble {
  return { says: `${error.because} (${error.reason})`, fix: error.forSubject(grantOn).fix }
}

/** One sentence of ours: what to do follows the last semicolon or full stop. */
function said(message: string): Trouble {
  const whole = message.replace(/\.$/, '')
  const [, says, fix] = /^(.*)(?:; |\. )(.+)$/s.exec(whole) ?? []
  return says === undefined || fix === undefined ? { says: whole } : { says, fix }
}
