import type { Day, DeadlineStatus, Rule } from '../model.js'

/** When a rule begins to bite, and how anybody knows. */
export interface Deadline {
  readonly rule: Rule
  /** The first day on which the rule is overdue; `none` switches the rule off. */
  readonly date: Day | 'none'
  /** `month`: no day was given, and `date` is the first of the month. */
  readonly precision: 'day' | 'month'
  readonly status: DeadlineStatus
  /** The page that says so. */
  readonly source: string
  /** When that page was last looked at. */
  readonly checked: Day
  /** What the page says, and what it leaves open. */
  readonly note: string
  /** Present when the policy has moved the deadline: why, and who answers for it. */
  readonly moved?: { readonly reason: string; readonly approvedBy: string; readonly until?: Day }
}

const PAGE = 'https://ai.google.dev/gemini-api/docs/api-key'
const CHECKED = '2026-09-25' as Day

/** What Google has published. The policy file may move each of them. */
export const GOOGLE_DEADLINES: Readonly<Record<Rule, Deadline>> = {
  'dormant-key': {
    rule: 'dormant-key',
    date: '2026-05-07' as Day,
    precision: 'day',
    status: 'in-force',
    source: PAGE,
    checked: CHECKED,
    note: 'Since May 7, 2026 Google blocks unrestricted keys that were dormant for an extended period. How long that is was never published, and no API shows the block: such a key is possibly blocked.',
  },
  'unrestricted-key': {
    rule: 'unrestricted-key',
    date: '2026-06-19' as Day,
    precision: 'day',
    status: 'in-force',
    source: PAGE,
    checked: CHECKED,
    note: 'Since June 19, 2026 the Gemini API rejects unrestricted standard keys, says Google; restricted ones go on working. Whether a client restriction alone is enough is not said, so it does not count here.',
  },
  'standard-key': {
    rule: 'standard-key',
    date: '2026-09-01' as Day,
    precision: 'month',
    status: 'announced',
    source: PAGE,
    checked: CHECKED,
    note: 'Google announced that in September 2026 the Gemini API would stop accepting standard keys, and gave no day. The sentence was on the page on 2026-09-23 and is missing since 2026-09-25; no new date was found. Whether standard keys are refused is shown by their traffic, not by this date.',
  },
}

/** The deadlines that hold on a day: Google's, but for those that an override moves on that day. */
export function deadlinesOn(
  asOf: Day,
  overrides: readonly { readonly deadline: Deadline; readonly until?: Day }[],
): Readonly<Record<Rule, Deadline>> {
  const moved = overrides.filter(({ until }) => until === undefined || asOf <= until)
  return {
    ...GOOGLE_DEADLINES,
    ...Object.fromEntries(moved.map(({ deadline }) => [deadline.rule, deadline])),
  }
}
