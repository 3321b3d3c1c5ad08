import { QUOTAS, type QuotaName } from '../google/quotas.js'
import { counted } from '../report/wording.js'
import type { Check, Counted, Findings, Plan, Site } from './check.js'
import { minutesOf, requestsOf, type Size, slowest, total, type Way } from './estimate.js'
import { type Outcome, troubled, untried, works } from './trial.js'

/** Whether the time budget is enough for what there is to read, at the quotas. */
export const size: Check = {
  call: 'quotas',
  actor: 'google',
  covers: [],
  needs: 'Reading has to end within the time budget, at the pace that the quotas allow.',
  otherwise: 'What is not read by then is told as gaps. A warning where it may take more than half of it.',
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
