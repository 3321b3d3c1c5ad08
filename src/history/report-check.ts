import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import * as z from 'zod'
import { ConfigError, systemCode } from '../errors.js'
import { sha256 } from '../records/canonical.js'

/** What the page of a report says of itself. */
export interface ReportDigests {
  /** SHA-256 of the run record that it was made from. */
  readonly run: string
  /** What of the page is not what its digests say; absent where all is. */
  readonly problem?: string
}

const digests = z.object({ run: z.string(), data: z.string() })

/** Bytes that the data of a page may unpack to: 50,000 records are less. */
const LARGEST = 2 ** 29

/**
 * Reads the page of a report, as `audit --report` writes it and the archive holds it: its data against its digest,
 * and its run record, the first line of the data, against the other. Throws a `ConfigError` where the file is none.
 */
export async function readReport(file: string): Promise<ReportDigests> {
  const page = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new ConfigError('FILE_WRONG', [
      `--report: reading ${file} failed (${systemCode(error) ?? 'unknown error'}); name a file that can be read`,
    ])
  })
  const stated = digests.safeParse(
    jsonIn(/<script type="application\/json" id="digests">([^<]*)</.exec(page)?.[1]),
  )
  if (!stated.success) {
    throw new ConfigError('FILE_WRONG', [
      `--report: ${file} must be a report of this program, which carries its digests`,
    ])
  }
  const { run, data } = stated.data
  const elements = page.matchAll(/<script type="application\/gzip" class="data">([^<]*)</g)
  const found = createHash('sha256')
  let first: string | undefined
  for (const [, packed = ''] of elements) {
    const lines = unpacked(packed)
    if (lines === undefined) return { run, problem: 'its data cannot be unpacked' }
    found.update(lines)
    first ??= lines.toString('utf8', 0, Math.max(0, lines.indexOf('\n')))
  }
  if (found.digest('hex') !== data) return { run, problem: 'its digest is not that of its data' }
  if (first === undefined || sha256(first) !== run) {
    return { run, problem: 'its run record is not the one that its digest is of' }
  }
  return { run }
}

function unpacked(base64: string): Buffer | undefined {
  try {
    return gunzipSync(Buffer.from(base64, 'base64'), { maxOutputLength: LARGEST })
  } catch {
    return undefined // whatever is wrong with it: it is not what was written
  }
}

function jsonIn(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return undefined
  }
}
