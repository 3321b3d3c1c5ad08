import { type Call, param } from '../wire/call.js'
import { ok } from '../wire/listing.js'
import type { Route } from '../wire/routes.js'
import type { World } from '../world/world.js'
import { demand, hidden, type Right, subjectOf } from './access.js'

const GET: Right = {
  read: 'policies',
  service: 'orgpolicy.googleapis.com',
  title: 'Organization Policy API',
  permission: 'orgpolicy.policy.get',
}

/**
 * Organization Policy API v2: what is in force in a project, from wherever it is inherited.
 * @see https://cloud.google.com/resource-manager/docs/reference/orgpolicy/rest/v2/projects.policies/getEffectivePolicy
 */
export function orgPolicyRoutes(world: () => World): readonly Route[] {
  return [
    {
      operation: 'orgpolicy.policies.getEffectivePolicy',
      method: 'GET',
      path: '/v2/projects/{project}/policies/{constraint}:getEffectivePolicy',
      dialect: 'google',
      query: {},
      handle: (call) => effectivePolicy(world(), call),
    },
  ]
}

/** The nearest setting wins; a constraint that nothing sets is not enforced. */
function effectivePolicy(world: World, call: Call) {
  const asked = param(call, 'project')
  const project = world.projectNamed(asked)
  if (project?.state !== 'ACTIVE') throw hidden(GET, `projects/${asked}`)
  demand(world, GET, subjectOf(project))
  const constraint = param(call, 'constraint')
  const setting = [`projects/${project.number}`, ...project.ancestors]
    .map((place) => world.policies.find((policy) => policy.on === place && policy.constraint === constraint))
    .find((policy) => policy !== undefined)
  const parameters = setting &&
    setting.allowedServices.length > 0 && { allowedServices: setting.allowedServices }
  return ok({
    name: `projects/${project.number}/policies/${constraint}`,
    spec: { rules: [{ enforce: setting?.enforce ?? false, ...(parameters && { parameters }) }] },
  })
}
