/** What of the keys is shown, in which order, and which key is open: all of it stands in the page's address. */
export interface Selection {
  /** A group of keys, or empty for all; the same with the others but for the order. */
  readonly show: string
  readonly project: string
  readonly owner: string
  readonly rule: string
  /** What is to be done. */
  readonly todo: string
  readonly search: string
  readonly sort: SortColumn
  readonly isDescending: boolean
  /** The `uid` of the open key, or empty. */
  readonly open: string
}

/** The choices of the form. */
export const CHOICES = ['show', 'project', 'owner', 'rule', 'todo'] as const

/** In the order of states keys of one state are in the order of all reports, by urgency. */
const SORT_COLUMNS = ['state', 'key', 'project', 'owner', 'traffic', 'why', 'action'] as const
export type SortColumn = (typeof SORT_COLUMNS)[number]

/** The selection that an address names; what it does not name is not restricted. */
export function selectionOf(hash: string): Selection {
  const named = new URLSearchParams(hash.replace(/^#/, ''))
  const get = (name: string) => named.get(name) ?? ''
  const sort = get('sort').replace(/^-/, '')
  return {
    show: get('show'),
    project: get('project'),
    owner: get('owner'),
    rule: get('rule'),
    todo: get('todo'),
    search: get('q'),
    sort: SORT_COLUMNS.find((column) => column === sort) ?? 'state',
    isDescending: get('sort').startsWith('-'),
    open: get('key'),
  }
}

/** The address of a selection, with `#`, or nothing where nothing is restricted. */
export function hashOf(selection: Selection): string {
  const { show, project, owner, rule, todo, search, sort, isDescending, open } = selection
  const order = `${isDescending ? '-' : ''}${sort}`
  const named = Object.entries({
    show,
    project,
    owner,
    rule,
    todo,
    q: search,
    sort: order === 'state' ? '' : order,
    key: open,
  }).filter(([, value]) => value !== '')
  return named.length === 0 ? '' : `#${new URLSearchParams(named)}`
}

/** Whether a selection leaves keys out. */
export function isRestricted(selection: Selection): boolean {
  return selection.search !== '' || CHOICES.some((choice) => selection[choice] !== '')
}
