import type { OptionValues } from '../config/options.js'
import { gsPathOf } from '../gs-path.js'
import { REPORT, runFolder } from '../history/names.js'
import type { Run } from '../model.js'
import type { RunPage } from '../report/digest/facts.js'

const CONSOLE = 'https://console.cloud.google.com/'

/** The pages about a run: its report and its folder in the archive, and its records in Logs Explorer. */
export function runPages(
  { audit, time }: Run,
  { archive, logProject, logName }: OptionValues,
): readonly RunPage[] {
  return [
    ...archivePages(archive, runFolder(audit, time)),
    ...(logProject === undefined || logProject === 'none'
      ? []
      : [{ label: 'Records', url: recordsPage({ audit, time }, logProject, logName) }]),
  ]
}

/** Nobody else sees a directory of the machine. */
function archivePages(archive: string | undefined, folder: string): readonly RunPage[] {
  const place = archive === undefined ? undefined : gsPathOf(archive)
  if (place === undefined) return []
  const path = [place.bucket, ...place.path.split('/'), ...folder.split('/')].filter((part) => part !== '')
  const encoded = path.map(encodeURIComponent).join('/')
  return [
    { label: 'Report', url: `https://storage.cloud.google.com/${encoded}/${REPORT}` },
    { label: 'Archive', url: `${CONSOLE}storage/browser/${encoded}` },
  ]
}

/** The moment stands in the query: the page looks back an hour only. */
function recordsPage(
  { audit, time }: Pick<Run, 'audit' | 'time'>,
  project: string,
  log: string | undefined,
): string {
  const query = [
    `logName="projects/${project}/logs/${encodeURIComponent(log ?? '')}"`,
    `labels.audit=${JSON.stringify(audit)}`,
    `labels.run="${time}"`,
    `timestamp="${time}"`,
  ].join('\n')
  return `${CONSOLE}logs/query;query=${encodeURIComponent(query)}?project=${encodeURIComponent(project)}`
}
