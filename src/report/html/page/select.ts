import { VERDICTS } from '../../../model.js'
import type { Row } from './rows.js'
import type { Selection, SortColumn } from './selection.js'

export interface Selected {
  readonly rows: readonly Row[]
  /** By verdict, whatever verdicts are selected. */
  readonly counts: ReadonlyMap<string, number>
}

/** The rows that a selection shows, in its order. */
export function select(all: readonly Row[], selection: Selection): Selected {
  const words = selection.search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  const counts = new Map<string, number>()
  const rows: Row[] = []
  for (const row of all) {
    if (!fits(row, selection) || !words.every((word) => row.haystack.includes(word))) continue
    counts.set(row.verdict, (counts.get(row.verdict) ?? 0) + 1)
    if (selection.verdicts.length === 0 || selection.verdicts.includes(row.verdict)) rows.push(row)
  }
  return { rows: inOrder(rows, selection), counts }
}

function fits(row: Row, { project, owner, rule }: Selection): boolean {
  return (
    (project === '' || row.project === project) &&
    (owner === '' || row.owner === owner) &&
    (rule === '' || row.rules.some((own) => own === rule))
  )
}

const COLLATOR = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

const TEXT: Readonly<Record<Exclude<SortColumn, 'urgency' | 'verdict' | 'traffic'>, (row: Row) => string>> = {
  key: ({ title }) => title,
  project: ({ project }) => project,
  owner: ({ owner }) => owner,
  why: ({ why }) => why,
  action: ({ action }) => action,
}

/** Rows that are alike keep the order of urgency, in both directions. */
function inOrder(rows: Row[], { sort, isDescending }: Selection): readonly Row[] {
  const sign = isDescending ? -1 : 1
  if (sort === 'urgency') return isDescending ? rows.reverse() : rows
  if (sort === 'verdict') return rows.sort((one, other) => sign * (verdictOf(one) - verdictOf(other)))
  if (sort === 'traffic') return rows.sort((one, other) => sign * (one.accepted - other.accepted))
  const ranks = ranksOf(rows, TEXT[sort])
  const rank = (row: Row) => ranks.get(TEXT[sort](row)) ?? 0
  return rows.sort((one, other) => sign * (rank(one) - rank(other)))
}

/** Verdicts have an order of their own, the worst first. */
function verdictOf({ verdict }: Row): number {
  return VERDICTS.indexOf(verdict)
}

/** The same few texts stand in many rows, and comparing texts takes long. */
function ranksOf(rows: readonly Row[], textOf: (row: Row) => string): ReadonlyMap<string, number> {
  const texts = [...new Set(rows.map(textOf))].sort(COLLATOR.compare)
  return new Map(texts.map((text, rank) => [text, rank]))
}
