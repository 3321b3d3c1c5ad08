import { readFile } from 'node:fs/promises'
import sqlParser from 'node-sql-parser/build/bigquery.js'

/** The blocks of one language in a Markdown page, with the heading that each stands under. */
export async function blocksOf(
  page: string,
  language: string,
): Promise<readonly { readonly heading: string; readonly text: string }[]> {
  const sections = (await readFile(page, 'utf8')).split(/^(?=#+ )/m)
  return sections.flatMap((section) => {
    const heading = section.split('\n', 1).join('').replace(/^#+ /, '')
    const blocks = section.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))
    return [...blocks].map(([, text = '']) => ({ heading, text }))
  })
}

/** Throws where the text is not one query in the SQL of BigQuery. */
export function parseQuery(sql: string): void {
  const parsed = new sqlParser.Parser().astify(sql, { database: 'BigQuery' })
  const statements = Array.isArray(parsed) ? parsed : [parsed]
  if (statements.length !== 1) throw new Error(`${statements.length} statements instead of one`)
}
