import { allowance, QUOTAS, type QuotaName } from '../google/quotas.js'

/** How large the scopes are. */
export interface Size {
  readonly projects: number
  readonly keys: number
  /** Projects with the Gemini API. */
  readonly gemini: number
}

/** What a run will take. */
export interface Estimate {
  readonly requests: number
  /** The API that takes longest, and how long, in minutes. */
  readonly slowest: QuotaName
  readonly minutes: number
}

const PER_PAGE = { assets: 1000, search: 500, projects: 300 } as const

/** Requests by quota. Each project with the Gemini API is confirmed, and asked for traffic and policy. */
function requestsFor({ projects, keys, gemini }: Size, byAssets: boolean): ReadonlyMap<QuotaName, number> {
  const pages = (things: number, size: number) => Math.max(1, Math.ceil(things / size))
  if (!byAssets) {
    return new Map<QuotaName, number>([
      ['listProjects', pages(projects, PER_PAGE.projects)],
      ['readApiKeys', projects],
      ['readServices', projects],
      ['queryTimeSeries', gemini],
      ['readPolicies', gemini],
    ])
  }
  return new Map<QuotaName, number>([
    ['listAssets', pages(projects, PER_PAGE.assets) + pages(keys, PER_PAGE.assets)],
    ['searchResources', pages(gemini, PER_PAGE.search)],
    ['readApiKeys', gemini],
    ['queryTimeSeries', gemini],
    ['readPolicies', gemini],
  ])
}

/**
 * What reading the scopes takes at a pace, in percent of each quota. The APIs are asked side by side, so that
 * the slowest one says how long it takes; the first minute's requests wait for nobody.
 */
export function estimate(size: Size, byAssets: boolean, pace: number): Estimate {
  const each = [...requestsFor(size, byAssets)].map(([quota, requests]) => {
    const perMinute = allowance(quota, pace)
    return { quota, requests, minutes: Math.max(0, requests / perMinute - 1) }
  })
  const [slowest = { quota: 'listAssets' as const, minutes: 0 }] = each.toSorted(
    (a, b) => b.minutes - a.minutes,
  )
  const requests = each.reduce((sum, one) => sum + one.requests, 0)
  return { requests, slowest: slowest.quota, minutes: slowest.minutes }
}

/** What Google allows a minute, in words. */
export function quotaText(quota: QuotaName): string {
  return `${QUOTAS[quota].perMinute.toLocaleString('en')} a minute`
}
