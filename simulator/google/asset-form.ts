import type { Asset } from './asset.js'

/** An asset as the listing gives it: with its resource only when that was asked for. */
export function asListed(asset: Asset, contentType: string): Readonly<Record<string, unknown>> {
  return {
    name: asset.name,
    assetType: asset.assetType,
    ...(contentType === 'RESOURCE' && { resource: resourceOf(asset) }),
    ancestors: asset.ancestors,
    updateTime: asset.updateTime,
  }
}

/** An asset as a line of an exported file: the same, with the names of the protocol buffers. */
export function asExported(asset: Asset, contentType: string): Readonly<Record<string, unknown>> {
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
  }
}

/** Fields that a search gives without being asked; the whole resource comes by `readMask` alone. */
export function asSearchResult(asset: Asset, readMask: string | null): Readonly<Record<string, unknown>> {
  const all = {
    ...searchFields(asset),
    versionedResources: [{ version: asset.version, resource: asset.data }],
  }
  if (readMask === '*') return all
  const wanted = readMask?.split(',').map((field) => camelCase(field.trim().split('.', 1)[0] ?? ''))
  return Object.fromEntries(
    Object.entries(all).filter(([field]) =>
      wanted ? wanted.includes(field) : field !== 'versionedResources',
    ),
  )
}

function resourceOf(asset: Asset) {
  const service = asset.assetType.split('/', 1)[0]
  return {
    version: asset.version,
    discoveryDocumentUri: `https://${service}/$discovery/rest`,
    discoveryName: asset.discoveryName,
    ...(asset.parent && { parent: asset.parent }),
    data: asset.data,
    location: 'global',
  }
}

function searchFields(asset: Asset) {
  const project = asset.ancestors.find((name) => name.startsWith('projects/'))
  const folders = asset.ancestors.filter((name) => name.startsWith('folders/'))
  return {
    name: asset.name,
    assetType: asset.assetType,
    ...(project && { project }),
    ...(folders.length > 0 && { folders }),
    organization: asset.ancestors.find((name) => name.startsWith('organizations/')),
    ...(asset.displayName !== undefined && { displayName: asset.displayName }),
    location: 'global',
    ...(Object.keys(asset.labels).length > 0 && { labels: asset.labels }),
    ...(asset.createTime && { createTime: asset.createTime }),
    updateTime: asset.updateTime,
    ...(asset.state && { state: asset.state }),
    ...(asset.parent && { parentFullResourceName: asset.parent }),
  }
}

function camelCase(field: string): string {
  return field.replace(/_(\w)/g, (_all, letter: string) => letter.toUpperCase())
}
