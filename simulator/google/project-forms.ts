import { createHash } from 'node:crypto'
import { type Folder, type Project, parentOf, type World } from '../world/world.js'

/** The customer of Cloud Identity whose organization it is. */
export const CUSTOMER = 'C0simulated'

type Resource = Readonly<Record<string, unknown>>

/** A project as Resource Manager v3 shows it. */
export function projectV3(world: World, project: Project): Resource {
  return {
    name: `projects/${project.number}`,
    parent: parentOf(world, project),
    projectId: project.id,
    state: project.state === 'ACTIVE' ? 'ACTIVE' : 'DELETE_REQUESTED',
    displayName: project.displayName,
    createTime: project.createTime,
    updateTime: project.createTime,
    etag: etagOf(project.id),
    ...labelsOf(project),
  }
}

/** A project as Resource Manager v1 shows it: other names for number, state and parent. */
export function projectV1(world: World, project: Project): Resource {
  const [kind, id] = parentOf(world, project).split('/')
  return {
    projectNumber: project.number,
    projectId: project.id,
    lifecycleState: project.state,
    name: project.displayName,
    createTime: project.createTime,
    parent: { type: kind === 'folders' ? 'folder' : 'organization', id },
    ...labelsOf(project),
  }
}

/** A folder as Resource Manager v3 shows it. */
export function folderV3(folder: Folder): Resource {
  return {
    name: `folders/${folder.number}`,
    parent: folder.parent,
    displayName: folder.displayName,
    state: 'ACTIVE',
    createTime: folder.createTime,
    updateTime: folder.createTime,
    etag: etagOf(folder.number),
  }
}

/** A folder as Resource Manager v2 shows it. */
export function folderV2(folder: Folder): Resource {
  const { name, parent, displayName, createTime } = folderV3(folder)
  return { name, parent, displayName, lifecycleState: 'ACTIVE', createTime }
}

/** The organization as Resource Manager v1 shows it. */
export function organizationV1(world: World): Resource {
  const { name, displayName, directoryCustomerId, createTime } = organizationV3(world)
  return {
    name,
    displayName,
    organizationId: world.organization.number,
    lifecycleState: 'ACTIVE',
    creationTime: createTime,
    owner: { directoryCustomerId },
  }
}

/** The organization as Resource Manager v3 shows it. */
export function organizationV3(world: World): Resource {
  return {
    name: `organizations/${world.organization.number}`,
    displayName: world.organization.domain,
    directoryCustomerId: CUSTOMER,
    state: 'ACTIVE',
    createTime: '2015-01-01T00:00:00Z',
    etag: etagOf(world.organization.number),
  }
}

/** Google leaves out an empty map. */
function labelsOf({ labels }: Project): Resource {
  return Object.keys(labels).length > 0 ? { labels } : {}
}

function etagOf(text: string): string {
  return `W/"${createHash('sha256').update(text).digest('hex').slice(0, 16)}"`
}
