import type { GapRecord } from '../records/gap-record.js'
import { GAP_WORDS, reasonWords } from './glossary.js'
import { amount, counted } from './wording.js'

/** `the keys of 1 project (permission), 2 damaged keys`. */
export function unreadText(gaps: readonly GapRecord[]): string {
  const groups = new Map<string, { readonly gap: GapRecord; readonly count: number }>()
  for (const gap of gaps) {
    const same = JSON.stringify([gap.missing, nounOf(gap), reasonWords(gap.reason)])
    groups.set(same, { gap, count: (groups.get(same)?.count ?? 0) + gap.subjectCount })
  }
  return [...groups.values()].map(({ gap, count }) => groupText(gap, count)).join(', ')
}

function groupText(gap: GapRecord, count: number): string {
  const why = reasonWords(gap.reason)
  if (isOfKey(gap) && gap.reason === 'MALFORMED')
    return `${amount(count)} damaged ${count === 1 ? 'key' : 'keys'}`
  return `${whatOf(gap, counted(count, nounOf(gap)))} (${why})`
}

/** `the keys of 3 projects: why the first of them could not be read`. */
export function gapLine(gap: GapRecord): string {
  return `${whatOf(gap, whoseOf(gap))}: ${gap.because}`
}

function whoseOf(gap: GapRecord): string {
  const { subjects, subjectCount } = gap
  const [only] = subjects
  return subjectCount === 1 && only !== undefined ? only : counted(subjectCount, nounOf(gap))
}

const SUBJECTS_NAMED = 5

/** A gap with what makes it readable, its code, and the first of its subjects. */
export function wholeGap(gap: GapRecord): string {
  const { subjects, subjectCount, reason, fix } = gap
  const line = `${gapLine(gap)} (${reason}); ${fix}`
  if (subjectCount === 1) return line
  const named = subjects.slice(0, SUBJECTS_NAMED)
  const rest = subjectCount - named.length
  return `${line}. It concerns ${named.join(', ')}${rest === 0 ? '' : ` and ${amount(rest)} more`}.`
}

/** A key itself is missing, of a project its keys are. */
function whatOf(gap: GapRecord, whose: string): string {
  return isOfKey(gap) ? whose : `${GAP_WORDS[gap.missing]} of ${whose}`
}

function isOfKey(gap: GapRecord): boolean {
  return gap.missing === 'keys' && nounOf(gap) === 'key'
}

function nounOf({ subjects: [subject = ''] }: GapRecord): 'key' | 'project' | 'scope' {
  if (subject.includes('/keys/')) return 'key'
  return subject.startsWith('projects/') ? 'project' : 'scope'
}
