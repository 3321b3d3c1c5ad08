import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Verdict } from '../../model.js'
import { canonical } from '../../records/canonical.js'
import { openHygiene } from '../../records/findings.js'
import type { KeyRecord } from '../../records/key-record.js'
import type { ChartRun } from '../../records/trend.js'
import type { DigestFacts } from '../digest/digest-facts.js'
import { type Markup, markup, trusted } from './markup.js'

/** What a report is made of: what the digest is made of, and the keys themselves. */
export interface ReportFacts extends DigestFacts {
  /** The affected keys, most urgent first. */
  readonly affectedKeys: Iterable<KeyRecord> | AsyncIterable<KeyRecord>
  /** Keys of the run in any order; those that are affected may be among them. */
  readonly keys: Iterable<KeyRecord> | AsyncIterable<KeyRecord>
  /** The run and those before it, for the chart. */
  readonly runs?: readonly ChartRun[]
  /** A sentence that says where all keys are, for when the table cannot hold them. */
  readonly rest?: string
}

/** More keys make a page that browsers open slowly. */
export const MOST_KEYS = 50_000

/** Records in one element of data. */
const BATCH = 1_000

/** Besides the affected keys and those to look at, those that would be affected if an exemption ended or an API were enabled. */
const ALSO_SHOWN: readonly Verdict[] = ['exempt', 'latent']

const compressed = promisify(gzip)

/**
 * The records behind the page, in elements that nobody executes: the run record, then the keys of the table,
 * each in canonical form on a line of its own, compressed with gzip, in Base64. At the end the SHA-256 of the run
 * record and of all these lines.
 */
export async function* dataElements(facts: ReportFacts): AsyncGenerator<Markup, void, undefined> {
  const digest = createHash('sha256')
  for await (const lines of batches(facts)) {
    digest.update(lines)
    yield markup`<script type="application/gzip" class="data">${trusted((await compressed(lines)).toString('base64'))}</script>
`
  }
  const run = createHash('sha256').update(canonical(facts.run)).digest('hex')
  yield markup`<script type="application/json" id="digests">${trusted(JSON.stringify({ run, data: digest.digest('hex') }))}</script>
`
}

async function* batches(facts: ReportFacts): AsyncGenerator<string, void, undefined> {
  let lines = [`${canonical(facts.run)}\n`]
  let keys = 0
  for await (const record of keysShown(facts)) {
    if (keys === MOST_KEYS) break
    keys += 1
    if (lines.length === BATCH) {
      yield lines.join('')
      lines = []
    }
    lines.push(`${canonical(record)}\n`)
  }
  yield lines.join('')
}

async function* keysShown({ affectedKeys, keys }: ReportFacts): AsyncGenerator<KeyRecord, void, undefined> {
  yield* affectedKeys
  for await (const record of keys) {
    if (ALSO_SHOWN.includes(record.verdict) || openHygiene(record).length > 0) yield record
  }
}

/** How many keys the table would have if it could have any number. */
export function countShown({ run }: Pick<ReportFacts, 'run'>): number {
  const { overdue, due, unknown, exempt, latent } = run.counts.verdict
  const { compliant = 0, 'not-affected': notAffected = 0 } = run.counts.toLookAt ?? {}
  return overdue + due + unknown + exempt + latent + compliant + notAffected
}
