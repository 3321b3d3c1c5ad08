import { HYGIENE_RULES } from '../../../policy/hygiene.js'
import { GROUP_NAMES } from '../groups.js'
import { COLUMNS, type Column } from './columns.js'
import { addCopyButtons, copy } from './copying.js'
import { KeyDialog } from './dialog.js'
import { element, find } from './element.js'
import { Filters } from './filters.js'
import { type Row, readRows } from './rows.js'
import { hashOf, type Selection, type SortColumn, selectionOf } from './selection.js'
import { Table } from './table.js'

/** The rows that a selection shows, in its order. */
function select(all: readonly Row[], selection: Selection): readonly Row[] {
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
    (rule === '' || row.rules.some((each) => each === rule)) &&
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

const ROWS: readonly unknown[] = HYGIENE_RULES

/** Within those to look at the worst come first: they have no order of urgency. */
function stateRank({ group, rules: [first] }: Row): number {
  const place = ROWS.indexOf(first)
  return GROUP_NAMES.indexOf(group) + Math.max(0, place) / ROWS.length
}

function rankIn(rows: readonly Row[], sort: SortColumn): (row: Row) => number {
  if (sort === 'state') return stateRank
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

/** The table with its filters, the dialog, and the address that names what both show. */
class KeysPage {
  readonly #rows: readonly Row[]
  readonly #byUid: ReadonlyMap<string, Row>
  readonly #table = new Table({
    open: (row) => this.#show({ ...this.#selection, open: row.uid }),
    sort: (column) => this.#sortBy(column),
    clear: () => this.#filters.clear(),
  })
  readonly #dialog = new KeyDialog(() => this.#closed())
  readonly #filters: Filters
  #selection = selectionOf('')
  #rowsShown: readonly Row[]

  constructor(rows: readonly Row[]) {
    this.#rows = rows
    this.#byUid = new Map(rows.map((row) => [row.uid, row]))
    this.#filters = new Filters(rows, (read) => this.#show({ ...read, isDescending: this.#direction(read) }))
    this.#rowsShown = select(rows, this.#selection)
    this.#draw(false)
    this.#follow()
    addEventListener('hashchange', () => this.#follow())
    document.addEventListener('click', (event) => this.#release(event))
  }

  get rowsShown(): readonly Row[] {
    return this.#rowsShown
  }

  /** Shows a selection and writes it into the address. */
  #show(wanted: Selection): void {
    const isSame = hashOf({ ...wanted, open: '' }) === hashOf({ ...this.#selection, open: '' })
    this.#selection = wanted
    history.replaceState(null, '', hashOf(wanted) || location.pathname + location.search)
    this.#draw(isSame)
  }

  #draw(isSameRows: boolean): void {
    if (!isSameRows) {
      this.#rowsShown = select(this.#rows, this.#selection)
      this.#filters.show(this.#selection, this.#rowsShown.length, this.#rows.length)
      this.#table.show(this.#rowsShown, this.#selection)
    }
    const open = this.#byUid.get(this.#selection.open)
    if (open === undefined) this.#dialog.close()
    else void this.#dialog.open(open)
  }

  /** A column sorts one way, then the other, and then states do again. */
  #sortBy({ sort, isDescendingFirst = false }: Column): void {
    const now = this.#selection
    if (now.sort !== sort) this.#show({ ...now, sort, isDescending: isDescendingFirst })
    else if (now.isDescending === isDescendingFirst) this.#show({ ...now, isDescending: !isDescendingFirst })
    else this.#show({ ...now, sort: 'state', isDescending: false })
  }

  /** Another filter keeps the direction, another column has its own. */
  #direction({ sort }: Selection): boolean {
    return sort === this.#selection.sort ? this.#selection.isDescending : sort === 'traffic'
  }

  #closed(): void {
    const row = this.#byUid.get(this.#selection.open)
    if (row === undefined) return
    this.#show({ ...this.#selection, open: '' })
    this.#table.focus(row)
  }

  /** Links within the page, and addresses that were changed by hand. */
  #follow(): void {
    if (location.hash !== '' && !location.hash.includes('=')) return
    this.#selection = selectionOf(location.hash)
    this.#draw(false)
    if (location.hash !== '') showTable()
  }

  /** The tile of what is shown shows all keys again. */
  #release(event: MouseEvent): void {
    const tile = event.target instanceof Element ? event.target.closest('a.tile') : null
    if (tile?.getAttribute('aria-current') !== 'true') return
    event.preventDefault()
    this.#show({ ...this.#selection, show: '' })
  }
}

/** Scrolls to the table unless its beginning is in view. */
function showTable(): void {
  const keys = find('keys', HTMLElement)
  const { top } = keys.getBoundingClientRect()
  if (top < 0 || top > 0.75 * innerHeight) keys.scrollIntoView()
}

/** The table begins on the first screen of a phone. */
function foldOnPhones(): void {
  if (matchMedia('(max-width: 699.9px)').matches) find('development', HTMLDetailsElement).open = false
}

async function start(): Promise<void> {
  addCopyButtons()
  foldOnPhones()
  const rows = await readRows()
  for (const id of ['table', 'table-help']) find(id, HTMLElement).hidden = false
  find('reading', HTMLElement).hidden = true
  const page = new KeysPage(rows)
  printPlainly(() => page.rowsShown)
  const link = find('link', HTMLButtonElement)
  link.addEventListener('click', () => void copy(location.href, link))
}

void start()

/** While the page is printed, all keys that are selected stand in it as a plain table. */
function printPlainly(rowsShown: () => readonly Row[]): void {
  const place = find('print', HTMLElement)
  addEventListener('beforeprint', () => {
    place.replaceChildren(plainTable(rowsShown()))
  })
  addEventListener('afterprint', () => place.replaceChildren())
}

function plainTable(rows: readonly Row[]): Node {
  return element(
    'table',
    {},
    element('caption', {}, rows.length === 1 ? '1 key' : `${rows.length.toLocaleString('en-US')} keys`),
    element(
      'thead',
      {},
      element('tr', {}, ...COLUMNS.map(({ head }) => element('th', { scope: 'col' }, head))),
    ),
    element('tbody', {}, ...rows.map(plainRow)),
  )
}

function plainRow(row: Row): Node {
  return element('tr', {}, ...COLUMNS.map((column) => element('td', {}, column.of(row))))
}
