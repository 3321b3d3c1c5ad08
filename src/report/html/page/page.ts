import type { Column } from './columns.js'
import { addCopyButtons, copy } from './copying.js'
import { KeyDialog } from './dialog.js'
import { find } from './element.js'
import { Filters } from './filters.js'
import { printPlainly } from './printing.js'
import { type Row, readRows } from './rows.js'
import { type Selected, select } from './select.js'
import { hashOf, type Selection, selectionOf } from './selection.js'
import { Table } from './table.js'

const rows = readRows()
const byUid = new Map(rows.map((row) => [row.uid, row]))
let selection = selectionOf('')
let selected: Selected = select(rows, selection)

const table = new Table({ open: (row) => show({ ...selection, open: row.uid }), sort: sortBy })
const dialog = new KeyDialog(closed)
const filters = new Filters(rows, (read) => show({ ...read, isDescending: direction(read) }))

/** Shows a selection and writes it into the address. */
function show(wanted: Selection): void {
  const isSame = hashOf({ ...wanted, open: '' }) === hashOf({ ...selection, open: '' })
  selection = wanted
  history.replaceState(null, '', hashOf(selection) || location.pathname + location.search)
  draw(isSame)
}

function draw(isSameRows: boolean): void {
  if (!isSameRows) {
    selected = select(rows, selection)
    filters.show(selection, selected, rows.length)
    table.show(selected.rows, selection)
  }
  const open = byUid.get(selection.open)
  if (open === undefined) dialog.close()
  else dialog.open(open)
}

/** A column sorts one way, then the other, and then no longer. */
function sortBy({ sort, isDescendingFirst = false }: Column): void {
  if (selection.sort !== sort) show({ ...selection, sort, isDescending: isDescendingFirst })
  else if (selection.isDescending === isDescendingFirst)
    show({ ...selection, isDescending: !isDescendingFirst })
  else show({ ...selection, sort: 'urgency', isDescending: false })
}

/** Another filter keeps the direction, another column has its own. */
function direction({ sort }: Selection): boolean {
  return sort === selection.sort ? selection.isDescending : sort === 'traffic'
}

function closed(): void {
  const row: Row | undefined = byUid.get(selection.open)
  if (row === undefined) return
  show({ ...selection, open: '' })
  table.focus(row)
}

/** Links within the page, and addresses that somebody has changed by hand. */
function follow(): void {
  if (location.hash !== '' && !location.hash.includes('=')) return
  selection = selectionOf(location.hash)
  draw(false)
  if (location.hash !== '') find('keys', HTMLElement).scrollIntoView()
}

find('table', HTMLElement).hidden = false
find('table-help', HTMLElement).hidden = false
const link = find('link', HTMLButtonElement)
link.addEventListener('click', () => void copy(location.href, link))
addEventListener('hashchange', follow)
addCopyButtons()
printPlainly(() => selected.rows)
draw(false)
follow()
