/** What of the keys is shown, in which order, and which key is open: all of it stands in the page's address. */
export interface Selection {
  /** None for all. */
  readonly verdicts: readonly string[]
  /** Empty for all; the same with the next two. */
  readonly project: string
  readonly owner: string
  readonly rule: string
  readonly search: string
  readonly sort: SortColumn
  readonly isDescending: boolean
  /** The `uid` of the open key, or empty. */
  readonly open: string
}

export const SORT_COLUMNS = [
  'urgency',
  'verdict',
  'key',
  'project',
  'owner',
  'why',
  'traffic',
  'action',
] as const
/** Urgency is the order of all reports, and no column's. */
export type SortColumn = (typeof SORT_COLUMNS)[number]

/** The selection that an address names; what it does not name is not restricted. */
export function selectionOf(hash: string): Selection {
  const named = new URLSearchParams(hash.replace(/^#/, ''))
  const get = (name: string) => named.get(name) ?? ''
  const sort = get('sort').replace(/^-/, '')
  return {
    verdicts: get('verdict')
      .split(',')
      .filter((verdict) => verdict !== ''),
    project: get('project'),
    owner: get('owner'),
    rule: get('rule'),
    search: get('q'),
    sort: SORT_COLUMNS.find((column) => column === sort) ?? 'urgency',
    isDescending: get('sort').startsWith('-'),
    open: get('key'),
  }
}

/** The address of a selection, with `#`, or nothing where nothing is restricted. */
export function hashOf(selection: Selection): string {
  const { verdicts, project, owner, rule, search, sort, isDescending, open } = selection
  const order = `${isDescending ? '-' : ''}${sort}`
  const named = Object.entries({
    verdict: verdicts.join(','),
    project,
    owner,
    rule,
    q: search,
    sort: order === 'urgency' ? '' : order,
    key: open,
  }).filter(([, value]) => value !== '')
  return named.length === 0 ? '' : `#${new URLSearchParams(named).toString().replaceAll('%2C', ',')}`
}
