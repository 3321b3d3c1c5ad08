import { parseInstant } from '../calendar.js'
import { auditName, readSettings, titleOf } from '../config/config.js'
import { OPTIONS } from '../config/options.js'
import { ConfigError } from '../errors.js'
import type { RunArchive } from '../history/archive.js'
import type { Instant } from '../model.js'
import { archiveFor } from '../run/archive-stores.js'
import type { Terminal } from './terminal.js'

/** The flags by which commands find what is remembered. */
export interface ArchiveFlags {
  readonly archive?: string
  readonly name?: string
  readonly scope?: string
}

/** An archive, and the audits of it that are meant: the one named, or all. */
export interface Archived {
  readonly archive: RunArchive
  readonly audits: readonly string[]
}

/** Opens the archive that flags and variables name. Throws a `ConfigError` or an `ArchiveError`. */
export async function openArchive(flags: ArchiveFlags, { env }: Terminal): Promise<Archived> {
  const { values, problems } = readSettings({ flags, env }, [
    'archive',
    'name',
    'googleApiUrl',
    'pace',
    ...(flags.scope === undefined && env['AUDIT_SCOPE'] === undefined ? [] : ['scope' as const]),
  ])
  if (problems.length > 0) throw new ConfigError('OPTION_WRONG', problems)
  if (values.archive === undefined) {
    throw new ConfigError('OPTION_WRONG', [
      `${titleOf(OPTIONS.archive)} is required: a directory, or gs://BUCKET/PREFIX`,
    ])
  }
  const archive = archiveFor(values.archive, values)
  const isNamed = values.name !== undefined || values.scope !== undefined
  const audits = isNamed ? [auditName(values)] : await archive.audits()
  if (audits.length === 0)
    throw new ConfigError('NOTHING_REMEMBERED', [
      `${archive.store.name} holds no audit: check ${titleOf(OPTIONS.archive)}`,
    ])
  return { archive, audits }
}

/** A run's time from a flag. Throws a `ConfigError`. */
export function runNamed(flag: string, text: string): Instant {
  const run = parseInstant(text)
  if (run === undefined) {
    throw new ConfigError('OPTION_WRONG', [
      `${flag} must be the time of a run, such as 2026-11-23T07:00:00Z, not ${JSON.stringify(text)}`,
    ])
  }
  return run
}
