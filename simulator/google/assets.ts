import { type Call, param } from '../wire/call.js'
import { badRequest } from '../wire/google-error.js'
import { joined, listed, listedPage, only, pageOf, pageSizeOf, type Shelf } from '../wire/pages.js'
import { enumerationAsked, PAGING, type Query } from '../wire/parameters.js'
import { googleRoutes, type Route } from '../wire/routes.js'
import { timestampOf } from '../wire/timestamp.js'
import type { Project, World } from '../world/world.js'
import { type Right, scopeOf } from './access.js'
import type { Asset } from './asset.js'
import { asListed, asSearchResult, CONTENT_TYPE, searchFieldsAsked } from './asset-form.js'
import { assetMeaning, projectsNamed } from './asset-query.js'
import {
  ACCOUNT,
  accountAssets,
  FOLDER,
  folderAsset,
  inheritedServiceAssets,
  KEY,
  keyAssets,
  ORGANIZATION,
  organizationAsset,
  PROJECT,
  projectAsset,
  SERVICE,
  serviceAssets,
} from './asset-resources.js'
import { type Filter, passes } from './filter.js'
import { parseFilter } from './filter-parser.js'

/** All assets of one type at or below a scope such as `folders/7`. */
type Collection = (world: World, scope: string) => Shelf<Asset>

/** The asset types that this organization has, each with how to go through it. */
const COLLECTIONS: Readonly<Record<string, Collection>> = {
  [ORGANIZATION]: (world, scope) =>
    once(() => (scope === `organizations/${world.organization.number}` ? [organizationAsset(world)] : [])),
  [FOLDER]: (world, scope) =>
    once(() =>
      world.folders
        .filter((folder) => [`folders/${folder.number}`, ...folder.ancestors].includes(scope))
        .map(folderAsset),
    ),
  [PROJECT]: (world, scope) => byProject(world, scope, (project) => [projectAsset(world, project)]),
  [ACCOUNT]: (world, scope) => byProject(world, scope, (project) => accountAssets(world, project)),
  [KEY]: (world, scope) => byProject(world, scope, (project) => keyAssets(world, project)),
  [SERVICE]: (world, scope) =>
    joined([
      once(() => enablingIn(world, scope).flatMap((name) => inheritedServiceAssets(world, name))),
      byProject(world, scope, serviceAssets),
    ]),
}

