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

/**
 * The object with the records of a run, named by the digest of its run record: attempts that died leave others
 * behind. `other`: where there already is another object of this name.
 */
export function recordsName(sha256: string, other = 0): string {
  return `records-${sha256.slice(0, 16)}${other === 0 ? '' : `-${other}`}.ndjson.gz`
}

/** A delivery in the names of its claims: `slack:C0456` becomes `slack-C0456`. */
export function claimName(delivery: string): string {
  return delivery.replaceAll(/[^A-Za-z0-9._]+/g, '-')
}
