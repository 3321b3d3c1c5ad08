import { z } from 'zod'
import { addDays, dayOf } from '../calendar.js'
import type { Day, Instant } from '../model.js'
import { instant } from './wire-key.js'

/** JSON carries 64-bit integers as texts; beyond what numbers are exact for, nobody has called that often. */
const count = z.union([
  z
    .string()
    .regex(/^\d{1,19}$/)
    .transform(Number)
    .refine(Number.isSafeInteger),
  z.int().nonnegative(),
])

const wireSeries = z.object({
  metric: z.object({ labels: z.object({ response_code: z.string().optional() }).nullish() }).nullish(),
  resource: z.object({ labels: z.object({ credential_id: z.string().optional(), service: z.string() }) }),
  points: z
    .array(z.object({ interval: z.object({ endTime: instant }), value: z.object({ int64Value: count }) }))
    .nullish(),
})

/** Calls of one key to one service with one answer, by day in UTC. */
export interface Series {
  readonly uid: string
  readonly service: string
  /** HTTP response code; `none` where Google does not tell. */
  readonly code: string
  readonly points: readonly { readonly day: Day; readonly calls: number }[]
}

const CREDENTIAL = /^apikey:(.+)$/

/** Reads one time series of the calls to Google's APIs; null for another caller's than a key's, undefined when unreadable. */
export function seriesOf(element: unknown): Series | null | undefined {
  const wire = wireSeries.safeParse(element).data
  if (!wire) return undefined
  const { credential_id, service } = wire.resource.labels
  const uid = CREDENTIAL.exec(credential_id ?? '')?.[1]
  if (uid === undefined) return null
  const points = (wire.points ?? []).map(({ interval, value }) => ({
    day: dayEndingAt(interval.endTime),
    calls: value.int64Value,
  }))
  return { uid, service, code: wire.metric?.labels?.response_code || 'none', points }
}

/** The day of a sum over the 24 hours before a moment: those before midnight are of the day that ended. */
function dayEndingAt(end: Instant): Day {
  const day = dayOf(end, 'UTC')
  return /T00:00:00(\.0+)?Z$/.test(end) ? addDays(day, -1) : day
}
