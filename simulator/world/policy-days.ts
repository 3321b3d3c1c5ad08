import { addDays, differenceInCalendarDays, format, parseISO } from 'date-fns'

const WRITTEN = /\bas of (\d{4}-\d{2}-\d{2})\b/
const DAY = /\b\d{4}-\d{2}-\d{2}\b/g

/**
 * A sample policy whose days are moved along to today: each by the days that have passed since the one that
 * its first comment names as `as of YYYY-MM-DD`. A text without such a comment stays as it is.
 */
export function policyAsOf(text: string, today: string): string {
  const written = WRITTEN.exec(text)?.[1]
  if (!written) return text
  const passed = differenceInCalendarDays(parseISO(today), parseISO(written))
  return text.replace(DAY, (day) => format(addDays(parseISO(day), passed), 'yyyy-MM-dd'))
}
