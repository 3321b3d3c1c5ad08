import type { cloudasset_v1 } from 'googleapis/build/src/apis/cloudasset/v1.js'
import { type Call, ok, param } from '../wire/call.js'
import { badRequest } from '../wire/google-error.js'
import { joined, listedPage, type Shelf, shelfOf } from '../wire/pages.js'
import { PAGING } from '../wire/parameters.js'
import { googleRoutes, type Route } from '../wire/routes.js'
import type { OrgPolicy, World } from '../world/world.js'
import { activeProject, type Right, scopeOf } from './access.js'

const GET: Right = {
  read: 'policies',
  service: 'orgpolicy.googleapis.com',
  title: 'Organization Policy API',
  permission: 'orgpolicy.policy.get',
}

const ANALYZE: Right = {
  read: 'policies',
  service: 'cloudasset.googleapis.com',
  title: 'Cloud Asset API',
  permission: 'cloudasset.assets.analyzeOrgPolicy',
}

/**
 * Organization Policy API v2: what is in force in a project, from wherever it is inherited.
 * @see https://cloud.google.com/resource-manager/docs/reference/orgpolicy/rest/v2/projects.policies/getEffectivePolicy
 * And of Cloud Asset API v1 the same for all folders and projects of an organization.
 * @see https://cloud.google.com/asset-inventory/docs/reference/rest/v1/TopLevel/analyzeOrgPolicyGovernedContainers
 */
export function orgPolicyRoutes(world: () => World): readonly Route[] {
  const route = googleRoutes(world)
  return [
    route(
      'orgpolicy.policies.getEffectivePolicy',
      '/v2/projects/{project}/policies/{constraint}:getEffectivePolicy',
      effectivePolicy,
    ),
    route(
      'cloudasset.analyzeOrgPolicyGovernedContainers',
      '/v1/organizations/{scope}:analyzeOrgPolicyGovernedContainers',
      governedContainers,
      { query: { constraint: 'string', filter: 'string', ...PAGING } },
    ),
  ]
}

/** The nearest setting wins; a constraint that nothing sets is not enforced. */
function effectivePolicy(world: World, call: Call) {
  const project = activeProject(world, call, GET)
  const constraint = param(call, 'constraint')
  const setting = settingOf(world, constraint, [`projects/${project.number}`, ...project.ancestors])
  const parameters = setting &&
    setting.allowedServices.length > 0 && { allowedServices: setting.allowedServices }
  return ok({
    name: `projects/${project.number}/policies/${constraint}`,
    spec: { rules: [{ enforce: setting?.enforce ?? false, ...(parameters && { parameters }) }] },
  })
}

function settingOf(world: World, constraint: string, places: readonly string[]): OrgPolicy | undefined {
  return places
    .map((place) => world.policies.find((policy) => policy.on === place && policy.constraint === constraint))
    .find((policy) => policy !== undefined)
}

type Container = cloudasset_v1.Schema$GoogleCloudAssetV1GovernedContainer

/** Parameters of a rule are not among what this shows. */
function governedContainers(world: World, call: Call) {
  const organization = scopeOf(world, ANALYZE, 'organizations', param(call, 'scope'))
  if (call.query.get('filter')) throw badRequest('filter', 'the simulator lists all containers only')
  const constraint = /^constraints\/(.+)$/.exec(call.query.get('constraint') ?? '')?.[1]
  if (constraint === undefined) throw badRequest('constraint', 'a name such as constraints/x.y')
  const container = (places: readonly string[]): Container => {
    const [self = '', ...above] = places
    const setting = settingOf(world, constraint, places)
    const attached = `//cloudresourcemanager.googleapis.com/${setting?.on ?? organization}`
    return {
      fullResourceName: `//cloudresourcemanager.googleapis.com/${self}`,
      parent: `//cloudresourcemanager.googleapis.com/${above[0]}`,
      consolidatedPolicy: { attachedResource: attached, rules: [{ enforce: setting?.enforce ?? false }] },
      ...(self.startsWith('projects/') && { project: self }),
      folders: places.filter((place) => place.startsWith('folders/')),
      organization,
    }
  }
  const folders = world.folders.map(({ number, ancestors }) => container([`folders/${number}`, ...ancestors]))
  const projects: Shelf<Container> = {
    length: world.projectCount,
    at: (position) => {
      const { number, state, ancestors } = world.projectAt(position)
      return state === 'ACTIVE' ? [container([`projects/${number}`, ...ancestors])] : []
    },
  }
  const all = joined([shelfOf(folders), projects])
  return listedPage(call, 'governedContainers', all, { usual: 100, most: 200 })
}
