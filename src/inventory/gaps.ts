import type { Advice } from '../errors.js'
import type { ApiError } from '../google/errors.js'
import type { Gap, GapKind, Key } from '../model.js'
import { commandLine } from '../policy/shell.js'

/** What a failed request leaves unread. */
export function gapOf(missing: GapKind, subject: string, error: ApiError): Gap {
  return { missing, subject, problem: error.problem }
}

/**
 * What was left because time was up, or because somebody stopped the reading; `extent` says how far it came.
 */
export function outOfTime(missing: GapKind, subject: string, extent: string, error: ApiError): Gap {
  const { reason, detail = 'hand', advice } = error
  const why = reason === 'STOPPED' ? `stopped by ${detail}` : 'out of time'
  return { missing, subject, problem: { code: reason, cause: `${why} after ${extent}`, advice } }
}

/** A key that was found, but cannot be judged for what is wrong with it. */
export function flawedKey({ name, flaw = 'it' }: Key): Gap {
  return {
    missing: 'keys',
    subject: name,
    problem: {
      code: 'MALFORMED',
      cause: `the key could not be read: ${flaw}`,
      advice: {
        say: 'look at the key',
        command: commandLine('gcloud', 'services', 'api-keys', 'describe', name),
      },
    },
  }
}

/** What shows whether an answer that cannot be read hides something. */
export const COMPARE: Advice = {
  say: 'run the audit with --inventory projects, which reads another API, and compare',
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
    problem: {
      code: 'MALFORMED',
      cause: `in a page of ${subject} ${those} no usable name (the first is number ${first + 1})`,
      advice: COMPARE,
    },
  }
}

/** An organization or a folder that was listed to its end, and is empty. */
export function noProject(scope: string): Gap {
  return {
    missing: 'projects',
    subject: scope,
    problem: {
      code: 'NO_PROJECT',
      cause: `the listing of ${scope} shows no project`,
      advice: {
        say: `check the right or the number: the auditor sees nothing of ${scope}, or it is not the one that was meant`,
      },
    },
  }
}

/** How many of how many, for the sentence about time. */
export function extent(done: number, total: number, things: string): string {
  return `${done.toLocaleString('en')} of ${total.toLocaleString('en')} ${things}`
}
