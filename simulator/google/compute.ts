import { createHash } from 'node:crypto'
import { type Call, param } from '../wire/call.js'
import { ok } from '../wire/listing.js'
import type { Route } from '../wire/routes.js'
import type { World } from '../world/world.js'
import { demand, hidden, type Right, subjectOf } from './access.js'

const GET: Right = {
  read: 'projects',
  service: 'compute.googleapis.com',
  title: 'Compute Engine API',
  permission: 'compute.projects.get',
}

/**
 * Of the Compute Engine API v1 only what programs ask to see whether a project is there.
 * @see https://cloud.google.com/compute/docs/reference/rest/v1/projects/get
 */
export function computeRoutes(world: () => World): readonly Route[] {
  return [
    {
      operation: 'compute.projects.get',
      method: 'GET',
      path: '/compute/v1/projects/{project}',
      dialect: 'google',
      query: {},
      handle: (call) => ok(getProject(world(), call)),
    },
  ]
}

function getProject(world: World, call: Call) {
  const name = param(call, 'project')
  const project = world.projectNamed(name)
  if (project?.state !== 'ACTIVE') throw hidden(GET, `projects/${name}`)
  demand(world, GET, subjectOf(project))
  return {
    kind: 'compute#project',
    id: idOf(project.id),
    name: project.id,
    creationTimestamp: project.createTime,
    defaultServiceAccount: `${project.number}-compute@developer.gserviceaccount.com`,
    selfLink: `${call.origin}${call.path}`,
  }
}

/** Compute Engine numbers projects by itself: this is not the project's number. */
function idOf(project: string): string {
  return String(createHash('sha256').update(project).digest().readBigUInt64BE() >> 1n)
}
