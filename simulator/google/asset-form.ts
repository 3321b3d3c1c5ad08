import type { cloudasset_v1 } from 'googleapis/build/src/apis/cloudasset/v1.js'
import { badRequest } from '../wire/google-error.js'
import type { Asset } from './asset.js'

/** What of an asset is asked for. */
export const CONTENT_TYPE = {
  CONTENT_TYPE_UNSPECIFIED: 0,
  RESOURCE: 1,
  IAM_POLICY: 2,
  ORG_POLICY: 4,
  ACCESS_POLICY: 5,
  OS_INVENTORY: 6,
  RELATIONSHIP: 7,
} as const
export type ContentType = keyof typeof CONTENT_TYPE

type SearchResult = cloudasset_v1.Schema$ResourceSearchResult
/** Fields of a search result that are asked for: `usual` are all but the whole resource. */
type Wanted = 'usual' | 'all' | readonly string[]

const SEARCH_FIELDS = [
  'additionalAttributes',
  'assetType',
  'attachedResources',
  'createTime',
  'description',
  'displayName',
  'enrichments',
  'folders',
  'kmsKey',
  'kmsKeys',
  'labels',
  'location',
  'name',
  'networkTags',
  'organization',
  'parentAssetType',
  'parentFullResourceName',
  'project',
  'relationships',
  'sccSecurityMarks',
  'state',
  'tagKeys',
  'tagValueIds',
  'tagValues',
  'tags',
  'effectiveTags',
  'updateTime',
  'versionedResources',
] as const satisfies readonly (keyof SearchResult)[]

const LEFT_OUT = 'The resource is larger than what the inventory keeps of one.'

/** An asset as the listing gives it: with its resource only when that was asked for. */
export function asListed(asset: Asset, contentType: ContentType): cloudasset_v1.Schema$Asset {
  return {
    name: asset.name,
    assetType: asset.assetType,
    ...(contentType === 'RESOURCE' && { resource: resourceOf(asset) }),
    ancestors: [...asset.ancestors],
    updateTime: asset.updateTime,
    ...(asset.isTruncated &&
      contentType === 'RESOURCE' && {
        assetExceptions: [{ exceptionType: 'TRUNCATION', details: LEFT_OUT }],
      }),
  }
}

/** An asset as a line of an exported file: the same, with the names of the protocol buffers. */
export function asExported(asset: Asset, contentType: ContentType): Readonly<Record<string, unknown>> {
  const { discoveryDocumentUri, discoveryName, ...resource } = resourceOf(asset)
  return {
    name: asset.name,
    asset_type: asset.assetType,
    ...(contentType === 'RESOURCE' && {
      resource: {
        ...resource,
        discovery_document_uri: discoveryDocumentUri,
        discovery_name: discoveryName,
      },
    }),
    ancestors: asset.ancestors,
    update_time: asset.updateTime,
    ...(asset.isTruncated &&
      contentType === 'RESOURCE' && {
        asset_exceptions: [{ exception_type: 'TRUNCATION', details: LEFT_OUT }],
      }),
  }
}

/** Fields that a search gives without being asked; the whole resource comes by `readMask` alone. */
export function asSearchResult(asset: Asset, wanted: Wanted): SearchResult {
  const all: SearchResult = {
    ...searchFields(asset),
    versionedResources: [{ version: asset.version, resource: { ...asset.data } }],
  }
  if (wanted === 'all') return all
  return Object.fromEntries(
    Object.entries(all).filter(([field]) =>
      wanted === 'usual' ? field !== 'versionedResources' : wanted.includes(field),
    ),
  )
}

/** Which fields a `readMask` asks for. @throws GoogleError 400 for a field that search results do not have. */
export function searchFieldsAsked(readMask: string | null): Wanted {
  if (!readMask) return 'usual'
  if (readMask === '*') return 'all'
  const paths = readMask.split(',')
  const wrong = paths.find((path) => !isSearchField(camelCase(path.split('.', 1)[0] ?? '')))
  if (wrong !== undefined) throw badRequest('read_mask', `"${wrong}" is no field of a search result`)
  return paths.map((path) => camelCase(path.split('.', 1)[0] ?? ''))
}

function isSearchField(name: string): boolean {
  const names: readonly string[] = SEARCH_FIELDS
  return names.includes(name)
}

function resourceOf(asset: Asset): cloudasset_v1.Schema$Resource {
  const service = asset.assetType.split('/', 1)[0]
  return {
    version: asset.version,
    discoveryDocumentUri: `https://${service}/$discovery/rest`,
    discoveryName: asset.discoveryName,
    ...(asset.parent && { parent: asset.parent }),
    data: { ...asset.data },
    location: 'global',
  }
}

function searchFields(asset: Asset): SearchResult {
  const project = asset.ancestors.find((name) => name.startsWith('projects/'))
  const organization = asset.ancestors.find((name) => name.startsWith('organizations/'))
  const folders = asset.ancestors.filter((name) => name.startsWith('folders/'))
  return {
    name: asset.name,
    assetType: asset.assetType,
    ...(project && { project }),
    ...(folders.length > 0 && { folders }),
    ...(organization && { organization }),
    ...(asset.displayName !== undefined && { displayName: asset.displayName }),
    location: 'global',
    ...(Object.keys(asset.labels).length > 0 && { labels: { ...asset.labels } }),
    ...(asset.createTime && { createTime: asset.createTime }),
    updateTime: asset.updateTime,
    ...(asset.state && { state: asset.state }),
    ...(asset.parent && { parentFullResourceName: asset.parent }),
  }
}

function camelCase(field: string): string {
  return field.replace(/_(\w)/g, (_all, letter: string) => letter.toUpperCase())
}
