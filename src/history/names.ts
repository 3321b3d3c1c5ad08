import { parseInstant } from '../calendar.js'
import type { Instant } from '../model.js'

/** The folder of an audit's runs. */
export function runsFolder(audit: string): string {
  return `${audit}/runs/`
}

/** The folder of one run. */
export function runFolder(audit: string, run: Instant): string {
  return `${runsFolder(audit)}${runName(run)}/`
}

/** A run's time for names: colons are no characters for files, and what is left still sorts by time. */
export function runName(run: Instant): string {
  return run.replaceAll(':', '-')
}

const FOLDER = /^(\d{4}-\d{2}-\d{2}T)(\d{2})-(\d{2})-(\d{2}Z)\/$/

/** The run's time from the last part of its folder's name; undefined for what is no run. */
export function runOfFolder(name: string): Instant | undefined {
  const [, day, hours, minutes, seconds] = FOLDER.exec(name) ?? []
  return day === undefined ? undefined : parseInstant(`${day}${hours}:${minutes}:${seconds}`)
}

export const MANIFEST = 'manifest.json'

/** Names of manifests that anybody can guess; behind them comes one that nobody knows before the run. */
const NUMBERED = 9

/** The names that the manifest of a run may take, in their order: what has a name already is none of ours. */
export function manifestNames(sha256: string): readonly string[] {
  const further = Array.from({ length: NUMBERED - 1 }, (_, index) => `manifest-${index + 2}.json`)
  return [MANIFEST, ...further, `manifest-${sha256.slice(0, 16)}.json`]
}

/** Where a manifest stands among those of its folder, by its name; undefined for what is none. */
export function manifestRank(name: string): number | undefined {
  const [, number, digest] = /^manifest(?:-(?:([2-9])|([0-9a-f]{16})))?\.json$/.exec(name) ?? [name, '', '']
  if (number === '') return undefined
  return digest === undefined ? Number(number ?? 1) : NUMBERED + 1
}

/** The folder of the claims on the deliveries of a run, by the SHA-256 of its run record: nobody knows it before. */
export function claimsFolder(audit: string, run: Instant, sha256: string): string {
  return `${runFolder(audit, run)}claims/${sha256}/`
}

/** The folder of the claims on deliveries about a change between runs, by the digest of the change. */
export function eventFolder(audit: string, sha256: string): string {
  return `${audit}/events/${sha256}/`
}

/**
 * The object with the records of a run, named by the digest of its run record: attempts that died leave others
 * behind. `other`: where there already is another object of this name.
 */
export function recordsName(sha256: string, other = 0): string {
  return `records-${sha256.slice(0, 16)}${other === 0 ? '' : `-${other}`}.ndjson.gz`
}

/** Names of records, of the run or of an attempt at it that died. */
export const RECORDS_NAME = /^records-[0-9a-f]{16}(-\d+)?\.ndjson\.gz$/

export function isRecords(name: string): boolean {
  return RECORDS_NAME.test(name)
}

/** The report of a run where something else has the usual name: nobody knows this one before the run. */
export function otherReport(sha256: string): string {
  return `report-${sha256.slice(0, 16)}.html`
}

export const REPORT = 'report.html'

/** A delivery in the names of its claims: `slack:C0456` becomes `slack-C0456`. */
export function claimName(delivery: string): string {
  return delivery.replaceAll(/[^A-Za-z0-9._]+/g, '-')
}
