import type { GapKind } from '../../model.js'
import type { GapRecord } from '../gap-record.js'
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
  const { subjects, subjectCount, because } = gap
  const [only] = subjects
  const whose = subjectCount === 1 && only !== undefined ? only : counted(subjectCount, nounOf(gap))
  return `${said(gap, whose)}: ${because}`
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
