import {
  type Enabling,
  enablingAt,
  type Folder,
  type Key,
  keyName,
  type Project,
  parentOf,
  type World,
} from '../world/world.js'
import { inventoriedKey } from './api-keys.js'
import type { Asset } from './asset.js'
import { serviceAccountOf } from './iam.js'

export const KEY = 'apikeys.googleapis.com/Key'
export const SERVICE = 'serviceusage.googleapis.com/Service'
export const ACCOUNT = 'iam.googleapis.com/ServiceAccount'
export const PROJECT = 'cloudresourcemanager.googleapis.com/Project'
export const FOLDER = 'cloudresourcemanager.googleapis.com/Folder'
export const ORGANIZATION = 'cloudresourcemanager.googleapis.com/Organization'
const MANAGER = '//cloudresourcemanager.googleapis.com'

function ancestry(project: Project): readonly string[] {
  return [`projects/${project.number}`, ...project.ancestors]
}

/** The organization itself. */
export function organizationAsset(world: World): Asset {
  const name = `organizations/${world.organization.number}`
  const createTime = '2015-01-01T00:00:00Z'
  return {
    assetType: ORGANIZATION,
    name: `${MANAGER}/${name}`,
    parent: '',
    ancestors: [name],
    displayName: world.organization.domain,
    state: 'ACTIVE',
    labels: {},
    updateTime: createTime,
    version: 'v3',
    discoveryName: 'Organization',
    data: { name, displayName: world.organization.domain, state: 'ACTIVE', createTime },
  }
}

/** A folder. */
export function folderAsset(folder: Folder): Asset {
  const name = `folders/${folder.number}`
  const { displayName, parent, createTime } = folder
  return {
    assetType: FOLDER,
    name: `${MANAGER}/${name}`,
    parent: `${MANAGER}/${parent}`,
    ancestors: [name, ...folder.ancestors],
    displayName,
    state: 'ACTIVE',
    labels: {},
    createTime,
    updateTime: createTime,
    version: 'v3',
    discoveryName: 'Folder',
    data: { name, parent, displayName, state: 'ACTIVE', createTime },
  }
}

/** A project, in the form of Resource Manager v1. */
export function projectAsset(world: World, project: Project): Asset {
  const [kind, id] = parentOf(world, project).split('/')
  return {
    assetType: PROJECT,
    name: `${MANAGER}/projects/${project.number}`,
    parent: `${MANAGER}/${parentOf(world, project)}`,
    ancestors: ancestry(project),
    displayName: project.displayName,
    state: project.state,
    labels: project.labels,
    createTime: project.createTime,
    updateTime: project.createTime,
    version: 'v1',
    discoveryName: 'Project',
    data: overlaid(
      {
        createTime: project.createTime,
        ...(Object.keys(project.labels).length > 0 && { labels: project.labels }),
        lifecycleState: project.state,
        name: project.displayName,
        parent: { id, type: kind === 'folders' ? 'folder' : 'organization' },
        projectId: project.id,
        projectNumber: project.number,
      },
      project.wire,
    ),
  }
}

/** A project's keys; what is younger than the inventory's delay is not in it yet. */
export function keyAssets(world: World, project: Project): readonly Asset[] {
  const horizon = world.now.getTime() - world.inventory.delay
  return world
    .keysOf(project)
    .filter((key) => key.lag !== 'fresh' && Date.parse(key.createTime) <= horizon)
    .map((key) => keyAsset(world, project, key))
}

/** A key as the inventory shows it. */
export function keyAsset(world: World, project: Project, key: Key): Asset {
  return {
    assetType: KEY,
    name: `//apikeys.googleapis.com/${keyName(project, key)}`,
    parent: `${MANAGER}/projects/${project.number}`,
    ancestors: ancestry(project),
    ...(key.displayName !== undefined && { displayName: key.displayName }),
    labels: {},
    createTime: key.createTime,
    updateTime: key.deleteTime ?? key.updateTime,
    version: 'v2',
    discoveryName: 'V2Key',
    isTruncated: key.isTruncated,
    data: inventoriedKey(project, key, world.inventory.showsServiceAccounts),
  }
}

/** A project's service accounts; what is younger than the inventory's delay is not in it yet. */
export function accountAssets(world: World, project: Project): readonly Asset[] {
  const horizon = world.now.getTime() - world.inventory.delay
  return world
    .accountsOf(project)
    .filter(({ createTime }) => createTime === undefined || Date.parse(createTime) <= horizon)
    .map((account) => ({
      assetType: ACCOUNT,
      name: `//iam.googleapis.com/projects/${project.id}/serviceAccounts/${account.email}`,
      parent: `${MANAGER}/projects/${project.number}`,
      ancestors: ancestry(project),
      displayName: account.email.split('@', 1)[0] ?? '',
      state: account.isDisabled ? 'DISABLED' : 'ENABLED',
      labels: {},
      ...(account.createTime && { createTime: account.createTime }),
      updateTime: account.createTime ?? project.createTime,
      version: 'v1',
      discoveryName: 'ServiceAccount',
      data: { ...serviceAccountOf(project, account) },
    }))
}

/** A project's enabled services, as far as the inventory knows them. */
export function serviceAssets(project: Project): readonly Asset[] {
  return serviceAssetsOf(project, ancestry(project), project.createTime)
}

/** What `folders/N` or `organizations/N` enables for everything below it, in the same way. */
export function inheritedServiceAssets(world: World, name: string): readonly Asset[] {
  const folder = world.folders.find(({ number }) => name === `folders/${number}`)
  const enabling = enablingAt(world, name)
  if (enabling === undefined) return []
  return serviceAssetsOf(
    enabling,
    [name, ...(folder?.ancestors ?? [])],
    folder?.createTime ?? '2015-01-01T00:00:00Z',
  )
}

function serviceAssetsOf(
  { services, missingFromSearch }: Enabling,
  ancestors: readonly string[],
  updateTime: string,
): readonly Asset[] {
  const visible = services.filter((service) => !missingFromSearch.includes(service))
  return visible.map((service) => serviceAssetBelow(service, ancestors, { state: 'ENABLED', updateTime }))
}

/** A service of a project, by its state. */
export function serviceAsset(service: string, project: Project, said: ServiceState): Asset {
  return serviceAssetBelow(service, ancestry(project), said)
}

interface ServiceState {
  readonly state: 'ENABLED' | 'DISABLED'
  readonly updateTime: string
}

function serviceAssetBelow(
  service: string,
  ancestors: readonly string[],
  { state, updateTime }: ServiceState,
): Asset {
  const [owner = ''] = ancestors
  return {
    assetType: SERVICE,
    name: `//serviceusage.googleapis.com/${owner}/services/${service}`,
    parent: `${MANAGER}/${owner}`,
    ancestors,
    displayName: service,
    state,
    labels: {},
    updateTime,
    version: 'v1',
    discoveryName: 'GoogleApiServiceusageV1Service',
    data: {
      name: service,
      parent: owner,
      state,
      config: { name: service },
    },
  }
}

/** Damage that a world describes, laid over what Google would show. */
function overlaid(data: Asset['data'], damage: Asset['data']): Asset['data'] {
  return Object.fromEntries(Object.entries({ ...data, ...damage }).filter(([, value]) => value !== null))
}
