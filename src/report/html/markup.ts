/** Text that is markup already; everything else becomes text when it is put into markup. */
export interface Markup {
  readonly markup: string
}

export type Content = string | number | Markup | readonly Content[]

/** Markup from a template: values are escaped, whatever they hold, unless they are markup themselves. */
export function markup(fixed: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return { markup: String.raw({ raw: fixed }, ...values.map(escaped)) }
}

function escaped(content: Content): string {
  if (typeof content === 'string')
    return content.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
  if (typeof content === 'number') return String(content)
  return 'markup' in content ? content.markup : content.map(escaped).join('')
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Markup from text that is known to be safe: the bundled script and style, and data that was made safe. */
export function trusted(text: string): Markup {
  return { markup: text }
}
