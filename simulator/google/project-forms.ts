import { createHash } from 'node:crypto'
import type { cloudresourcemanager_v1 as v1 } from 'googleapis/build/src/apis/cloudresourcemanager/v1.js'
import type { cloudresourcemanager_v2 as v2 } from 'googleapis/build/src/apis/cloudresourcemanager/v2.js'
import type { cloudresourcemanager_v3 as v3 } from 'googleapis/build/src/apis/cloudresourcemanager/v3.js'
import { type Folder, type Project, parentOf, type World } from '../world/world.js'

/** The customer of Cloud Identity whose organization it is. */
export const CUSTOMER = 'C0simulated'
/** Since when there is the organization. */
const BEGUN = '2015-01-01T00:00:00Z'

/** A project as Resource Manager v3 shows it. */
export function projectV3(world: World, project: Project): v3.Schema$Project {
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
export function projectV1(world: World, project: Project): v1.Schema$Project {
  const [kind, id = ''] = parentOf(world, project).split('/')
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
export function folderV3(folder: Folder): v3.Schema$Folder {
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
export function folderV2({ number, parent, displayName, createTime }: Folder): v2.Schema$Folder {
  return { name: `folders/${number}`, parent, displayName, lifecycleState: 'ACTIVE', createTime }
}

/** The organization as Resource Manager v1 shows it. */
export function organizationV1(world: World): v1.Schema$Organization {
  return {
    name: `organizations/${world.organization.number}`,
    displayName: world.organization.domain,
    lifecycleState: 'ACTIVE',
    creationTime: BEGUN,
    owner: { directoryCustomerId: CUSTOMER },
  }
}

/** The organization as Resource Manager v3 shows it. */
export function organizationV3(world: World): v3.Schema$Organization {
  return {
    name: `organizations/${world.organization.number}`,
    displayName: world.organization.domain,
    directoryCustomerId: CUSTOMER,
    state: 'ACTIVE',
    createTime: BEGUN,
    etag: etagOf(world.organization.number),
  }
}

/** Google leaves out an empty map. */
function labelsOf({ labels }: Project): { labels?: Record<string, string> } {
  return Object.keys(labels).length > 0 ? { labels: { ...labels } } : {}
}

function etagOf(text: string): string {
  return `W/"${createHash('sha256').update(text).digest('hex').slice(0, 16)}"`
}
