import { counted } from '../wording.js'

/** What a message says, before it becomes Slack's blocks or a terminal's lines. Texts are plain, unescaped. */
export type MessageBlock = Headline | Paragraph | Tiles | List | Table | Step | Links | Small

/** The first line: the worst news. */
export interface Headline {
  readonly kind: 'headline'
  readonly text: string
}

export interface Paragraph {
  readonly kind: 'paragraph'
  readonly text: string
  readonly bold?: true
  /** ID of the Slack user or user group that the paragraph calls. */
  readonly mention?: string
}

export interface List {
  readonly kind: 'list'
  readonly title: string
  readonly lines: readonly string[]
  /** Lines that there was no room for. */
  readonly more: number
  /** Where these are: `in the run record`. */
  readonly elsewhere?: string
}

export interface Table {
  readonly kind: 'table'
  readonly title: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** Rows that there was no room for. */
  readonly more: number
  /** Where these are. */
  readonly elsewhere?: string
}

/** Numbers with their labels, side by side where there is room. */
export interface Tiles {
  readonly kind: 'tiles'
  readonly tiles: readonly { readonly label: string; readonly value: string }[]
}

/** Pages that lead further. */
export interface Links {
  readonly kind: 'links'
  readonly links: readonly { readonly label: string; readonly url: string }[]
}

/** Something to do, with the command or page that does it. */
export interface Step {
  readonly kind: 'step'
  readonly say: string
  readonly command?: string
  readonly url?: string
}

export interface Small {
  readonly kind: 'small'
  readonly text: string
}

/** The lines, or nothing where there are none. */
export function list(title: string, lines: readonly string[]): readonly List[] {
  return lines.length === 0 ? [] : [{ kind: 'list', title, lines, more: 0 }]
}

/** How many items a list or table leaves out, as its last line; nothing where it leaves out none. */
export function moreLine({ more, elsewhere }: Pick<List, 'more' | 'elsewhere'>): readonly string[] {
  const where = elsewhere === undefined ? '' : ` ${elsewhere}`
  return more === 0 ? [] : [`and ${counted(more, 'more', 'more')}${where}`]
}
