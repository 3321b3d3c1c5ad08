import { readdirSync, readFileSync } from 'node:fs'

/** A fenced block of a Markdown page. */
export interface Fence {
  readonly language: string
  readonly text: string
}

/** The fenced blocks of a Markdown text, those of lists as well. */
export function fencesIn(markdown: string): readonly Fence[] {
  const fences = markdown.matchAll(/^( *)(`{3,})([^\n`]*)\n([\s\S]*?)^ *\2 *$/gm)
  return [...fences].map(([, indent = '', , language = '', text = '']) => ({
    language: language.trim(),
    text: text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  }))
}

/** What is copied from a fence into a shell: all of a shell's, and what stands behind a prompt in a text. */
export function commandsOf({ language, text }: Fence): string {
  if (language === 'sh') return text
  const prompts = [...text.matchAll(/^\$ (.*)$/gm)].map(([, command = '']) => `${command}\n`)
  return language === 'text' ? prompts.join('') : ''
}

/** Every Markdown page that people read, by its path. */
export function documents(): ReadonlyMap<string, string> {
  const inFolder = (folder: string, prefix: string) =>
    readdirSync(folder)
      .filter((file) => file.endsWith('.md'))
      .map((file) => `${prefix}${file}`)
  const paths = [...inFolder('.', ''), ...inFolder('docs', 'docs/')]
  return new Map(paths.map((path) => [path, readFileSync(path, 'utf8')]))
}
