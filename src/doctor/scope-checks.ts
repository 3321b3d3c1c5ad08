import { listAssets, listGovernedContainers, searchPolicies, searchResources } from '../google/cloudasset.js'
import { listFolders, listProjects, searchOrganizations } from '../google/resourcemanager.js'
import { enabledBelow } from '../google/serviceusage.js'
import { KEY_ASSET, PROJECT_ASSET, SERVICE_ASSET } from '../inventory/assets.js'
import { CONSTRAINT } from '../inventory/blocker.js'
import { elementsOf } from '../inventory/page-items.js'
import { isProject } from '../inventory/scopes.js'
import { keyOfAsset } from '../inventory/wire-key.js'
import { projectOfAsset, projectOfManager } from '../inventory/wire-project.js'
import { ENABLED_GEMINI, enabledIn } from '../inventory/wire-service.js'
import { isCandidate } from '../policy/facts.js'
import { counted } from '../report/wording.js'
import type { Check, Counted, Findings, Site } from './check.js'
import { outcomeOf, works } from './trial.js'

/** Pages that are read of a listing: enough to try the right and to see whether there is more. */
const PAGES = 2

const byAssets = ({ plan }: Site) => plan.mode !== 'projects'
const byManager = ({ plan }: Site) => plan.mode !== 'assets'

/** The organization that is taken where nobody names a scope. */
export const organizationsSearch: Check = {
  call: 'organizations.search',
  actor: 'google',
  covers: ['searchOrganizations'],
  needs: 'Finds the organization where AUDIT_SCOPE is not set, which only the command does without.',
  otherwise: 'The command asks for a scope.',
  isNeeded: ({ plan }) => plan.isScopeFound,
  try: async ({ google, plan }) => {
    const outcome = await outcomeOf(async () => {
      const { count } = await firstOf(searchOrganizations(google))
      return works(`${counted(count, 'organization')}: AUDIT_SCOPE need not be set here`)
    })
    return [{ on: plan.scopes.join(', '), outcome }]
  },
}

/** The enabled services, searched over each scope. */
export const searchAllResources: Check = {
  call: 'searchAllResources',
  actor: 'google',
  covers: ['searchResources', 'searchAccounts'],
  needs: 'Finds the projects in which the Gemini API is enabled, in one search.',
  otherwise: 'With AUDIT_INVENTORY=auto each project with candidates is asked instead; else a gap.',
  isNeeded: byAssets,
  try: ({ google, plan }, found) =>
    eachScope(plan.scopes, async (scope) => {
      const page = await firstOf(searchResources(google, scope, SERVICE_ASSET, ENABLED_GEMINI))
      for (const element of page.elements) {
        const place = enabledIn(element)
        if (place?.startsWith('projects/')) found.samples.add(place)
      }
      found.sizes.gemini.push(page)
      return works(`${atLeast(page, 'project')} with the Gemini API`)
    }),
}

/** What the organization and folders enable for every project below them. */
export const consumerPolicies: Check = {
  call: 'consumerPolicies.get',
  actor: 'google',
  covers: ['getConsumerPolicy'],
  needs:
    'Tells whether a folder or the organization enables the Gemini API for all projects below it: a preview.',
  otherwise: 'A warning: the run record says that it was not read. No verdict is doubted for it.',
  isNeeded: ({ plan }) => parents(plan.scopes).length > 0,
  try: ({ google, plan }) =>
    eachScope(parents(plan.scopes), async (scope) => {
      const services = await enabledBelow(google, scope)
      return works(`${counted(services.length, 'service')} enabled for all projects below`)
    }),
}

/** What organization policies say of all projects at once. */
export const policiesList: Check = {
  call: 'analyzeOrgPolicyGovernedContainers',
  actor: 'google',
  covers: ['analyzePolicies'],
  needs: 'Tells of all projects at once where no organization policy keeps auth keys from being made.',
  otherwise: 'A warning: the projects are asked one by one, which takes more requests.',
  isNeeded: ({ plan }) => organizationsIn(plan.scopes).length > 0,
  try: ({ google, plan }) =>
    eachScope(organizationsIn(plan.scopes), async (scope) => {
      await firstOf(listGovernedContainers(google, scope, CONSTRAINT))
      return works('works')
    }),
}

/** Who holds which role in each scope. */
export const policiesSearch: Check = {
  call: 'searchAllIamPolicies',
  actor: 'google',
  covers: ['searchPolicies'],
  needs: 'Finds the roles of the service accounts to which auth keys are bound.',
  otherwise:
    'A warning: how far these accounts reach is not known, as gaps where there are auth keys. No verdict rests on it.',
  isNeeded: byAssets,
  try: ({ google, plan }) =>
    eachScope(plan.scopes, async (scope) => {
      await searchPolicies(google, scope, 'memberTypes:serviceAccount').next()
      return works('works')
    }),
}

