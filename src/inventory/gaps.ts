import type { ApiError } from '../google/errors.js'
import type { Gap, GapKind, Key } from '../model.js'
import { commandLine } from '../policy/shell.js'

/** What a failed request leaves unread. */
export function gapOf(missing: GapKind, subject: string, error: ApiError): Gap {
  return { missing, subject, reason: error.reason, because: error.because, fix: error.fix }
}

/**
 * What was left because time was up, or because somebody stopped the reading; `extent` says how far it came.
 */
export function outOfTime(missing: GapKind, subject: string, extent: string, error: ApiError): Gap {
  const { reason, detail = 'hand', fix } = error
  const why = reason === 'STOPPED' ? `stopped by ${detail}` : 'out of time'
  return { missing, subject, reason, because: `${why} after ${extent}`, fix }
}

/** A key that was found, but cannot be judged for what is wrong with it. */
export function flawedKey({ name, flaw = 'it' }: Key): Gap {
  return {
    missing: 'keys',
    subject: name,
    reason: 'MALFORMED',
    because: `the key could not be read: ${flaw}`,
    fix: `look at the key: ${commandLine('gcloud', 'services', 'api-keys', 'describe', name)}`,
  }
}

/** Elements of a page that cannot even be named. */
export function unnamedItems(
  missing: 'keys' | 'projects',
  subject: string,
  positions: readonly number[],
): Gap {
  const [first = 0] = positions
  const those = positions.length === 1 ? 'one element has' : `${positions.length} elements have`
  return {
    missing,
    subject,
    reason: 'MALFORMED',
    because: `in a page of ${subject} ${those} no usable name (the first is number ${first + 1})`,
    fix: 'run the audit with --inventory projects, which reads another API, and compare',
  }
}

/** An organization or a folder that was listed to its end, and is empty. */
export function noProject(scope: string): Gap {
  return {
    missing: 'projects',
    subject: scope,
    reason: 'NO_PROJECT',
    because: `the listing of ${scope} shows no project`,
    fix: `check the right or the number: the auditor sees nothing of ${scope}, or it is not the one that was meant`,
  }
}

/** How many of how many, for the sentence about time. */
export function extent(done: number, total: number, things: string): string {
  return `${done.toLocaleString('en')} of ${total.toLocaleString('en')} ${things}`
}
