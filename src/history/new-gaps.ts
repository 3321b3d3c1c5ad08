import { GAP_KINDS } from '../model.js'
import { type GapRecord, unexpected } from '../records/gap-record.js'

/** How many subjects miss something now that they did not miss then; what the policy knows does not count. */
export function countNewGaps(now: readonly GapRecord[], before: readonly GapRecord[]): number {
  return GAP_KINDS.reduce((sum, kind) => {
    const [here, there] = [now, before].map((gaps) => subjectsOf(gaps.filter((gap) => gap.missing === kind)))
    if (here === undefined || there === undefined) return sum
    const added = [...here.named].filter((subject) => !there.named.has(subject)).length
    return sum + Math.max(0, added + here.unnamed - there.unnamed)
  }, 0)
}

/** Records name the first of very many subjects; the others can only be counted. */
function subjectsOf(gaps: readonly GapRecord[]): { named: ReadonlySet<string>; unnamed: number } {
  const told = unexpected(gaps)
  return {
    named: new Set(told.flatMap(({ subjects }) => subjects)),
    unnamed: told.reduce((sum, { subjects, subjectCount }) => sum + subjectCount - subjects.length, 0),
  }
}
