import { GROUPS } from '../groups.js'
import { copyButton } from './copying.js'
import { detailsOf, headingOf } from './details.js'
import { button, element, find } from './element.js'
import type { Row } from './rows.js'

/** The dialog that shows one key. */
export class KeyDialog {
  readonly #dialog = find('key', HTMLDialogElement)
  #wanted: Row | undefined

  constructor(closed: () => void) {
    this.#dialog.addEventListener('close', closed)
    this.#dialog.addEventListener('click', (event) => {
      if (event.target === this.#dialog) this.#dialog.close()
    })
  }

  /** Shows a key as soon as its record is there; of several that were opened meanwhile, the last one. */
  async open(row: Row): Promise<void> {
    this.#wanted = row
    const record = await row.record()
    if (this.#wanted !== row) return
    const heading = element('h2', { id: 'key-title', tabindex: '-1', autofocus: '' }, headingOf(record))
    this.#dialog.replaceChildren(
      element(
        'article',
        { class: row.group },
        element(
          'header',
          {},
          heading,
          element(
            'p',
            {},
            element('span', { class: `state ${row.group}` }, GROUPS[row.group].label),
            ` ${row.why}`,
          ),
          element(
            'p',
            { class: 'actions' },
            copyButton('Copy link to this key', () => location.href, 'Copy link'),
            button('Close', () => this.#dialog.close()),
          ),
        ),
        ...detailsOf(record),
      ),
    )
    if (!this.#dialog.open) this.#dialog.showModal()
    this.#dialog.scrollTop = 0
  }

  close(): void {
    this.#wanted = undefined
    if (this.#dialog.open) this.#dialog.close()
  }
}
