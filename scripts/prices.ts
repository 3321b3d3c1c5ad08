/** A price in US dollars, and where and when it was read. */
interface Price {
  readonly what: string
  readonly dollars: number
  readonly per: string
  /** What is free in a month, in the same unit. */
  readonly free?: number
  readonly source: string
  readonly read: string
}

const LOGGING = { source: 'https://cloud.google.com/stackdriver/pricing', read: '2026-09-12' } as const
const STORAGE = { source: 'https://cloud.google.com/storage/pricing', read: '2026-09-20' } as const
// of these two no dated reading is at hand, which the page says
const RUN = { source: 'https://cloud.google.com/run/pricing', read: 'day not known' } as const
const BIGQUERY = { source: 'https://cloud.google.com/bigquery/pricing', read: 'day not known' } as const

/** List prices of a cheap region, without discounts. */
export const PRICES = {
  logged: { ...LOGGING, what: 'Cloud Logging: writing, with 30 days', dollars: 0.5, per: 'GiB', free: 50 },
  kept: { ...LOGGING, what: 'Cloud Logging: keeping beyond 30 days', dollars: 0.01, per: 'GiB and month' },
  stored: {
    ...STORAGE,
    what: 'Cloud Storage: standard, one region',
    dollars: 0.000027397,
    per: 'GiB and hour',
  },
  classA: { ...STORAGE, what: 'Cloud Storage: operations of class A', dollars: 0.005, per: '1,000' },
  classB: { ...STORAGE, what: 'Cloud Storage: operations of class B', dollars: 0.0004, per: '1,000' },
  cpu: { ...RUN, what: 'Cloud Run: processor', dollars: 0.000024, per: 'vCPU and second', free: 180_000 },
  memory: { ...RUN, what: 'Cloud Run: memory', dollars: 0.0000025, per: 'GiB and second', free: 360_000 },
  queried: { ...BIGQUERY, what: 'BigQuery: reading on demand', dollars: 6.25, per: 'TiB', free: 1 },
} as const satisfies Record<string, Price>

/** The dollars of an amount in a month, what is free left out. */
export function dollars({ dollars, free = 0 }: Pick<Price, 'dollars' | 'free'>, amount: number): number {
  return Math.max(0, amount - free) * dollars
}
