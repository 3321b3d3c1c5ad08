import { z } from 'zod'

const retryInfo = z.object({
  '@type': z.literal('type.googleapis.com/google.rpc.RetryInfo'),
  retryDelay: z.string().regex(/^\d+(\.\d+)?s$/),
})

/**
 * Milliseconds that an API asked to be left alone, from `Retry-After` (seconds, or a date) or from the
 * body's `RetryInfo`; undefined where it asked for nothing. A date is compared with the answer's own
 * `Date`, so that a clock that goes wrong here does not matter.
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function askedToWait(
  headers: { get(name: string): string | null },
  details: readonly unknown[],
  now: number,
): number | undefined {
  const asked = headers.get('retry-after')?.trim()
  if (asked !== undefined && /^\d+$/.test(asked)) return Number(asked) * 1000
  if (asked) {
    const until = Date.parse(asked)
    const sent = Date.parse(headers.get('date') ?? '')
    if (!Number.isNaN(until)) return Math.max(0, until - (Number.isNaN(sent) ? now : sent))
  }
  const delays = details.flatMap((detail) => retryInfo.safeParse(detail).data?.retryDelay ?? [])
  return delays[0] === undefined ? undefined : Number.parseFloat(delays[0]) * 1000
}
