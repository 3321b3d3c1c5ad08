import { createHash } from 'node:crypto'
import * as z from 'zod'
import type { Bucket } from '../storage/bucket.js'
import type { Buckets } from '../storage/routes.js'
import { type Call, ok, param } from '../wire/call.js'
import { namedIn } from '../wire/enumeration.js'
import { badRequest, GoogleError, notFound } from '../wire/google-error.js'
import { bodyOf } from '../wire/json-body.js'
import type { Shelf } from '../wire/pages.js'
import { googleRoutes, type Route } from '../wire/routes.js'
import { isTimestamp, timestampOf } from '../wire/timestamp.js'
import type { World } from '../world/world.js'
import { denies, type Right, scopeOf } from './access.js'
import { asExported, CONTENT_TYPE, type ContentType } from './asset-form.js'
import { assetsMeant } from './assets.js'
import { exportedFiles } from './exported-file.js'

const API = { service: 'cloudasset.googleapis.com', title: 'Cloud Asset API' } as const
const EXPORT: Right = { ...API, read: 'exports', permission: 'cloudasset.assets.exportResource' }
const WRITE: Right = {
  read: 'storage',
  service: 'storage.googleapis.com',
  title: 'Cloud Storage API',
  permission: 'storage.objects.create',
}

/** `ExportAssetsRequest`. */
const REQUEST = z.strictObject({
  parent: z.string().optional(),
  readTime: z.string().refine(isTimestamp, 'not a time').optional(),
  assetTypes: z.array(z.string()).optional(),
  contentType: z
    .union([z.string(), z.int()])
    .default('CONTENT_TYPE_UNSPECIFIED')
    .transform((text) => namedIn(CONTENT_TYPE, String(text)))
    .pipe(z.enum(Object.keys(CONTENT_TYPE) as [ContentType, ...ContentType[]])),
  outputConfig: z.strictObject({
    gcsDestination: z
      .strictObject({ uri: z.string().optional(), uriPrefix: z.string().optional() })
      .optional(),
    bigqueryDestination: z.record(z.string(), z.unknown()).optional(),
  }),
  relationshipTypes: z.array(z.string()).optional(),
})
type Request = z.infer<typeof REQUEST>

/** How exports go in this simulator. */
export interface Exporting {
  /** How often an operation is looked at before it is done; 2 by default. */
  readonly polls?: number
  /** Lines in one file, about; 100,000 by default. */
  readonly linesInFile?: number
  /** How every export ends instead: with a code of `google.rpc.Code` and its words. */
  readonly error?: { readonly code: number; readonly message: string }
}

interface Destination {
  readonly bucket: Bucket
  readonly prefix: string
}

/** An export under way, or done. */
interface Operation {
  readonly name: string
  readonly destination: string
  readonly readTime: string
  readonly error: Exporting['error']
  /** Looks at it until it may be done. */
  polls: number
  /** The files, once all are written. */
  uris: readonly string[] | undefined
}

/**
 * Cloud Asset API v1: exports to Cloud Storage. The files lie in the world's buckets.
 * @see https://cloud.google.com/asset-inventory/docs/export-cloud-storage
 */
export function exportRoutes(
  world: () => World,
  buckets: Buckets,
  exporting: Exporting = {},
): readonly Route[] {
  const operations = new Map<string, Operation>()
  const route = googleRoutes(world)
  return ['organizations', 'folders', 'projects'].flatMap((kind) => [
    route(
      'cloudasset.exportAssets',
      `/v1/${kind}/{scope}:exportAssets`,
      (served, call) => ok(formOf(begin(served, buckets, exporting, operations, call, kind))),
      { method: 'POST' },
    ),
    route('cloudasset.operations.get', `/v1/${kind}/{scope}/operations/{operation=**}`, (_world, call) =>
      ok(formOf(lookedAt(operations, call.path))),
    ),
  ])
}

