import { GROUPS } from '../groups.js'
import type { Row } from './rows.js'
import type { SortColumn } from './selection.js'

/** A column of the table: its head, by what it sorts, and its cells' text. */
export interface Column {
  readonly head: string
  readonly sort: SortColumn
  /** Whether the first click sorts downwards: where the large numbers are what one looks for. */
  readonly isDescendingFirst?: boolean
  readonly of: (row: Row) => string
}

export const COLUMNS: readonly Column[] = [
  { head: 'State', sort: 'state', of: ({ group }) => GROUPS[group].label },
  { head: 'Key', sort: 'key', of: ({ title }) => title },
  { head: 'Project', sort: 'project', of: ({ project }) => project },
  { head: 'Owner', sort: 'owner', of: ({ owner }) => owner },
  { head: 'What happened', sort: 'traffic', isDescendingFirst: true, of: ({ traffic }) => traffic },
  { head: 'Why', sort: 'why', of: ({ why }) => why },
  { head: 'To do', sort: 'action', of: ({ action }) => action },
]
