import type { Shelf } from '../wire/pages.js'
import type { Project, World } from '../world/world.js'
import type { Asset } from './asset.js'
import {
  FOLDER,
  folderAsset,
  KEY,
  keyAssets,
  ORGANIZATION,
  organizationAsset,
  PROJECT,
  projectAsset,
  SERVICE,
  serviceAssets,
} from './asset-resources.js'

/** All assets of one type at or below a scope such as `folders/7`. */
type Collection = (world: World, scope: string) => Shelf<Asset>

/** The asset types that this organization has, each with how to go through it. */
export const COLLECTIONS: Readonly<Record<string, Collection>> = {
  [ORGANIZATION]: (world, scope) =>
    once(() => (scope === `organizations/${world.organization.number}` ? [organizationAsset(world)] : [])),
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
