import { GROUP_NAMES } from '../groups.js'
import type { Row } from './rows.js'
import type { Selection, SortColumn } from './selection.js'

/** The rows that a selection shows, in its order. */
export function select(all: readonly Row[], selection: Selection): readonly Row[] {
  const words = selection.search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  const rows = all.filter((row) => fits(row, selection) && words.every((word) => row.haystack.includes(word)))
  return inOrder(rows, selection)
}

function fits(row: Row, { show, project, owner, rule, todo }: Selection): boolean {
  return (
    (show === '' || row.group === show) &&
    (project === '' || row.project === project) &&
    (owner === '' || row.owner === owner) &&
    (rule === '' || row.rule === rule) &&
    (todo === '' || row.todo === todo)
  )
}

const COLLATOR = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

const TEXT: Readonly<Record<Exclude<SortColumn, 'state' | 'traffic'>, (row: Row) => string>> = {
  key: ({ title }) => title,
  project: ({ project }) => project,
  owner: ({ owner }) => owner,
  why: ({ why }) => why,
  action: ({ action }) => action,
}

/** Rows that are alike keep the order of urgency, in both directions. */
function inOrder(rows: Row[], { sort, isDescending }: Selection): readonly Row[] {
  const sign = isDescending ? -1 : 1
  const rank = rankIn(rows, sort)
  return rows.sort((one, other) => sign * (rank(one) - rank(other)))
}

function rankIn(rows: readonly Row[], sort: SortColumn): (row: Row) => number {
  if (sort === 'state') return ({ group }) => GROUP_NAMES.indexOf(group)
  if (sort === 'traffic') return ({ calls }) => calls
  const textOf = TEXT[sort]
  const ranks = ranksOf(rows, textOf)
  return (row) => ranks.get(textOf(row)) ?? 0
}

/** The same few texts stand in many rows, and comparing texts takes long. */
function ranksOf(rows: readonly Row[], textOf: (row: Row) => string): ReadonlyMap<string, number> {
  const texts = [...new Set(rows.map(textOf))].sort(COLLATOR.compare)
  return new Map(texts.map((text, rank) => [text, rank]))
}
