import * as z from 'zod'
import type { Route } from '../wire/routes.js'
import { timestampOf } from '../wire/timestamp.js'
import { collectionRoutes } from './collection.js'
import { KeptResources } from './kept.js'

const text = z.string().optional()

const BUCKET = z.strictObject({
  name: text,
  description: text,
  retentionDays: z.int().min(1).max(3650).optional(),
  locked: z.boolean().optional(),
  analyticsEnabled: z.boolean().optional(),
  cmekSettings: z.strictObject({ kmsKeyName: z.string() }).nullish(),
  indexConfigs: z.array(z.unknown()).optional(),
})
const EXCLUSION = z.strictObject({
  name: text,
  description: text,
  filter: z.string().optional(),
  disabled: z.boolean().optional(),
})
const SINK = z.strictObject({
  name: text,
  description: text,
  destination: z.string(),
  filter: text,
  disabled: z.boolean().optional(),
  exclusions: z.array(EXCLUSION).optional(),
  includeChildren: z.boolean().optional(),
})
const METRIC = z.strictObject({
  name: text,
  description: text,
  filter: z.string(),
  disabled: z.boolean().optional(),
  labelExtractors: z.record(z.string(), z.string()).optional(),
  metricDescriptor: z.record(z.string(), z.unknown()).optional(),
})

/** What an installation has made of Cloud Logging, beside what is there in every project. */
export interface LogConfig {
  readonly buckets: KeptResources
  readonly sinks: KeptResources
  /** Of the sink `_Default`. */
  readonly exclusions: KeptResources
}

export function logConfig(): LogConfig {
  return { buckets: new KeptResources(), sinks: new KeptResources(), exclusions: new KeptResources() }
}

/**
 * Cloud Logging's configuration, for making and changing.
 * @see https://cloud.google.com/logging/docs/reference/v2/rest
 */
export function logMakingRoutes(
  { buckets, sinks, exclusions }: LogConfig,
  now: () => Date,
): readonly Route[] {
  const project = '/v2/projects/{project}'
  const byName = { id: ({ name }: { readonly name?: unknown }) => name }
  const timed = () => ({ createTime: timestampOf(now()), updateTime: timestampOf(now()) })
  return [
    ...collectionRoutes({
      operation: 'logging.buckets',
      path: `${project}/locations/{location}/buckets`,
      kept: buckets,
      message: BUCKET,
      idParameter: 'bucketId',
      async: true,
      form: (name, sent) => ({ retentionDays: 30, ...timed(), ...sent, name, lifecycleState: 'ACTIVE' }),
    }),
    ...collectionRoutes({
      operation: 'logging.sinks',
      path: `${project}/sinks`,
      kept: sinks,
      message: SINK,
      ...byName,
      query: { uniqueWriterIdentity: 'bool' },
      form: (name, sent) => ({ ...timed(), ...sent, name: name.split('/').at(-1) }),
    }),
    ...collectionRoutes({
      operation: 'logging.exclusions',
      path: `${project}/exclusions`,
      kept: exclusions,
      message: EXCLUSION,
      ...byName,
      form: (name, sent) => ({ ...timed(), ...sent, name: name.split('/').at(-1) }),
    }),
    ...collectionRoutes({
      operation: 'logging.metrics',
      path: `${project}/metrics`,
      kept: new KeptResources(),
      message: METRIC,
      ...byName,
      form: (name, sent) => ({ ...timed(), ...sent, name: name.split('/').at(-1) }),
    }),
  ]
}
