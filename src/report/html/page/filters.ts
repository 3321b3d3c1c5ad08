import { COLUMNS } from './columns.js'
import { element, find } from './element.js'
import type { Row } from './rows.js'
import type { Selected } from './select.js'
import { type Selection, selectionOf } from './selection.js'

/** The form above the table: what it says is the selection, but for the open key and the direction. */
export class Filters {
  readonly #form = find('filters', HTMLFormElement)
  readonly #shown = find('shown', HTMLOutputElement)

  constructor(rows: readonly Row[], changed: (selection: Selection) => void) {
    this.#fill(
      'project',
      rows.map(({ project }) => project),
    )
    this.#fill(
      'owner',
      rows.map(({ owner }) => owner),
    )
    for (const { head, sort } of [{ head: 'Urgency', sort: 'urgency' }, ...COLUMNS]) {
      this.#select('sort').append(element('option', { value: sort }, head))
    }
    this.#form.addEventListener('input', () => changed(this.#read()))
    this.#form.addEventListener('submit', (event) => event.preventDefault())
    this.#form.addEventListener('reset', (event) => {
      event.preventDefault()
      changed(selectionOf(''))
    })
    this.#form.hidden = false
  }

  /** Shows a selection, and what it selects. */
  show(selection: Selection, { rows, counts }: Selected, all: number): void {
    this.#setText('q', selection.search)
    for (const name of ['project', 'owner', 'rule', 'sort'] as const) this.#choose(name, selection[name])
    for (const box of this.#boxes()) {
      box.checked = selection.verdicts.includes(box.value)
      const count = box.parentElement?.querySelector('.count')
      if (count) count.textContent = (counts.get(box.value) ?? 0).toLocaleString('en-US')
    }
    const number = (count: number) => count.toLocaleString('en-US')
    this.#shown.textContent = `${number(rows.length)} of ${number(all)} ${all === 1 ? 'key' : 'keys'}`
  }

  #read(): Selection {
    const value = (name: string) => this.#field(name).value
    return {
      ...selectionOf(`sort=${value('sort')}`),
      verdicts: this.#boxes()
        .filter(({ checked }) => checked)
        .map((box) => box.value),
      project: value('project'),
      owner: value('owner'),
      rule: value('rule'),
      search: value('q'),
    }
  }

  #fill(name: string, values: readonly string[]): void {
    const counts = new Map<string, number>()
    for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
    const names = [...counts.keys()].sort()
    const options = names.map((value) => element('option', { value }, `${value} (${counts.get(value)})`))
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
    const field = this.#field(name)
    if (field.value !== text) field.value = text
  }

  #boxes(): readonly HTMLInputElement[] {
    return [...this.#form.querySelectorAll<HTMLInputElement>('input[name=verdict]')]
  }

  #select(name: string): HTMLSelectElement {
    const field = this.#form.elements.namedItem(name)
    if (!(field instanceof HTMLSelectElement)) throw new Error(`the form has no choice ${name}`)
    return field
  }

  #field(name: string): HTMLInputElement | HTMLSelectElement {
    const field = this.#form.elements.namedItem(name)
    if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) return field
    throw new Error(`the form has no ${name}`)
  }
}
