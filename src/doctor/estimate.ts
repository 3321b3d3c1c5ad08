import { EXPORT_PAUSES } from '../google/asset-export.js'
import { CALLS } from '../google/calls.js'
import { PART_BYTES } from '../google/download.js'
import { PAGE_SIZES } from '../google/page-sizes.js'
import { allowance, type QuotaName } from '../google/quotas.js'

/** How large what is audited is, as far as the cost of reading it depends on that. */
export interface Size {
  readonly projects: number
  readonly keys: number
  /** Projects with the Gemini API and a candidate key: those that are asked one by one. */
  readonly gemini: number
}

/** How projects and keys are found: `AUDIT_INVENTORY`. */
export const WAYS = ['assets', 'projects', 'export'] as const
export type Way = (typeof WAYS)[number]

/** Requests of one run by quota. */
export type Requests = Readonly<Partial<Record<QuotaName, number>>>

/** What a folder holds on average, for the walk through Resource Manager. */
const PROJECTS_IN_FOLDER = 50

/** Bytes of a line of an export, as the simulator writes them in Google's form. */
export const LINE_BYTES = { key: 870, project: 710 } as const

/** Minutes that an export takes: "usually finishes within 5 minutes", says its reference. */
export const EXPORT_MINUTES = 5

const pagesOf = (things: number, size: number) => Math.max(1, Math.ceil(things / size))

/** The requests of one run. Of the way by projects as many as there can be: a candidate key in each project. */
export function requestsOf(way: Way, size: Size): Requests {
  const { projects, keys, gemini } = size
  const searched = { [CALLS.searchResources.quota]: pagesOf(gemini, PAGE_SIZES.results) }
  switch (way) {
    case 'assets': {
      const listed = pagesOf(projects, PAGE_SIZES.assets) + pagesOf(keys, PAGE_SIZES.assets)
      return { [CALLS.listAssets.quota]: listed, ...searched, ...confirming(size) }
    }
    case 'projects': {
      const folders = 1 + Math.ceil(projects / PROJECTS_IN_FOLDER)
      return {
        ...confirming(size),
        [CALLS.listProjects.quota]: 2 * folders,
        [CALLS.getService.quota]: projects,
        [CALLS.listKeys.quota]: projects,
      }
    }
    case 'export':
      return {
        [CALLS.exportAssets.quota]: 1,
        [CALLS.getOperation.quota]: looks(EXPORT_MINUTES),
        ...searched,
        ...confirming(size),
        [CALLS.readExport.quota]: 2 + Math.ceil(exportedBytes(size) / PART_BYTES),
      }
  }
}

/** What is asked of each project with the Gemini API, whichever way the keys were found. */
function confirming({ gemini }: Size): Requests {
  return {
    [CALLS.listKeys.quota]: gemini,
    [CALLS.listTimeSeries.quota]: gemini,
    [CALLS.getEffectivePolicy.quota]: gemini,
  }
}

/** Bytes of all files of an export. */
export function exportedBytes({ projects, keys }: Size): number {
  return keys * LINE_BYTES.key + projects * LINE_BYTES.project
}

/** How often an operation is looked at in so many minutes. */
function looks(minutes: number): number {
  let count = 1
  let pause = EXPORT_PAUSES.first
  for (let at = pause; at < minutes * 60_000; at += pause) {
    pause = Math.min(EXPORT_PAUSES.longest, pause * 1.5)
    count += 1
  }
  return count
}

export function total(requests: Requests): number {
  return Object.values(requests).reduce((sum, count) => sum + count, 0)
}

/**
 * The quota that takes longest at a pace, in percent of each, and its minutes: the APIs are asked side by side.
 * Looking at operations is left out, since it only fills the time that these take.
 */
export function slowest(
  requests: Requests,
  pace: number,
): { readonly quota: QuotaName; readonly minutes: number } {
  const names = (Object.keys(requests) as QuotaName[]).filter((name) => name !== CALLS.getOperation.quota)
  const times = names.map((quota) => ({ quota, minutes: (requests[quota] ?? 0) / allowance(quota, pace) }))
  return times.reduce((longest, one) => (one.minutes > longest.minutes ? one : longest))
}

/** The least minutes of a run: its slowest quota, and before that an export's own time. */
export function minutesOf(way: Way, size: Size, pace: number): number {
  const { minutes } = slowest(requestsOf(way, size), pace)
  return way === 'export' ? EXPORT_MINUTES + minutes : minutes
}
