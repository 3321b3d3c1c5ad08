import { readdirSync, readFileSync } from 'node:fs'
import { recordSchemas } from './record-schemas.js'
import { tables } from './tables.js'

const MADE = /(<!-- made by npm run docs: ([\w-]+) -->)(\n)?[\s\S]*?(<!-- end -->)/g

/** The names of what is made in a page, in their order. */
export function madeIn(markdown: string): readonly string[] {
  return [...markdown.matchAll(MADE)].map(([, , name = '']) => name)
}

/** A page with everything between its markers made anew; a marker at the end of a line begins a block. */
export function filled(markdown: string, made: Readonly<Record<string, string>>): string {
  return markdown.replaceAll(MADE, (_all, begin: string, name: string, lineEnd: string, end: string) => {
    const text = made[name]
    if (text === undefined)
      throw new Error(`Nothing is made with the name ${name}: name it in scripts/tables.ts`)
    return lineEnd === undefined ? `${begin}${text}${end}` : `${begin}\n\n${text.trim()}\n\n${end}`
  })
}

/** The documents as they stand, by their paths. */
export function documents(): Readonly<Record<string, string>> {
  const paths = readdirSync('docs')
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`)
  return Object.fromEntries(
    [...paths, 'deploy/terraform/README.md'].map((path) => [path, readFileSync(path, 'utf8')]),
  )
}

/** Every page with something made in it, and the schemas: its path in the repository and its text. */
export function pages(): Readonly<Record<string, string>> {
  const schemas = recordSchemas({ isOpen: true })
  const made = tables(schemas)
  const withTables = Object.entries(documents()).filter(([, text]) => madeIn(text).length > 0)
  return {
    ...Object.fromEntries(withTables.map(([path, text]) => [path, filled(text, made)])),
    ...Object.fromEntries(
      Object.entries(schemas).map(([name, schema]) => [
        `schema/${name}.json`,
        `${JSON.stringify(schema, null, 2)}\n`,
      ]),
    ),
  }
}
