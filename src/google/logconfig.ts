import { z } from 'zod'
import { type Call, DOCTOR } from './calls.js'
import type { GoogleClient } from './client.js'
import { PAGE_SIZES } from './page-sizes.js'
import { pageOf, pages } from './paging.js'

const LOGGING = {
  service: 'logging.googleapis.com',
  quota: 'readLogConfig',
  role: DOCTOR,
} as const

/** What `doctor` asks besides what a run asks: where log entries go. */
export const LOG_CALLS = {
  listSinks: {
    ...LOGGING,
    operation: 'sinks.list',
    permission: 'logging.sinks.list',
    doing: 'Listing the log sinks of',
  },
  listBuckets: {
    ...LOGGING,
    operation: 'buckets.list',
    permission: 'logging.buckets.list',
    doing: 'Listing the log buckets of',
  },
} as const satisfies Record<string, Call>

const sinksPage = pageOf('sinks')
const bucketsPage = pageOf('buckets')

const exclusion = z.object({ filter: z.string(), disabled: z.boolean().optional() })
const sink = z.object({
  name: z.string(),
  destination: z.string(),
  filter: z.string().default(''),
  disabled: z.boolean().default(false),
  exclusions: z.array(exclusion).default([]),
})
const bucket = z.object({
  name: z.string(),
  retentionDays: z.number().default(30),
  locked: z.boolean().default(false),
  lifecycleState: z.string().optional(),
})

/** Sends the entries that pass its filter, and none of its exclusions, to a place. */
export type LogSink = z.infer<typeof sink>

/** Keeps entries for some days; 30 where nobody has said otherwise. */
export type LogBucket = z.infer<typeof bucket>

async function api(client: GoogleClient) {
  const { logging } = await import('googleapis/build/src/apis/logging/index.js')
  return logging({ version: 'v2', ...client.connection }).projects
}

/**
 * The sinks of a project (`projects/acme`). Throws `ApiError`.
 * @see https://cloud.google.com/logging/docs/reference/v2/rest/v2/projects.sinks/list
 */
export async function listSinks(client: GoogleClient, project: string): Promise<readonly LogSink[]> {
  const { sinks } = await api(client)
  const found = pages(LOG_CALLS.listSinks, project, PAGE_SIZES.sinks, (page) =>
    client.ask({
      call: LOG_CALLS.listSinks,
      subject: project,
      send: (options) => sinks.list({ parent: project, ...page }, options),
      schema: sinksPage,
    }),
  )
  return parsed(found, sink)
}

/**
 * The log buckets of a project, wherever they lie. Throws `ApiError`.
 * @see https://cloud.google.com/logging/docs/reference/v2/rest/v2/projects.locations.buckets/list
 */
export async function listBuckets(client: GoogleClient, project: string): Promise<readonly LogBucket[]> {
  const { locations } = await api(client)
  const parent = `${project}/locations/-`
  const found = pages(LOG_CALLS.listBuckets, project, PAGE_SIZES.buckets, (page) =>
    client.ask({
      call: LOG_CALLS.listBuckets,
      subject: project,
      send: (options) => locations.buckets.list({ parent, ...page }, options),
      schema: bucketsPage,
    }),
  )
  return parsed(found, bucket)
}

/** What cannot be read is no sink or bucket that a run could rely on, and is left out. */
async function parsed<Thing>(
  found: AsyncIterable<readonly unknown[]>,
  schema: z.ZodType<Thing>,
): Promise<readonly Thing[]> {
  const things: Thing[] = []
  for await (const page of found) {
    for (const element of page) {
      const thing = schema.safeParse(element).data
      if (thing !== undefined) things.push(thing)
    }
  }
  return things
}
