import type { Column } from './table-columns.js'

/** A column and its place among all; `width`: characters with the blanks around its text. */
export interface Sized {
  readonly column: Column
  readonly at: number
  readonly width: number
}

/** Characters that a column of names keeps before another column is left out: two of them are blanks. */
const NARROWEST = 15

/** What fits into so many characters: columns are left out first, the least needed first, then names are cut. */
export function fitColumns(columns: readonly Sized[], width: number): readonly Sized[] {
  let kept = columns
  while (kept.length > 2 && total(kept.map(narrowest)) > width) kept = withoutOne(kept)
  const floor = total(kept.map(narrowest)) > width ? 4 : NARROWEST
  let fitting: readonly Sized[] = kept.map((sized) => ({ ...sized, width: Math.min(sized.width, width) }))
  while (total(fitting) > width) {
    const cut = fitting.filter((sized) => sized.column.isName && sized.width > floor)
    const widest = Math.max(...cut.map((sized) => sized.width))
    const victim = cut.findLast((sized) => sized.width === widest)
    if (victim === undefined) break
    fitting = fitting.map((sized) => (sized === victim ? { ...sized, width: sized.width - 1 } : sized))
  }
  return fitting
}

function narrowest(sized: Sized): Sized {
  return sized.column.isName ? { ...sized, width: Math.min(sized.width, NARROWEST) } : sized
}

/** Characters of a line: the columns and the strokes between and beside them. */
function total(columns: readonly Sized[]): number {
  return columns.reduce((sum, { width }) => sum + width, columns.length + 1)
}

function withoutOne(columns: readonly Sized[]): readonly Sized[] {
  const most = Math.max(...columns.map(({ column }) => column.dispensable))
  return columns.filter(({ column }) => column.dispensable !== most)
}