function begin(
  world: World,
  buckets: Buckets,
  { polls = 2, linesInFile = 100_000, error }: Exporting,
  operations: Map<string, Operation>,
  call: Call,
  kind: string,
): Operation {
  const scope = scopeOf(world, EXPORT, kind, param(call, 'scope'))
  const body = bodyOf(call, REQUEST)
  const types = assetsMeant(world, scope, body.assetTypes ?? [])
  const { bucket, prefix } = destinationOf(world, buckets, body)
  const destination = `gs://${bucket.settings.name}/${prefix}`
  const busy = [...operations.values()].some((other) => other.destination === destination && !isDone(other))
  if (busy || bucket.find(prefix)) throw badRequest('output_config', `${destination} is in use`)
  const id = createHash('sha256').update(`${scope} ${destination}`).digest('hex').slice(0, 32)
  const name = `${scope}/operations/ExportAssets/RESOURCE/${id}`
  const readTime = timestampOf(world.now)
  const operation: Operation = { name, destination, readTime, error, polls, uris: undefined }
  operations.set(`/v1/${name}`, operation)
  void writeFiles(types, body.contentType, { bucket, prefix }, linesInFile).then((uris) => {
    operation.uris = uris
  })
  return operation
}

/** @throws GoogleError where an export cannot go: Cloud Asset Inventory tries the bucket out first. */
function destinationOf(world: World, buckets: Buckets, { outputConfig }: Request): Destination {
  const prefix = outputConfig.gcsDestination?.uriPrefix ?? ''
  const [, name = '', rest] = /^gs:\/\/([^/]+)\/(.+)$/.exec(prefix) ?? []
  if (rest === undefined)
    throw badRequest('output_config', 'the simulator exports to a gcsDestination.uriPrefix')
  const caller = {
    name: `projects/${world.caller.project}`,
    within: [`organizations/${world.organization.number}`],
  }
  const bucket = buckets.get(name)
  if (!bucket || denies(world, WRITE, caller)) {
    throw new GoogleError(
      'PERMISSION_DENIED',
      `Permission '${WRITE.permission}' denied on gs://${name} (or it may not exist).`,
    )
  }
  if (bucket.settings.retention > 0) {
    throw badRequest('output_config', `gs://${name} has a retention policy, which exports do not support`)
  }
  return { bucket, prefix: rest }
}

/** Writes the files `PREFIX/ASSET_TYPE/NUMBER`; gives back their names. */
async function writeFiles(
  types: ReturnType<typeof assetsMeant>,
  contentType: ContentType,
  { bucket, prefix }: Destination,
  linesInFile: number,
): Promise<readonly string[]> {
  const uris: string[] = []
  for (const [type, assets] of types) {
    const lines: Shelf<string> = {
      length: assets.length,
      at: (position) => assets.at(position).map((asset) => JSON.stringify(asExported(asset, contentType))),
    }
    for (const [number, file] of (await exportedFiles(lines, linesInFile)).entries()) {
      const name = `${prefix}/${type}/${number}`
      bucket.insert({ ...file, name, contentType: 'application/octet-stream', metadata: {} })
      uris.push(`gs://${bucket.settings.name}/${name}`)
    }
  }
  return uris
}

function lookedAt(operations: ReadonlyMap<string, Operation>, path: string): Operation {
  const operation = operations.get(decodeURIComponent(path))
  if (!operation) throw notFound('There is no such operation.')
  operation.polls -= 1
  return operation
}

function isDone({ polls, uris }: Operation): boolean {
  return polls <= 0 && uris !== undefined
}

function formOf(operation: Operation): Readonly<Record<string, unknown>> {
  const { name, destination, readTime, error, uris } = operation
  const type = 'type.googleapis.com/google.cloud.asset.v1'
  const outputConfig = { gcsDestination: { uriPrefix: destination } }
  const metadata = {
    '@type': `${type}.ExportAssetsRequest`,
    parent: name.split('/operations/')[0],
    outputConfig,
  }
  if (!isDone(operation)) return { name, metadata }
  if (error) return { name, metadata, done: true, error }
  const response = {
    '@type': `${type}.ExportAssetsResponse`,
    readTime,
    outputConfig,
    outputResult: { gcsResult: { uris } },
  }
  return { name, metadata, done: true, response }
}
