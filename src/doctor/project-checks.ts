import { listKeys } from '../google/apikeys.js'
import type { GoogleClient } from '../google/client.js'
import { ApiError } from '../google/errors.js'
import { getAccount } from '../google/iam.js'
import { listKeyTraffic } from '../google/monitoring.js'
import { getFolder, getProject, getProjectPolicy } from '../google/resourcemanager.js'
import { isEnabled } from '../google/serviceusage.js'
import { readBlocker } from '../inventory/blocker.js'
import { isRefused } from '../inventory/failures.js'
import { isProject } from '../inventory/scopes.js'
import { windowBefore } from '../inventory/usage.js'
import { projectOfManager } from '../inventory/wire-project.js'
import { GEMINI_API, type Instant } from '../model.js'
import type { Check, Site } from './check.js'
import { type Outcome, outcomeOf, type Trial, troubleOf, untried, works } from './trial.js'

/** Projects on which a right is tried before it is called missing: one may be closed to everybody. */
const SAMPLES = 3

type Ask = (google: GoogleClient, project: string, now: Instant) => Promise<unknown>

/** A right that a run needs on each project with candidates, tried on some of them. */
function onProjects(check: Pick<Check, 'call' | 'covers' | 'needs' | 'otherwise'>, ask: Ask): Check {
  return {
    ...check,
    actor: 'google',
    isNeeded: () => true,
    try: async (site, { samples }) => {
      const subjects = [...site.plan.scopes.filter(isProject), ...samples].slice(0, SAMPLES)
      return [await firstThatWorks(site, subjects, ask)]
    },
  }
}

/** The first project that answers; where none does, why the first one did not. */
async function firstThatWorks(
  { google, plan, now }: Site,
  subjects: readonly string[],
  ask: Ask,
): Promise<Omit<Trial, 'check'>> {
  const [first] = subjects
  if (first === undefined)
    return { on: plan.scopes.join(', '), outcome: untried('no project is known to try it on') }
  let trouble: Outcome | undefined
  for (const on of subjects) {
    try {
      await ask(google, on, now())
      const but = trouble === undefined ? '' : `, though not in ${first}`
      return { on, outcome: works(`${reachOf(on, plan.scopes)}${but}`) }
    } catch (error) {
      trouble ??= { kind: 'troubled', trouble: troubleOf(error, grantedOn(first, plan.scopes)) }
      if (!(error instanceof ApiError) || !isRefused(error)) break
    }
  }
  return { on: first, outcome: trouble ?? untried('') }
}

/** One project shows nothing of the others: a right may be missing in one of them alone. */
function reachOf(tried: string, scopes: readonly string[]): string {
  return scopes.every((scope) => scope === tried) ? 'works' : `works, as far as ${tried} shows`
}

/** Rights are granted on what is audited, not on each project in it. */
function grantedOn(project: string, scopes: readonly string[]): string {
  return scopes.includes(project) ? project : (scopes[0] ?? project)
}

export const keysList = onProjects(
  {
    call: 'keys.list',
    covers: ['listKeys'],
    needs: 'Confirms the keys of each project with candidates: no key is reported without it.',
    otherwise:
      'Keys of unknown type, as gaps. Where there is no asset inventory, or the API is off: the run fails.',
  },
  async (google, project) => {
    for await (const _ of listKeys(google, project)) return
  },
)

export const servicesGet = onProjects(
  {
    call: 'services.get',
    covers: ['getService'],
    needs: 'Tells whether the Gemini API is enabled where the search does not, or shows it wrongly.',
    otherwise: 'A gap for each project that would have been asked.',
  },
  (google, project) => isEnabled(google, project, GEMINI_API),
)

export const timeSeriesList = onProjects(
  {
    call: 'timeSeries.list',
    covers: ['listTimeSeries'],
    needs: 'Tells which keys are in use, which are refused, and which are dormant.',
    otherwise: 'Traffic is unknown, as gaps.',
  },
  async (google, project, now) => {
    const { end } = windowBefore(now).interval
    const start = `${now.slice(0, 10)}T00:00:00Z`
    for await (const _ of listKeyTraffic(google, project, { start, end })) return
  },
)

export const getEffectivePolicy = onProjects(
  {
    call: 'policies.getEffectivePolicy',
    covers: ['getEffectivePolicy'],
    needs: 'Tells whether an organization policy keeps auth keys from being made.',
    otherwise: 'Not known, as gaps; verdicts do not rest on it.',
  },
  readBlocker,
)

/** No account has this name: that there is none is an answer as well. */
const NO_ACCOUNT = 'gemini-key-audit-doctor@example.iam.gserviceaccount.com'

export const serviceAccountsGet = onProjects(
  {
    call: 'serviceAccounts.get',
    covers: ['getAccount'],
    needs: 'Tells whether a service account to which an auth key is bound is disabled or gone.',
    otherwise:
      'A warning: of accounts that the asset inventory does not show it is not known, as gaps. No verdict rests on it.',
  },
  async (google, project) => {
    try {
      await getAccount(google, project, NO_ACCOUNT)
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 404)) throw error
    }
  },
)

export const projectsGetIamPolicy: Check = {
  ...onProjects(
    {
      call: 'projects.getIamPolicy',
      covers: ['getProjectPolicy'],
      needs: 'Finds roles of service accounts on their own projects, where there is no asset inventory.',
      otherwise:
        'A warning: how far the accounts of auth keys reach is not known there, as gaps. No verdict rests on it.',
    },
    getProjectPolicy,
  ),
  isNeeded: ({ plan }) => plan.mode !== 'assets',
}

/** A project by itself. */
export const projectsGet: Check = {
  call: 'projects.get',
  actor: 'google',
  covers: ['getProject'],
  needs: 'Places a project that is newer than the asset inventory, or a scope that is a project.',
  otherwise: 'A scope that is a project fails where there is no asset inventory; else a warning.',
  isNeeded: ({ plan }) => plan.mode !== 'projects' || plan.scopes.some(isProject),
  try: async (site, found) => {
    const subjects = [...site.plan.scopes.filter(isProject), ...found.samples].slice(0, SAMPLES)
    const ask: Ask = async (google, project) => {
      const read = projectOfManager(await getProject(google, project))
      if (read) found.placeProject(read.project, read.parent === undefined ? [] : [read.parent])
    }
    return [await firstThatWorks(site, subjects, ask)]
  },
}

/** A folder by itself. */
export const foldersGet: Check = {
  call: 'folders.get',
  actor: 'google',
  covers: ['getFolder'],
  needs: 'Tells what a scope lies in, where there is no asset inventory.',
  otherwise: 'A warning: what the policy says of folders further up does not reach the scope.',
  isNeeded: ({ plan }) =>
    plan.mode === 'auto' || (plan.mode === 'projects' && plan.scopes.some((scope) => !/^organ/.test(scope))),
  try: async ({ plan, google }, found) => {
    const scoped = plan.scopes.filter((scope) => scope.startsWith('folders/'))
    const [on] = [...scoped, ...found.folders]
    if (on === undefined)
      return [{ on: plan.scopes.join(', '), outcome: untried('no folder is known to try it on') }]
    const grantOn = scoped.includes(on) ? on : (plan.scopes[0] ?? on)
    const outcome = await outcomeOf(async () => {
      const { parent } = await getFolder(google, on)
      if (parent !== undefined) found.place([parent])
      return works('works')
    }, grantOn)
    return [{ on, outcome }]
  },
}
