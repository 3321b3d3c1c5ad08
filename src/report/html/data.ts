import type { Verdict } from '../../model.js'
import type { KeyRecord } from '../../records/key-record.js'
import type { ReportFacts } from './facts.js'
import { type Markup, markup } from './markup.js'
import { Packer } from './packing.js'
import { dataOf } from './security.js'

/** More keys make a page that browsers open slowly. */
export const MOST_KEYS = 50_000

/** Keys in one element of data. */
const BATCH = 1_000

/** Besides the affected keys, those that would be affected if an exemption ended or an API were enabled. */
const ALSO_SHOWN: readonly Verdict[] = ['exempt', 'latent']

/** The keys of the table as elements of data, which the page's script reads and nobody executes. */
export async function* dataScripts(facts: ReportFacts): AsyncGenerator<Markup, void, undefined> {
  const packer = new Packer()
  let count = 0
  for await (const record of keysShown(facts)) {
    if (count === MOST_KEYS) break
    packer.add(record)
    count += 1
    if (count % BATCH === 0) yield element(packer)
  }
  yield element(packer)
}

function element(packer: Packer): Markup {
  return markup`<script type="application/json" class="keys">${dataOf(packer.batch())}</script>
`
}

async function* keysShown({ affectedKeys, keys }: ReportFacts): AsyncGenerator<KeyRecord, void, undefined> {
  yield* affectedKeys
  for await (const record of keys) {
    if (ALSO_SHOWN.includes(record.verdict)) yield record
  }
}

/** How many keys the table would have if it could have any number. */
export function countShown({ run }: Pick<ReportFacts, 'run'>): number {
  const { overdue, due, unknown, exempt, latent } = run.counts.verdict
  return overdue + due + unknown + exempt + latent
}