/** The organization and the folders at or below a scope, by name. */
function enablingIn(world: World, scope: string): readonly string[] {
  const top = `organizations/${world.organization.number}`
  return [
    ...(scope === top ? [top] : []),
    ...world.folders
      .filter((folder) => [`folders/${folder.number}`, ...folder.ancestors].includes(scope))
      .map(({ number }) => `folders/${number}`),
  ]
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

const API = { service: 'cloudasset.googleapis.com', title: 'Cloud Asset API' } as const
const KEPT = 35 * 86_400_000
const LIST: Right = { ...API, read: 'assets', permission: 'cloudasset.assets.listResource' }
const SEARCH: Right = { ...API, read: 'search', permission: 'cloudasset.assets.searchAllResources' }

/** @see https://cloud.google.com/asset-inventory/docs/reference/rest/v1/assets/list */
const LIST_PAGE = { usual: 100, most: 1000 }
/** @see https://cloud.google.com/asset-inventory/docs/reference/rest/v1/TopLevel/searchAllResources */
const SEARCH_PAGE = { usual: 100, most: 500 }

const LIST_QUERY: Query = {
  assetTypes: 'string',
  contentType: CONTENT_TYPE,
  readTime: 'timestamp',
  relationshipTypes: 'string',
  ...PAGING,
}
const SEARCH_QUERY: Query = {
  assetTypes: 'string',
  query: 'string',
  orderBy: 'string',
  readMask: 'string',
  ...PAGING,
}

/** Cloud Asset API v1: the listing and the search. */
export function assetRoutes(world: () => World): readonly Route[] {
  const route = googleRoutes(world)
  return ['organizations', 'folders', 'projects'].flatMap((kind) => [
    route(
      'cloudasset.assets.list',
      `/v1/${kind}/{scope}/assets`,
      (served, call) => listAssets(served, call, kind),
      { query: LIST_QUERY },
    ),
    route(
      'cloudasset.searchAllResources',
      `/v1/${kind}/{scope}:searchAllResources`,
      (served, call) => searchAssets(served, call, kind),
      { query: SEARCH_QUERY },
    ),
  ])
}

function listAssets(world: World, call: Call, kind: string) {
  const scope = scopeOf(world, LIST, kind, param(call, 'scope'))
  const asked = Number(call.query.get('pageSize') ?? 0)
  if (asked > LIST_PAGE.most) throw badRequest('page_size', `must be between 1 and ${LIST_PAGE.most}`)
  demandKept(world, call.query.get('readTime'))
  const content = enumerationAsked(call, 'contentType', CONTENT_TYPE)
  const page = pageOf(call, assetsOf(world, call, scope), pageSizeOf(call, LIST_PAGE.usual, LIST_PAGE.most))
  const assets = page.items.map((asset) => asListed(asset, content))
  return listed('assets', { ...page, items: assets }, { readTime: timestampOf(world.now) })
}

function searchAssets(world: World, call: Call, kind: string) {
  const scope = scopeOf(world, SEARCH, kind, param(call, 'scope'))
  if (call.query.get('orderBy')) throw badRequest('order_by', 'the simulator searches in its own order only')
  const filter = parseFilter(call.query.get('query') ?? '')
  const found = only(assetsOf(limitedBy(filter, world), call, scope), (asset) =>
    passes(filter, assetMeaning(asset)),
  )
  const wanted = searchFieldsAsked(call.query.get('readMask'))
  return listedPage(call, 'results', found, SEARCH_PAGE, (asset) => asSearchResult(asset, wanted))
}

/** The world without the projects of which a query that names some by number finds nothing: a search of few takes no time. */
function limitedBy(filter: Filter | undefined, world: World): World {
  const numbers = projectsNamed(filter)
  if (numbers === undefined) return world
  const projects = [...new Set(numbers)].flatMap((number) => world.projectNamed(number) ?? [])
  return { ...world, projectCount: projects.length, projectAt: (at) => projects[at] ?? world.projectAt(at) }
}

/** Cloud Asset Inventory shows how things were up to five weeks ago; this one shows them as they are. */
function demandKept(world: World, readTime: string | null): void {
  if (!readTime) return
  const age = world.now.getTime() - Date.parse(readTime)
  if (age < 0 || age > KEPT) throw badRequest('read_time', 'must lie in the past 35 days')
}

/**
 * The types of assets that one of these names means, all where none is named, each with its assets in a scope.
 * @throws GoogleError 400 for a name that means no type which this inventory has.
 */
export function assetsMeant(
  world: World,
  scope: string,
  asked: readonly string[],
): readonly (readonly [string, Shelf<Asset>])[] {
  const types = Object.keys(COLLECTIONS)
  const unknown = asked.find((one) => !types.some((type) => isType(type, one)))
  if (unknown !== undefined) {
    throw badRequest('asset_types', `"${unknown}" matches none of ${types.join(', ')}`)
  }
  return Object.entries(COLLECTIONS)
    .filter(([type]) => asked.length === 0 || asked.some((one) => isType(type, one)))
    .map(([type, collection]) => [type, collection(world, scope)])
}

/** Everything of the asked types, in the order in which this inventory keeps types. */
function assetsOf(world: World, call: Call, scope: string): Shelf<Asset> {
  const asked = call.query.getAll('assetTypes').flatMap((types) => types.split(','))
  return joined(assetsMeant(world, scope, asked).map(([, assets]) => assets))
}

/** Asset types may be asked for by a regular expression over the whole name. */
function isType(type: string, asked: string): boolean {
  try {
    return new RegExp(`^(?:${asked})$`).test(type)
  } catch {
    throw badRequest('asset_types', `"${asked}" is not an asset type`)
  }
}
