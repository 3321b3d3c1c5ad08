import { memberOf } from '../google/identity.js'
import { isProject } from '../inventory/scopes.js'
import type { Actor, Check, Site } from './check.js'
import { Findings } from './check.js'
import { CHECKS, type CheckName } from './checks.js'
import { type Line, linesOf } from './diagnosis-lines.js'
import { RESULTS, type Result, type Trial } from './trial.js'

/** What the doctor found. */
export interface Diagnosis {
  readonly scope: readonly string[]
  /** The worst result. */
  readonly run: 'would be complete' | 'would have gaps' | 'would fail'
  readonly checks: readonly Line[]
  readonly counts: Readonly<Record<Result, number>>
}

/** Tries all that a run needs, and says what is missing. Nothing is changed but for one small object in the archive. */
export async function diagnose(site: Site): Promise<Diagnosis> {
  const found = new Findings()
  const trials: Trial<CheckName>[] = []
  const checks = Object.entries<Check>(CHECKS) as [CheckName, Check][]
  for (const [check, { isNeeded, try: attempt }] of checks) {
    if (!isNeeded(site)) continue
    for (const trial of await attempt(site, found)) trials.push({ check, ...trial })
  }
  const member = await memberOf(site.google)
  const auditor = { member, organization: organizationOf(site.plan.scopes, found) }
  const lines = linesOf(
    { plan: site.plan, trials, standalone: found.standalone },
    auditor,
    actors(member, found),
  )
  return { scope: site.plan.scopes, ...summary(lines), checks: lines }
}

/** The organization of the scopes, or of whatever was seen in them, where there is just one. */
function organizationOf(scopes: readonly string[], found: Findings): string | undefined {
  found.place(scopes.filter((scope) => !isProject(scope)))
  return found.organizations.size === 1 ? [...found.organizations][0] : undefined
}

function actors(member: string | undefined, { slackBot }: Findings): Readonly<Record<Actor, string>> {
  return {
    google: member ?? 'an unknown identity',
    slack: slackBot ?? 'an unknown bot',
    process: 'this process',
  }
}

const RUNS: Readonly<Record<Result, Diagnosis['run']>> = {
  untried: 'would be complete',
  works: 'would be complete',
  warning: 'would be complete',
  gaps: 'would have gaps',
  fails: 'would fail',
}

function summary(lines: readonly Line[]): Pick<Diagnosis, 'run' | 'counts'> {
  const counts = { untried: 0, works: 0, warning: 0, gaps: 0, fails: 0 }
  for (const { result } of lines) counts[result] += 1
  const worst = RESULTS.findLast((result) => counts[result] > 0) ?? 'untried'
  return { run: RUNS[worst], counts }
}
