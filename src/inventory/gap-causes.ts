import type { Advice } from '../errors.js'
import { type ApiError, isOutOfTime } from '../google/errors.js'
import type { Gap, GapKind, Key } from '../model.js'
import { commandLine } from '../policy/shell.js'

/** What a failed request leaves unread; `reached` says how far the reading came, in case time ended it. */
export function gapOf(missing: GapKind, subject: string, error: ApiError, reached: string): Gap {
  if (!isOutOfTime(error)) {
    return { missing, subject, problem: error.problem, fingerprint: error.fingerprint }
  }
  const { reason: code, detail = 'hand', advice } = error
  const cause = `${code === 'STOPPED' ? `stopped by ${detail}` : 'out of time'} after ${reached}`
  return { missing, subject, problem: { code, cause, advice }, fingerprint: { parts: [cause] } }
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
    fingerprint: { parts: ['key', flaw] },
  }
}

/** What shows whether an answer of the asset inventory that cannot be read hides something. */
export const COMPARE: Advice = {
  say: 'run the audit with --inventory projects, which reads another API, and compare',
}

/** The same for the API that `--inventory projects` reads itself. `subject`: a project, or what holds projects. */
function compareByHand(subject: string): Advice {
  const [kind, number = ''] = subject.split('/')
  const listing =
    kind === 'projects'
      ? commandLine('gcloud', 'services', 'api-keys', 'list', `--project=${number}`)
      : commandLine('gcloud', 'projects', 'list', `--filter=parent.id=${number}`)
  return { say: 'compare with what Google lists', command: listing }
}

/** Items of a page that have no usable name. `from`: the page is of the asset inventory, or of the API of keys or projects. */
export function unnamedItems(
  missing: 'keys' | 'projects',
  subject: string,
  positions: readonly number[],
  from: 'assets' | 'api',
): Gap {
  const [first = 0] = positions
  const those = positions.length === 1 ? 'one element has' : `${positions.length} elements have`
  return {
    missing,
    subject,
    problem: {
      code: 'MALFORMED',
      cause: `in a page of ${subject} ${those} no usable name (the first is number ${first + 1})`,
      advice: from === 'assets' ? COMPARE : compareByHand(subject),
    },
    fingerprint: { parts: ['unnamed', positions.length, first] },
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
    fingerprint: { parts: [] },
  }
}

/** A search over a scope that does not show what is enabled in a project. `missed`: its number. */
export function searchIncomplete(subject: string, missed: string): Gap {
  return {
    missing: 'services',
    subject,
    problem: {
      code: 'SEARCH_INCOMPLETE',
      cause: `the search for enabled services does not show the Gemini API in projects/${missed}, where it is enabled, so absence from it says nothing`,
      advice: { say: 'run the audit again in some hours; if it stays, run it with --inventory projects' },
    },
    fingerprint: { parts: [missed] },
  }
}

/** How many of how many, for the sentence about time. */
export function extent(done: number, total: number, things: string): string {
  return `${done.toLocaleString('en')} of ${total.toLocaleString('en')} ${things}`
}
