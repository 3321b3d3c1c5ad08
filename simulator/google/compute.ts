import { createHash } from 'node:crypto'
import { type Call, ok } from '../wire/call.js'
import { googleRoutes, type Route } from '../wire/routes.js'
import type { World } from '../world/world.js'
import { activeProject, type Right } from './access.js'

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
  const route = googleRoutes(world)
  return [route('compute.projects.get', '/compute/v1/projects/{project}', getProject)]
}

function getProject(world: World, call: Call) {
  const project = activeProject(world, call, GET)
  return ok({
    kind: 'compute#project',
    id: idOf(project.id),
    name: project.id,
    creationTimestamp: project.createTime,
    defaultServiceAccount: `${project.number}-compute@developer.gserviceaccount.com`,
    selfLink: `${call.origin}${call.path}`,
  })
}

/** Compute Engine has project numbers of its own. */
function idOf(project: string): string {
  return String(createHash('sha256').update(project).digest().readBigUInt64BE() >> 1n)
}