function organizationsIn(scopes: readonly string[]): readonly string[] {
  return scopes.filter((scope) => scope.startsWith('organizations/'))
}

/** The projects and keys of the asset inventory, in each scope. */
export const assetsList: Check = {
  call: 'assets.list',
  actor: 'google',
  covers: ['listAssets'],
  needs: 'Lists all projects and keys of a scope in few requests.',
  otherwise: 'With AUDIT_INVENTORY=auto the scope is read project by project, slower; else the run fails.',
  isNeeded: byAssets,
  try: ({ google, plan }, found) =>
    eachScope(plan.scopes, async (scope) => {
      const projects = await firstOf(listAssets(google, scope, PROJECT_ASSET))
      const keys = await firstOf(listAssets(google, scope, KEY_ASSET))
      sampleFrom(projects.elements, keys.elements, found)
      found.sizes.projects.push(projects)
      found.sizes.keys.push(keys)
      return works(`${atLeast(projects, 'project')}, ${atLeast(keys, 'key')}`)
    }),
}

/** The projects directly in each scope. */
export const projectsList: Check = {
  call: 'projects.list',
  actor: 'google',
  covers: ['listProjects'],
  needs: 'Finds the projects where the asset inventory is not used or not open.',
  otherwise: 'Without the asset inventory: gaps, or a failed run. With it: a warning, it is not asked.',
  isNeeded: byManager,
  try: ({ google, plan }, found) =>
    eachScope(parents(plan.scopes), async (scope) => {
      const page = await firstOf(listProjects(google, scope))
      const active = elementsOf(page.elements, projectOfManager).found
      for (const { project } of active) {
        if (project.state === 'ACTIVE') found.samples.add(`projects/${project.number}`)
      }
      return works(`${atLeast(page, 'project')} directly in it`)
    }),
}

/** The folders directly in each scope. */
export const foldersList: Check = {
  call: 'folders.list',
  actor: 'google',
  covers: ['listFolders'],
  needs: 'Finds the folders where the asset inventory is not used or not open.',
  otherwise: 'As with projects.list.',
  isNeeded: byManager,
  try: ({ google, plan }, found) =>
    eachScope(parents(plan.scopes), async (scope) => {
      const page = await firstOf(listFolders(google, scope))
      for (const element of page.elements) {
        const name = typeof element === 'object' && element !== null && 'name' in element ? element.name : ''
        if (typeof name === 'string' && /^folders\/\d+$/.test(name)) found.folders.add(name)
      }
      return works(`${atLeast(page, 'folder')} directly in it`)
    }),
}

function parents(scopes: readonly string[]): readonly string[] {
  return scopes.filter((scope) => !isProject(scope))
}

type Attempt = (scope: string) => ReturnType<Parameters<typeof outcomeOf>[0]>

async function eachScope(scopes: readonly string[], attempt: Attempt) {
  const trials: { on: string; outcome: Awaited<ReturnType<typeof outcomeOf>> }[] = []
  for (const on of scopes) trials.push({ on, outcome: await outcomeOf(() => attempt(on)) })
  return trials
}

interface First extends Counted {
  readonly elements: readonly unknown[]
}

async function firstOf(pages: AsyncGenerator<readonly unknown[]>): Promise<First> {
  const elements: unknown[] = []
  for (let page = 0; page < PAGES; page += 1) {
    const next = await pages.next()
    if (next.done) return { elements, count: elements.length, isAll: true }
    elements.push(...next.value)
  }
  await pages.return(undefined)
  return { elements, count: elements.length, isAll: false }
}

function atLeast({ count, isAll }: Counted, thing: string): string {
  return isAll ? counted(count, thing) : `more than ${counted(count, thing)}`
}

/** Rights are tried where a run needs them: in active projects, those with a candidate and the Gemini API first. */
function sampleFrom(projects: readonly unknown[], keys: readonly unknown[], found: Findings): void {
  const read = elementsOf(projects, projectOfAsset).found
  for (const { project } of read) found.placeProject(project, project.ancestors)
  const idle = new Set(
    read.filter(({ project }) => project.state !== 'ACTIVE').map(({ project }) => project.number),
  )
  const candidates = elementsOf(keys, keyOfAsset)
    .found.filter(({ key }) => isCandidate(key) && !idle.has(key.projectNumber))
    .map(({ key }) => `projects/${key.projectNumber}`)
  const withGemini = [...found.samples].filter((name) => !idle.has(name.slice('projects/'.length)))
  const active = read.filter(({ project }) => project.state === 'ACTIVE')
  const both = candidates.filter((name) => found.samples.has(name))
  const ordered = [
    ...both,
    ...withGemini,
    ...candidates,
    ...active.map(({ project }) => `projects/${project.number}`),
  ]
  found.samples.clear()
  for (const name of ordered) found.samples.add(name)
}
