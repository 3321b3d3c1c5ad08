import type { GapKind } from '../../model.js'
import type { GapRecord } from '../../records/gap-record.js'
import { counted } from '../wording.js'

const WHAT: Readonly<Record<GapKind, string>> = {
  projects: 'the projects',
  keys: 'the keys',
  type: 'the key types',
  services: 'the enabled services',
  usage: 'the traffic',
  policy: 'the organization policy',
}

/** `the keys of 1 project, the traffic of 2 projects`. */
export function unreadCounts(gaps: readonly GapRecord[]): string {
  const counts = new Map<string, { readonly gap: GapRecord; readonly count: number }>()
  for (const gap of gaps) {
    const same = `${gap.missing} ${nounOf(gap)}`
    counts.set(same, { gap, count: (counts.get(same)?.count ?? 0) + gap.subjectCount })
  }
  return [...counts.values()].map(({ gap, count }) => said(gap, counted(count, nounOf(gap)))).join(', ')
}

/** `the keys of 3 projects: why the first of them could not be read`. */
export function gapLine(gap: GapRecord): string {
  return `${said(gap, whoseOf(gap))}: ${gap.because}`
}

function whoseOf(gap: GapRecord): string {
  const { subjects, subjectCount } = gap
  const [only] = subjects
  return subjectCount === 1 && only !== undefined ? only : counted(subjectCount, nounOf(gap))
}

/** The gaps in one line for each kind: how many, and why the most of them were not read. */
export function gapLines(gaps: readonly GapRecord[]): readonly string[] {
  const kinds = new Map<string, GapRecord[]>()
  for (const gap of gaps) {
    const kind = `${gap.missing} ${nounOf(gap)}`
    kinds.set(kind, [...(kinds.get(kind) ?? []), gap])
  }
  return [...kinds.values()].map(kindLine)
}

function kindLine(gaps: readonly GapRecord[]): string {
  const [most, ...others] = gaps.toSorted((one, other) => other.subjectCount - one.subjectCount)
  if (most === undefined) return ''
  const why = shortly(most.because)
  if (others.length === 0) return `${said(most, whoseOf(most))}: ${why}`
  const count = gaps.reduce((sum, { subjectCount }) => sum + subjectCount, 0)
  return `${said(most, counted(count, nounOf(most)))}: ${why}; and ${counted(others.length, 'other reason')}`
}

/** Why, without what failed: the line has said that. */
function shortly(because: string): string {
  return because.replace(/^(?:[^:;]| at \S+)*? failed: /, '')
}

const SUBJECTS_NAMED = 5

/** A gap with what makes it readable, its code, and the first of its subjects. */
export function wholeGap(gap: GapRecord): string {
  const { subjects, subjectCount, reason, fix } = gap
  const line = `${gapLine(gap)} (${reason}); ${fix}`
  if (subjectCount === 1) return line
  const named = subjects.slice(0, SUBJECTS_NAMED)
  const rest = subjectCount - named.length
  return `${line}. It concerns ${named.join(', ')}${rest === 0 ? '' : ` and ${rest} more`}.`
}

/** A key itself is missing, of a project its keys are. */
function said(gap: GapRecord, whose: string): string {
  return gap.missing === 'keys' && nounOf(gap) === 'key' ? whose : `${WHAT[gap.missing]} of ${whose}`
}

function nounOf({ subjects: [subject = ''] }: GapRecord): string {
  if (subject.includes('/keys/')) return 'key'
  return subject.startsWith('projects/') ? 'project' : 'scope'
}
