/**
 * What people read for the words of records, in every report alike. The words of rules and of classes of
 * traffic stand in their rows: `policy/rules.ts`, `policy/traffic-classes.ts`.
 */
import type { Action, GapKind, Verdict } from '../model.js'
import type { AccountWay } from '../policy/hygiene.js'
import type { Change } from '../records/key-record.js'
import type { WaiverNotice } from '../records/run-policy.js'

/** A noun for one thing, and for every other number of them. */
export interface Noun {
  readonly one: string
  readonly many: string
}

/** What is said of a key by its verdict alone. */
export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  overdue: 'overdue',
  due: 'due',
  unknown: 'could not be judged',
  exempt: 'exempt',
  latent: 'Gemini API is off in the project',
  compliant: 'auth key',
  'not-affected': 'cannot reach Gemini',
  deleted: 'deleted',
}

/** A verdict after a number: `4 auth keys`. */
export const VERDICT_COUNTS: Readonly<Record<Verdict, Noun>> = {
  overdue: same('overdue'),
  due: same('due'),
  unknown: same('could not be judged'),
  exempt: same('exempt'),
  latent: same('with the Gemini API off'),
  compliant: { one: 'auth key', many: 'auth keys' },
  'not-affected': same('that cannot reach Gemini'),
  deleted: same('deleted (not counted)'),
}

/** What is to be done with a key. */
export const ACTION_WORDS: Readonly<Record<Action, string>> = {
  migrate: 'replace by an auth key',
  restrict: 'restrict to its APIs',
  split: 'split into two keys',
  retire: 'delete',
  'move-to-backend': 'move calls to a backend',
  'provider-managed': 'leave to its product',
  investigate: 'find out more',
  none: 'nothing',
}

/** What is to be done about a key of which no deadline asks anything. */
export const ACCOUNT_WAY_WORDS: Readonly<Record<AccountWay, string>> = {
  'enable-or-replace': 'enable account or replace',
  'undelete-or-replace': 'restore account or replace',
  'less-or-own-account': 'give it its own account',
  'own-account': 'give it its own account',
  'restrict-to-apis': 'restrict to its APIs',
  'narrow-clients': 'narrow its clients',
  'restrict-before-use': 'restrict to its APIs',
}

/** The same in the fewest words, for a cell on a terminal. */
export const ACTION_BRIEF: Readonly<Record<Action, string>> = {
  migrate: 'new auth key',
  restrict: 'restrict',
  split: 'split',
  retire: 'retire',
  'move-to-backend': 'use a backend',
  'provider-managed': 'leave as it is',
  investigate: 'investigate',
  none: '–',
}

/** What is to be done about a key of which no deadline asks anything, in the fewest words. */
export const ACCOUNT_WAY_BRIEF: Readonly<Record<AccountWay, string>> = {
  'enable-or-replace': 'enable account',
  'undelete-or-replace': 'restore account',
  'less-or-own-account': 'own account',
  'own-account': 'own account',
  'restrict-to-apis': 'restrict',
  'narrow-clients': 'narrow clients',
  'restrict-before-use': 'restrict',
}

/** The mark of a key on which something is to be looked at, whatever its verdict. */
export const TO_LOOK_AT_MARK = '!'

/** A verdict as a mark, beside which a word stands: never a colour alone. */
export const VERDICT_MARKS: Readonly<Record<Verdict, string>> = {
  overdue: '▲',
  due: '◆',
  unknown: '?',
  exempt: '○',
  latent: '○',
  compliant: '✓',
  'not-affected': '✓',
  deleted: '–',
}

/** What could not be read. */
export const GAP_WORDS: Readonly<Record<GapKind, string>> = {
  projects: 'the projects',
  keys: 'the keys',
  type: 'the key types',
  services: 'the enabled APIs',
  usage: 'the traffic',
  policy: 'the organization policy',
  accounts: 'the service accounts of keys',
}

/** Why something could not be read, in a word or two, by the code of its gap. */
const REASON_WORDS: Readonly<Record<string, string>> = {
  PERMISSION_DENIED: 'permission',
  IAM_PERMISSION_DENIED: 'permission',
  SERVICE_DISABLED: 'an API is off',
  RESOURCE_EXHAUSTED: 'quota used up',
  RATE_LIMIT_EXCEEDED: 'quota used up',
  NOT_FOUND: 'not found',
  MALFORMED: 'damaged',
  OUT_OF_TIME: 'out of time',
  STOPPED: 'stopped half-way',
  UNAVAILABLE: 'Google did not answer',
  INTERNAL: 'Google had an error',
  DEADLINE_EXCEEDED: 'Google did not answer in time',
}

/** Why something could not be read; codes that nobody has seen yet stand as they are. */
export function reasonWords(reason: string): string {
  return REASON_WORDS[reason] ?? reason
}

/** What has become of a key since the run before. */
export const CHANGE_WORDS: Readonly<Record<Change, string>> = {
  new: 'new',
  worse: 'worse',
  better: 'better',
  same: 'unchanged',
  lost: 'no longer readable',
  found: 'readable again',
  gone: 'gone',
}

/** What of the policy a line is about. */
export const WAIVER_WORDS: Readonly<Record<WaiverNotice['kind'], string>> = {
  deadline: 'deadline',
  exclusion: 'exclusion',
  exemption: 'exemption',
  'known-gap': 'known gap',
}

/** How a line of the policy stands on the run's day. */
export const WAIVER_STATES: Readonly<Record<WaiverNotice['state'], string>> = {
  holding: 'in force',
  endingSoon: 'ends soon',
  ended: 'has ended',
  unmatched: 'matches nothing',
}

function same(words: string): Noun {
  return { one: words, many: words }
}
