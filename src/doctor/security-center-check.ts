import { ApiError } from '../google/errors.js'
import { lacking } from '../google/permissions.js'
import { listFindings, SCC_CALLS } from '../google/securitycenter.js'
import type { Check, Site } from './check.js'
import { type Outcome, outcomeOf, troubled, works } from './trial.js'

const WRITES = [SCC_CALLS.updateFinding, SCC_CALLS.muteFinding] as const

/** Whether the source is there, and whether findings may be written to it: to try that would leave one. */
export const securityCenter: Check = {
  call: 'findings.list, write',
  actor: 'google',
  covers: [],
  needs:
    'Writes findings to Security Command Center, with AUDIT_SCC; the right to write is asked for, not tried.',
  otherwise: 'The run’s delivery fails: the function answers 500. Everything else is delivered.',
  isNeeded: ({ plan }) => plan.findings !== undefined,
  try: async (site) => {
    const { findings: on } = site.plan
    return on === undefined ? [] : [{ on, outcome: await outcomeOf(() => triedOn(site, on)) }]
  },
}

async function triedOn({ google }: Site, source: string): Promise<Outcome> {
  await listFindings(google, source, 'state = "ACTIVE"', 1).next()
  const organization = source.split('/').slice(0, 2).join('/')
  const missing = await lacking(
    google,
    organization,
    WRITES.map(({ permission }) => permission),
  )
  const call = WRITES.find(({ permission }) => missing.includes(permission))
  if (call === undefined) return works('the source is there, and findings may be written')
  const { advice } = new ApiError(call, organization, { reason: 'PERMISSION_DENIED' })
  return troubled('fails', `lacks ${missing.join(', ')}`, advice)
}
