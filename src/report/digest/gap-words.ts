import { GAP_KINDS, type GapKind } from '../../model.js'
import type { GapRecord } from '../gap-record.js'
import { counted } from '../wording.js'

const SAID: Readonly<Record<GapKind, { readonly what: string; readonly of: string }>> = {
  projects: { what: 'the projects', of: 'scope' },
  keys: { what: 'the keys', of: 'project' },
  type: { what: 'the key types', of: 'project' },
  services: { what: 'the enabled services', of: 'project' },
  usage: { what: 'the traffic', of: 'project' },
  policy: { what: 'the organization policy', of: 'project' },
}

/** `the keys of 1 project, the traffic of 2 projects`. */
export function unreadCounts(gaps: readonly GapRecord[]): string {
  return GAP_KINDS.flatMap((kind) => {
    const count = gaps.reduce((sum, gap) => sum + (gap.missing === kind ? gap.subjectCount : 0), 0)
    return count === 0 ? [] : [`${SAID[kind].what} of ${counted(count, SAID[kind].of)}`]
  }).join(', ')
}

/** `the keys of 3 projects: why the first of them could not be read`. */
export function gapLine({ missing, subjects, subjectCount, because }: GapRecord): string {
  const { what, of } = SAID[missing]
  return `${what} of ${subjectCount === 1 ? (subjects[0] ?? of) : counted(subjectCount, of)}: ${because}`
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
