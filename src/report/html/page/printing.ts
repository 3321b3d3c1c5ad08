import { COLUMNS } from './columns.js'
import { element, find } from './element.js'
import type { Row } from './rows.js'

/** While the page is printed, all keys that are selected stand in it as a plain table. */
export function printPlainly(rowsShown: () => readonly Row[]): void {
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
