import type { Shelf } from '../wire/pages.js'
import type { Folder, Key, Project, World } from '../world/world.js'
import { keyName, parentOf } from '../world/world.js'
import { inventoriedKey } from './key-resource.js'

const KEY = 'apikeys.googleapis.com/Key'
const SERVICE = 'serviceusage.googleapis.com/Service'
const PROJECT = 'cloudresourcemanager.googleapis.com/Project'
const FOLDER = 'cloudresourcemanager.googleapis.com/Folder'
const ORGANIZATION = 'cloudresourcemanager.googleapis.com/Organization'
const MANAGER = '//cloudresourcemanager.googleapis.com'

/** A resource as the asset inventory keeps it, before a listing or a search gives it its form. */
export interface Asset {
  readonly assetType: string
  readonly name: string
  /** Full resource name. */
  readonly parent: string
  /** Nearest first, itself included where it is a project or folder. */
  readonly ancestors: readonly string[]
  readonly displayName?: string
  readonly state?: string
  readonly labels: Readonly<Record<string, string>>
  readonly createTime?: string
  readonly updateTime: string
  readonly version: string
  readonly discoveryName: string
  readonly data: Readonly<Record<string, unknown>>
}

/** All assets of one type at or below a scope such as `folders/7`. */
export type Collection = (world: World, scope: string) => Shelf<Asset>

/** The asset types that this organization has, each with how to go through it. */
export const COLLECTIONS: Readonly<Record<string, Collection>> = {
  [ORGANIZATION]: (world, scope) =>
    once(() => (scope === organizationOf(world) ? [organizationAsset(world)] : [])),
  [FOLDER]: (world, scope) =>
    once(() =>
      world.folders
        .filter((folder) => [`folders/${folder.number}`, ...folder.ancestors].includes(scope))
        .map(folderAsset),
    ),
  [PROJECT]: (world, scope) => byProject(world, scope, (project) => [projectAsset(world, project)]),
  [KEY]: (world, scope) => byProject(world, scope, (project) => keyAssets(world, project)),
  [SERVICE]: (world, scope) => byProject(world, scope, serviceAssets),
}

function once(make: () => readonly Asset[]): Shelf<Asset> {
  return { length: 1, at: make }
}

/** One position for each project, so that nothing of a project is made before its page is asked for. */
function byProject(world: World, scope: string, make: (project: Project) => readonly Asset[]): Shelf<Asset> {
  return {
    length: world.projectCount,
    at: (position) => {
      const project = world.projectAt(position)
      const within = scope === `projects/${project.number}` || project.ancestors.includes(scope)
      return within && project.lag !== 'fresh' ? make(project) : []
    },
  }
}

function organizationOf(world: World): string {
  return `organizations/${world.organization.number}`
}

function ancestry(project: Project): readonly string[] {
  return [`projects/${project.number}`, ...project.ancestors]
}

function organizationAsset(world: World): Asset {
  const name = organizationOf(world)
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

function folderAsset(folder: Folder): Asset {
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

/** Projects are kept in the form of Resource Manager v1. */
function projectAsset(world: World, project: Project): Asset {
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

/** What is younger than the inventory's delay is not in it yet. */
function keyAssets(world: World, project: Project): readonly Asset[] {
  const horizon = world.now.getTime() - world.inventory.delay
  return world
    .keysOf(project)
    .filter((key) => key.lag !== 'fresh' && Date.parse(key.createTime) <= horizon)
    .map((key) => keyAsset(world, project, key))
}

function keyAsset(world: World, project: Project, key: Key): Asset {
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
    data: inventoriedKey(project, key, world.inventory.showsServiceAccounts),
  }
}

function serviceAssets(project: Project): readonly Asset[] {
  return project.services
    .filter((service) => !project.missingFromSearch.includes(service))
    .map((service) => serviceAsset(project, service))
}

function serviceAsset(project: Project, service: string): Asset {
  const name = `projects/${project.number}/services/${service}`
  return {
    assetType: SERVICE,
    name: `//serviceusage.googleapis.com/${name}`,
    parent: `${MANAGER}/projects/${project.number}`,
    ancestors: ancestry(project),
    displayName: service,
    state: 'ENABLED',
    labels: {},
    updateTime: project.createTime,
    version: 'v1',
    discoveryName: 'GoogleApiServiceusageV1Service',
    data: { name, parent: `projects/${project.number}`, state: 'ENABLED', config: { name: service } },
  }
}

/** Damage that a world describes, laid over what Google would show. */
function overlaid(data: Asset['data'], damage: Asset['data']): Asset['data'] {
  return Object.fromEntries(Object.entries({ ...data, ...damage }).filter(([, value]) => value !== null))
}
