import { ACTIONS } from '../../../model.js'
import { ACCOUNT_WAYS } from '../../../policy/hygiene.js'
import { ACCOUNT_WAY_WORDS, ACTION_WORDS } from '../../glossary.js'
import { amount, counted, sentenceCase } from '../../wording.js'
import { GROUP_NAMES, GROUPS } from '../groups.js'
import { COLUMNS } from './columns.js'
import { element, find } from './element.js'
import type { Row } from './rows.js'
import { CHOICES, isRestricted, type Selection, selectionOf } from './selection.js'

const TODO = { ...ACTION_WORDS, ...ACCOUNT_WAY_WORDS }

/** The form above the table and the tiles: what they say is the selection, but for the open key and the direction. */
export class Filters {
  readonly #form = find('filters', HTMLFormElement)
  readonly #shown = find('shown', HTMLOutputElement)
  readonly #clear = find('clear', HTMLButtonElement)
  readonly #more = find('more-filters', HTMLButtonElement)
  readonly #tiles = document.querySelectorAll<HTMLAnchorElement>('a.tile')
  readonly #changed: (selection: Selection) => void

  constructor(rows: readonly Row[], changed: (selection: Selection) => void) {
    this.#changed = changed
    const same = (value: string) => value
    const [groups, actions] = [countsOf(rows, ({ group }) => group), countsOf(rows, ({ todo }) => todo)]
    this.#offer('show', inOrder(GROUP_NAMES, groups), (group) => GROUPS[group].label)
    this.#offer('project', sorted(countsOf(rows, ({ project }) => project)), same)
    this.#offer('owner', sorted(countsOf(rows, ({ owner }) => owner)), same)
    this.#offer('todo', inOrder([...ACTIONS, ...ACCOUNT_WAYS], actions), (action) =>
      sentenceCase(TODO[action]),
    )
    for (const { head, sort } of COLUMNS)
      this.#select('sort').append(element('option', { value: sort }, head))
    this.#form.addEventListener('input', () => changed(this.#read()))
    this.#form.addEventListener('submit', (event) => event.preventDefault())
    this.#form.addEventListener('reset', (event) => {
      event.preventDefault()
      this.clear()
    })
    this.#more.addEventListener('click', () => this.#unfold())
    this.#form.hidden = false
  }

  clear(): void {
    this.#changed(selectionOf(''))
    this.#input('q').focus()
  }

  /** Shows a selection, and how many of all keys it selects. */
  show(selection: Selection, count: number, all: number): void {
    this.#setText('q', selection.search)
    for (const name of [...CHOICES, 'sort'] as const) this.#choose(name, selection[name])
    for (const tile of this.#tiles) {
      const isOn = selectionOf(tile.hash).show === selection.show
      if (isOn) tile.setAttribute('aria-current', 'true')
      else tile.removeAttribute('aria-current')
    }
    const keys = counted(all, 'key')
    this.#clear.hidden = !isRestricted(selection)
    this.#shown.textContent = count === all ? keys : `${amount(count)} of ${keys}`
  }

  /** On narrow screens the choices stand behind a button. */
  #unfold(): void {
    const isOpen = this.#form.classList.toggle('unfolded')
    this.#more.setAttribute('aria-expanded', String(isOpen))
  }

  #read(): Selection {
    const value = (name: string) => this.#field(name).value
    const { sort, isDescending } = selectionOf(`sort=${value('sort')}`)
    return {
      ...selectionOf(''),
      ...Object.fromEntries(CHOICES.map((choice) => [choice, value(choice)])),
      search: value('q'),
      sort,
      isDescending,
    }
  }

  #offer<Value extends string>(name: string, counts: Counts<Value>, labelOf: (value: Value) => string): void {
    const options = counts.map(([value, count]) =>
      element('option', { value }, `${labelOf(value)} (${amount(count)})`),
    )
    this.#select(name).append(...options)
  }

  /** An address may name what no key has; the choice says so rather than "all". */
  #choose(name: string, value: string): void {
    const field = this.#select(name)
    if (![...field.options].some((option) => option.value === value)) {
      field.append(element('option', { value }, `${value} (0)`))
    }
    field.value = value
  }

  #setText(name: string, text: string): void {
    const field = this.#input(name)
    if (field.value !== text) field.value = text
  }

  #select(name: string): HTMLSelectElement {
    const field = this.#form.elements.namedItem(name)
    if (!(field instanceof HTMLSelectElement)) throw new Error(`the form has no choice ${name}`)
    return field
  }

  #input(name: string): HTMLInputElement {
    const field = this.#form.elements.namedItem(name)
    if (!(field instanceof HTMLInputElement)) throw new Error(`the form has no field ${name}`)
    return field
  }

  #field(name: string): HTMLInputElement | HTMLSelectElement {
    return name === 'q' ? this.#input(name) : this.#select(name)
  }
}

type Counts<Value extends string> = readonly (readonly [value: Value, count: number])[]

function countsOf<Value extends string>(
  rows: readonly Row[],
  choiceOf: (row: Row) => Value,
): ReadonlyMap<Value, number> {
  const counts = new Map<Value, number>()
  for (const row of rows) counts.set(choiceOf(row), (counts.get(choiceOf(row)) ?? 0) + 1)
  return counts
}

function inOrder<Value extends string>(
  order: readonly Value[],
  counts: ReadonlyMap<Value, number>,
): Counts<Value> {
  return order.map((value) => [value, counts.get(value) ?? 0] as const).filter(([, count]) => count > 0)
}

const COLLATOR = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

function sorted(counts: ReadonlyMap<string, number>): Counts<string> {
  return [...counts].sort(([one], [other]) => COLLATOR.compare(one, other))
}
