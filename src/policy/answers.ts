/**
 * What the answers to a key's calls are, and what they may mean: the one table of HTTP response codes. A code
 * has several causes and says none of them for sure, so each is a possibility with where to look.
 */
import type { Day } from '../model.js'
import { AUTH_KEYS, COMPROMISED } from './remedies/pages.js'

export type Answer = 'accepted' | 'refused' | 'failed'

/** Whether a call got through, was refused, or failed otherwise. `none` is a code that Google did not give. */
export function answerOf(code: string): Answer {
  if (/^[23]\d\d$/.test(code)) return 'accepted'
  return code === '401' || code === '403' ? 'refused' : 'failed'
}

/** Calls by HTTP response code. */
export type Codes = Readonly<Record<string, number>>

/** A code that makes less than this share of what did not work is noise beside the others. */
const NOISE = 0.1

/** The codes of most calls that did not work, the most frequent first. */
export function mainCodes(codes: Codes): readonly string[] {
  const failing = Object.entries(codes).filter(([code, calls]) => calls > 0 && answerOf(code) !== 'accepted')
  const all = failing.reduce((sum, [, calls]) => sum + calls, 0)
  return failing
    .filter(([, calls]) => calls >= all * NOISE)
    .sort(([one, calls], [other, more]) => more - calls || (one < other ? -1 : 1))
    .map(([code]) => code)
}

/** One thing that a code may mean. */
export interface Possibility {
  /** The HTTP response code. */
  readonly code: string
  /** What it may mean, as a possibility and never as a fact. */
  readonly say: string
  /** Where to look to find out. */
  readonly look: string
  /** The page that helps. */
  readonly url?: string
}

/** What is known of the key whose calls do not work. */
export interface Failing {
  readonly codes: Codes
  readonly isStandard: boolean
  /** Whether calls of it were accepted before. */
  readonly hasWorked: boolean
  /** The day since which all keys of its project are answered 403 and nothing else. */
  readonly projectRefusedSince?: Day | undefined
}

/** What the calls that do not work may mean, the likeliest first. */
export function possibilitiesOf(failing: Failing): readonly Possibility[] {
  return mainCodes(failing.codes).flatMap((code) =>
    MEANINGS.filter((row) => row.codes.test(code) && (row.onlyIf?.(failing) ?? true)).map(
      ({ say, look, url }) => ({ code, say, look, ...(url !== undefined && { url }) }),
    ),
  )
}

interface Meaning extends Omit<Possibility, 'code'> {
  readonly codes: RegExp
  /** The codes and the condition, for the documentation. */
  readonly label: string
  readonly onlyIf?: (failing: Failing) => boolean
}

const GEMINI_DOCS = 'https://ai.google.dev/gemini-api/docs'

/** Several rows may fit a code; the first ones are the likelier ones. */
export const MEANINGS: readonly Meaning[] = [
  {
    codes: /^402$/,
    label: '402',
    say: 'the billing account may be out of credit, which stops all keys of all its projects',
    look: 'the billing page of the project in AI Studio',
    url: `${GEMINI_DOCS}/billing`,
  },
  {
    codes: /^403$/,
    label: '403, of all keys of a project since one day',
    onlyIf: ({ projectRefusedSince }) => projectRefusedSince !== undefined,
    say: 'the project may have been denied access, since all of its keys are refused since the same day',
    look: 'the project first: the answer that its callers get (“Your project has been denied access”), and its page in AI Studio; Google’s support can lift it',
    url: `${GEMINI_DOCS}/troubleshooting`,
  },
  {
    codes: /^403$/,
    label: '403, of a key that worked',
    onlyIf: ({ hasWorked }) => hasWorked,
    say: 'Google may have found the key string in a public place and blocked it',
    look: 'the answer that the caller gets, and the key in AI Studio: where it says “reported as leaked”, treat the key as leaked and follow Google’s checklist before you make a new key',
    url: COMPROMISED,
  },
  {
    codes: /^(401|403)$/,
    label: '401 or 403, of a standard key',
    onlyIf: ({ isStandard }) => isStandard,
    say: 'the Gemini API may no longer accept this standard key',
    look: 'what Google says of standard keys, and the key’s mark in AI Studio',
    url: AUTH_KEYS,
  },
  {
    codes: /^(400|401)$/,
    label: '400 or 401',
    say: 'the key may be invalid, expired or deleted where it is used, or its kind may no longer be accepted',
    look: 'the answer that the caller gets (“API_KEY_INVALID”), and which key it really sends',
    url: AUTH_KEYS,
  },
  {
    codes: /^400$/,
    label: '400',
    say: 'something may have changed in the caller that makes its requests wrong',
    look: 'the answer that the caller gets, and what was released that day',
    url: `${GEMINI_DOCS}/troubleshooting`,
  },
  {
    codes: /^404$/,
    label: '404',
    say: 'the model that it calls may have been retired',
    look: 'which model the caller names, and Google’s list of retired ones',
    url: `${GEMINI_DOCS}/deprecations`,
  },
  {
    codes: /^429$/,
    label: '429',
    say: 'its project may have used up a quota or a spending limit',
    look: 'the rate limits and the usage of the project in AI Studio',
    url: `${GEMINI_DOCS}/rate-limits`,
  },
  {
    codes: /^5\d\d$/,
    label: '5xx',
    say: 'the Gemini API itself may have an outage',
    look: 'its status page, and the answer that the caller gets',
    url: 'https://aistudio.google.com/status',
  },
]
