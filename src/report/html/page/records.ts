import type { KeyRecord } from '../../../records/key-record.js'

/** A key of the page: its record now, and a way to it later that keeps it compressed until then. */
export interface FoundRecord {
  readonly record: KeyRecord
  readonly again: () => Promise<KeyRecord>
}

/** The key records of the page in their order. Afterwards only the compressed ones are in memory. */
export async function* readRecords(): AsyncGenerator<FoundRecord, void, undefined> {
  for (const script of document.querySelectorAll('script.data')) {
    const text = script.textContent ?? ''
    script.remove()
    const lines = await linesOf(text)
    for (const [index, line] of lines.entries()) {
      const record: KeyRecord | { readonly record: 'run' } = JSON.parse(line)
      if (record.record === 'key') yield { record, again: () => recordAt(text, index) }
    }
  }
}

async function recordAt(text: string, index: number): Promise<KeyRecord> {
  const line = (await linesOf(text))[index]
  if (line === undefined) throw new Error(`the page has no record ${index} where it had one`)
  return JSON.parse(line)
}

/** The lines in Base64 of a gzip file. */
async function linesOf(text: string): Promise<readonly string[]> {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))
  return (await new Response(stream).text()).split('\n').slice(0, -1)
}
