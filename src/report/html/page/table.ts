import { observeWindowOffset, observeWindowRect, Virtualizer, windowScroll } from '@tanstack/virtual-core'
import { COLUMNS, type Column } from './columns.js'
import { button, element, find } from './element.js'
import type { Row } from './rows.js'
import type { Selection } from './selection.js'

export interface TableEvents {
  readonly open: (row: Row) => void
  readonly sort: (column: Column) => void
  readonly clear: () => void
}

/** Heights of a row in CSS pixels: one line, two, or on phones a card. The style sheet has the same. */
const HEIGHTS = { wide: 44, middle: 64, narrow: 108 }
const HEAD = 40

/** The widths from which on rows are lower; the style sheet has the same. */
const WIDE = matchMedia('(min-width: 1100px)')
const MIDDLE = matchMedia('(min-width: 700px)')

/**
 * The keys as a grid of which only the lines in view are in the page. Arrow keys move between the lines,
 * of which one at a time can be reached by Tab; that line stays in the page wherever it is.
 */
export class Table {
  readonly #grid = find('table', HTMLElement)
  readonly #body = element('div', { role: 'rowgroup', class: 'body' })
  readonly #none = find('none', HTMLElement)
  readonly #heads: readonly HTMLElement[]
  #lines = new Map<Row, HTMLElement>()
  readonly #events: TableEvents
  readonly #virtualizer: Virtualizer<Window, HTMLElement>
  #rows: readonly Row[] = []
  #active = 0

  constructor(events: TableEvents) {
    this.#events = events
    this.#heads = COLUMNS.map((column) => headOf(column, events))
    const head = element('div', { role: 'row', class: 'row head', 'aria-rowindex': '1' }, ...this.#heads)
    this.#grid.append(element('div', { role: 'rowgroup', class: 'heads' }, head), this.#body)
    this.#none.append(
      element('p', {}, 'No key matches.'),
      button('Clear filters', () => events.clear(), { class: 'primary' }),
    )
    this.#virtualizer = new Virtualizer<Window, HTMLElement>({
      count: 0,
      getScrollElement: () => window,
      estimateSize: heightOfLine,
      scrollToFn: windowScroll,
      observeElementRect: observeWindowRect,
      observeElementOffset: observeWindowOffset,
      overscan: 8,
      scrollPaddingStart: HEAD,
      onChange: () => this.#draw(),
    })
    this.#virtualizer._didMount()
    this.#virtualizer._willUpdate()
    this.#body.addEventListener('keydown', (event) => this.#move(event))
    for (const width of [WIDE, MIDDLE]) width.addEventListener('change', () => this.#measure())
    new ResizeObserver(() => this.#place()).observe(document.body)
  }

  #measure(): void {
    this.#virtualizer.measure()
    this.#place()
  }

  /** Shows these rows from now on. */
  show(rows: readonly Row[], selection: Selection): void {
    this.#rows = rows
    this.#active = 0
    this.#grid.hidden = rows.length === 0
    this.#none.hidden = rows.length > 0
    this.#grid.setAttribute('aria-rowcount', String(rows.length + 1))
    for (const [index, column] of COLUMNS.entries()) {
      const order = selection.isDescending ? 'descending' : 'ascending'
      this.#heads[index]?.setAttribute('aria-sort', column.sort === selection.sort ? order : 'none')
    }
    this.#place()
  }

  /** Gives the focus to the line of a row, wherever it is. */
  focus(row: Row): void {
    const index = this.#rows.indexOf(row)
    if (index >= 0) this.#activate(index)
  }

  #indexesInPage(): readonly number[] {
    const indexes = new Set([this.#active, ...this.#virtualizer.getVirtualIndexes()])
    return [...indexes].sort((one, other) => one - other)
  }

  /** Tells the virtual list how many lines there are and where in the page they begin. */
  #place(): void {
    const { options } = this.#virtualizer
    const [count, scrollMargin] = [this.#rows.length, this.#body.getBoundingClientRect().top + scrollY]
    if (count !== options.count || scrollMargin !== options.scrollMargin) {
      this.#virtualizer.setOptions({ ...options, count, scrollMargin })
      this.#virtualizer._willUpdate()
    }
    this.#draw()
  }

  #draw(): void {
    this.#body.style.height = `${this.#virtualizer.getTotalSize()}px`
    const lines = new Map<Row, HTMLElement>()
    for (const index of this.#indexesInPage()) {
      const row = this.#rows[index]
      if (row !== undefined) lines.set(row, this.#placed(row, index))
    }
    for (const [row, line] of this.#lines) if (!lines.has(row)) line.remove()
    this.#lines = lines
    this.#arrange()
  }

  #placed(row: Row, index: number): HTMLElement {
    const line = this.#lines.get(row) ?? this.#newLine(row)
    line.style.transform = `translateY(${index * heightOfLine()}px)`
    line.setAttribute('aria-rowindex', String(index + 2))
    line.tabIndex = index === this.#active ? 0 : -1
    return line
  }

  #newLine(row: Row): HTMLElement {
    const line = lineOf(row)
    line.addEventListener('click', () => this.#events.open(row))
    return line
  }

  /** Screen readers read in the order of the page. A line that stands right is not moved: it may have the focus. */
  #arrange(): void {
    let next = this.#body.firstElementChild
    for (const line of this.#lines.values()) {
      if (line === next) next = line.nextElementSibling
      else this.#body.insertBefore(line, next)
    }
  }

  #move(event: KeyboardEvent): void {
    const page = Math.max(1, Math.floor(innerHeight / heightOfLine()) - 2)
    const targets: Readonly<Record<string, number>> = {
      ArrowDown: this.#active + 1,
      ArrowUp: this.#active - 1,
      PageDown: this.#active + page,
      PageUp: this.#active - page,
      Home: 0,
      End: this.#rows.length - 1,
    }
    const target = targets[event.key]
    const row = this.#rows[this.#active]
    if (target !== undefined) this.#activate(target)
    else if (row !== undefined && (event.key === 'Enter' || event.key === ' ')) this.#events.open(row)
    else return
    event.preventDefault()
  }

  #activate(wanted: number): void {
    this.#active = Math.min(Math.max(0, wanted), this.#rows.length - 1)
    this.#virtualizer.scrollToIndex(this.#active)
    this.#draw()
    const row = this.#rows[this.#active]
    if (row !== undefined) this.#lines.get(row)?.focus({ preventScroll: true })
  }
}

function heightOfLine(): number {
  return WIDE.matches ? HEIGHTS.wide : MIDDLE.matches ? HEIGHTS.middle : HEIGHTS.narrow
}

function headOf(column: Column, { sort }: TableEvents): HTMLElement {
  return element(
    'div',
    { role: 'columnheader', class: `cell ${column.sort}` },
    button(column.head, () => sort(column)),
  )
}

function lineOf(row: Row): HTMLElement {
  const cells = COLUMNS.map((column) => {
    const text = column.of(row)
    return element('div', { role: 'gridcell', class: `cell ${column.sort}`, title: text }, text)
  })
  if (row.change !== '') cells[1]?.append(' ', element('small', { class: 'tag' }, row.change))
  return element('div', { role: 'row', class: `row line ${row.group}` }, ...cells)
}
