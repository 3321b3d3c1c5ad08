import { button, element, find } from './element.js'

/** A button that copies a text and says that it did. */
export function copyButton(name: string, textOf: () => string, text = 'Copy'): HTMLButtonElement {
  const made = button(text, () => void copy(textOf(), made), { 'aria-label': name, class: 'copy' })
  return made
}

/** Copies, and tells it on the button and to screen readers. */
export async function copy(text: string, button: HTMLButtonElement): Promise<void> {
  const label = button.textContent ?? ''
  const result = (await written(text)) ? 'Copied' : 'Could not copy'
  button.textContent = result
  find('told', HTMLElement).textContent = result
  setTimeout(() => {
    button.textContent = label
    find('told', HTMLElement).textContent = ''
  }, 1500)
}

async function written(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return writtenByHand(text)
  }
}

/** Browsers have no clipboard for pages that came over plain HTTP, but still copy what is selected. */
function writtenByHand(text: string): boolean {
  const field = element('textarea', { 'aria-hidden': 'true', class: 'unseen' })
  field.value = text
  const parent = document.querySelector('dialog[open]') ?? document.body
  parent.append(field)
  field.select()
  const isDone = document.execCommand('copy')
  field.remove()
  return isDone
}

/** Gives every command of the page outside of the table its button. */
export function addCopyButtons(): void {
  for (const command of document.querySelectorAll('code.command')) {
    command.after(
      ' ',
      copyButton('Copy the command', () => command.textContent ?? ''),
    )
  }
}
