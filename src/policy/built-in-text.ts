import { stringify } from 'yaml'
import type { Policy } from './policy.js'

/** The built-in policy as a policy file would say it: the text of its record, where it takes over from a file. */
export function builtInText({ deadlines, dormantDays }: Pick<Policy, 'deadlines' | 'dormantDays'>): string {
  const told = Object.values(deadlines).map(({ rule, date, precision, status, source, checked }) => [
    rule,
    { date, precision, status, source, checked },
  ])
  return stringify({ deadlines: Object.fromEntries(told), 'dormant-days': dormantDays })
}
