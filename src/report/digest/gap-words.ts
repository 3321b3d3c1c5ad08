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

const SUBJECTS_NAMED = 5

/** Why something was not read, what makes it readable, and what it is. */
export function wholeGap(gap: GapRecord): string {
  const named = gap.subjectCount === 1 ? [] : gap.subjects.slice(0, SUBJECTS_NAMED)
  const rest = gap.subjectCount - named.length
  const subjects =
    named.length === 0 ? '' : ` Among them: ${named.join(', ')}${rest === 0 ? '' : ` and ${rest} more`}.`
  return `${gap.because} ${gap.fix}${subjects} (${gap.missing}: ${gap.reason})`
}
