import { COLUMNS } from './columns.js'
import { element, find } from './element.js'
import type { Row } from './rows.js'

const AFFECTED: readonly string[] = ['overdue', 'due', 'unknown']

/** While the page is printed, the affected keys of what is shown stand in it as a plain table. */
export function printPlainly(rowsShown: () => readonly Row[]): void {
  const place = find('print', HTMLElement)
  addEventListener('beforeprint', () => {
    const affected = rowsShown().filter(({ verdict }) => AFFECTED.includes(verdict))
    place.replaceChildren(plainTable(affected))
  })
  addEventListener('afterprint', () => place.replaceChildren())
}

function plainTable(rows: readonly Row[]): Node {
  return element(
    'table',
    {},
    element('caption', {}, `${rows.length.toLocaleString('en-US')} affected keys`),
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
