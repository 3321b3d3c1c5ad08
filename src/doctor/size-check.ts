import { EXPORT_PAUSES } from '../google/asset-export.js'
import { CALLS } from '../google/calls.js'
import { PART_BYTES } from '../google/download.js'
import { PAGE_SIZES } from '../google/page-sizes.js'
import { allowance, QUOTAS, type QuotaName } from '../google/quotas.js'
import { counted } from '../report/wording.js'
import type { Check, Counted, Findings, Plan, Site } from './check.js'
import { type Outcome, troubled, untried, works } from './trial.js'

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
type Requests = Readonly<Partial<Record<QuotaName, number>>>

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

/** Whether the time budget is enough for what there is to read, at the quotas. */
export const size: Check = {
  call: 'quotas',
  actor: 'google',
  covers: [],
  needs: 'Reading has to end within the time budget, at the pace that the quotas allow.',
  otherwise: 'What is not read by then becomes a gap. A warning where it may take more than half of it.',
  isNeeded: () => true,
  try: async (site, found) => [{ on: site.plan.scopes.join(', '), outcome: fits(site, found) }],
}

function fits({ plan }: Site, found: Findings): Outcome {
  const known = sizeOf(found)
  if (known === undefined)
    return untried('how many projects and keys there are is known after the first remembered run')
  const way = wayOf(plan)
  const requests = requestsOf(way, known.size)
  const percent = plan.pace === 'off' ? 100 : plan.pace
  const { quota } = slowest(requests, percent)
  const minutes = minutesOf(way, known.size, percent)
  const budget = plan.timeBudget / 60_000
  const things = `${counted(known.size.projects, 'project')}, ${counted(known.size.keys, 'key')}, ${known.size.gemini.toLocaleString('en')} with the Gemini API`
  const amount = `${known.isAll ? '' : 'at least '}${counted(total(requests), 'request')}, ${minutesText(minutes)} of ${minutesText(budget)}`
  const says = `${things}: ${amount}`
  const slow = `${says}; ${quota} allows ${quotaText(quota)}`
  if (minutes > budget)
    return troubled('gaps', slow, {
      say: 'raise AUDIT_TIME_BUDGET, narrow AUDIT_SCOPE, or ask Google for more',
    })
  if (minutes > budget / 2) return troubled('warning', slow, { say: 'raise AUDIT_TIME_BUDGET' })
  return works(says)
}

function wayOf({ mode, exportTo }: Plan): Way {
  if (mode === 'projects') return 'projects'
  return exportTo === undefined ? 'assets' : 'export'
}

/** What Google allows a minute, in words. */
function quotaText(quota: QuotaName): string {
  return `${QUOTAS[quota].perMinute.toLocaleString('en')} a minute`
}

/** What the first pages showed, completed by what the newest remembered run counted. */
function sizeOf({ sizes, remembered }: Findings): { size: Size; isAll: boolean } | undefined {
  const [projects, keys, gemini] = [summed(sizes.projects), summed(sizes.keys), summed(sizes.gemini)]
  if (projects === undefined && remembered === undefined) return undefined
  return {
    size: {
      projects: Math.max(projects?.count ?? 0, remembered?.projects ?? 0),
      keys: Math.max(keys?.count ?? 0, remembered?.keys ?? 0),
      gemini: gemini?.count ?? 0,
    },
    isAll: [projects, keys, gemini].every((each) => each?.isAll === true),
  }
}

function summed(parts: readonly Counted[]): Counted | undefined {
  if (parts.length === 0) return undefined
  return { count: parts.reduce((sum, { count }) => sum + count, 0), isAll: parts.every(({ isAll }) => isAll) }
}

function minutesText(minutes: number): string {
  return minutes < 1 ? 'less than a minute' : `${Math.ceil(minutes).toLocaleString('en')} minutes`
}
