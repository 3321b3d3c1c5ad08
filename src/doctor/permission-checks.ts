import { CALLS } from '../google/calls.js'
import { ApiError } from '../google/errors.js'
import { lacking } from '../google/permissions.js'
import { listFindings, SCC_CALLS } from '../google/securitycenter.js'
import { holderOf } from '../policy/waivers.js'
import type { CallName, Check, Site } from './check.js'
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
  const organization = holderOf(source)
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

const INSTEAD = 'assets are listed page by page instead'

/** Whether an export may be begun in each scope: to begin one would write files. */
export const exportAssets: Check = {
  call: 'exportAssets',
  actor: 'google',
  covers: ['exportAssets', 'getOperation'],
  needs: 'Exports the assets with AUDIT_INVENTORY=export; asked for, since a try would write files.',
  otherwise: 'A warning: assets are listed page by page instead.',
  isNeeded: ({ plan }) => plan.exportTo !== undefined,
  try: async (site) => {
    const trials: { on: string; outcome: Outcome }[] = []
    for (const on of site.plan.scopes)
      trials.push({ on, outcome: await held(site, on, ['exportAssets'], INSTEAD) })
    return trials
  },
}

/** Whether the files of exports may be read and deleted. */
export const exportFiles: Check = {
  call: 'export: files',
  actor: 'google',
  covers: ['readExport', 'listExport', 'deleteExport'],
  needs: 'Reads the files of exports, and deletes them afterwards; asked for, not tried.',
  otherwise: 'A warning: assets are listed page by page instead, or files stay behind.',
  isNeeded: ({ plan }) => plan.exportTo !== undefined,
  try: async (site) => {
    const { exportTo: on } = site.plan
    if (on === undefined) return []
    return [{ on, outcome: await held(site, on, FILES, `${INSTEAD}, or files stay behind`) }]
  },
}

const FILES = ['listExport', 'readExport', 'deleteExport'] as const

/** What the calls need is asked for; the first that is missing is named, with the command that grants it. */
function held({ google }: Site, on: string, calls: readonly CallName[], otherwise: string): Promise<Outcome> {
  return outcomeOf(async () => {
    const permissions = calls.map((call) => CALLS[call].permission)
    const missing = await lacking(google, on, permissions)
    const [first] = calls.filter((call) => missing.includes(CALLS[call].permission))
    if (first === undefined) return works('granted')
    const { advice } = new ApiError(CALLS[first], on, { reason: 'PERMISSION_DENIED' })
    return troubled('warning', `lacks ${missing.join(', ')}: ${otherwise}`, advice)
  })
}
