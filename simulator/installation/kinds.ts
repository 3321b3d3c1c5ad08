import * as z from 'zod'
import { timestampOf } from '../wire/timestamp.js'
import type { Collection } from './collection.js'
import { type Kept, KeptResources } from './kept.js'

const text = z.string().optional()
const texts = z.record(z.string(), z.string()).optional()
const inner = z.record(z.string(), z.unknown()).optional()

const SECRET = z.strictObject({
  name: text,
  replication: inner,
  labels: texts,
  annotations: texts,
  versionAliases: texts,
  ttl: text,
  expireTime: text,
})

const ALERT_POLICY = z.strictObject({
  name: text,
  displayName: z.string(),
  combiner: z.enum(['AND', 'OR', 'AND_WITH_MATCHING_RESOURCE']),
  conditions: z.array(z.record(z.string(), z.unknown())).min(1).max(6),
  notificationChannels: z.array(z.string()).optional(),
  userLabels: texts,
  documentation: inner,
  alertStrategy: inner,
  severity: text,
  enabled: z.boolean().optional(),
  creationRecord: inner,
})

const SCHEDULED = z.strictObject({
  name: text,
  description: text,
  schedule: z.string(),
  timeZone: text,
  attemptDeadline: text,
  retryConfig: inner,
  httpTarget: inner,
})

const FUNCTION = z.strictObject({
  name: text,
  description: text,
  buildConfig: z.record(z.string(), z.unknown()),
  serviceConfig: z.record(z.string(), z.unknown()),
  eventTrigger: inner,
  labels: texts,
  kmsKeyName: text,
  environment: text,
})

const RUN = z.strictObject({
  name: text,
  description: text,
  ingress: text,
  template: z.record(z.string(), z.unknown()),
  labels: texts,
  annotations: texts,
  client: text,
  clientVersion: text,
  launchStage: text,
  invokerIamDisabled: z.boolean().optional(),
  deletionProtection: z.boolean().optional(),
  etag: text,
})

const TOPIC = z.strictObject({
  name: text,
  labels: texts,
  messageStoragePolicy: inner,
  kmsKeyName: text,
  messageRetentionDuration: text,
  schemaSettings: inner,
})

const SUBSCRIPTION = z.strictObject({
  name: text,
  topic: z.string(),
  pushConfig: inner,
  ackDeadlineSeconds: z.number().optional(),
  messageRetentionDuration: text,
  retryPolicy: inner,
  expirationPolicy: inner,
  labels: texts,
  filter: text,
  retainAckedMessages: z.boolean().optional(),
  enableMessageOrdering: z.boolean().optional(),
  enableExactlyOnceDelivery: z.boolean().optional(),
  deadLetterPolicy: inner.nullable(),
})

const FEED = z.strictObject({
  feedId: text,
  feed: z.strictObject({
    name: text,
    assetNames: z.array(z.string()).optional(),
    assetTypes: z.array(z.string()).optional(),
    contentType: text,
    feedOutputConfig: z.record(z.string(), z.unknown()),
    condition: inner,
  }),
})

/** Where a deployed service would be reached. */
const urlOf = (name: string) => `https://${name.split('/').at(-1)}-abc-ew.a.run.app`

const ready = { type: 'Ready', state: 'CONDITION_SUCCEEDED' }

/** What else an installation makes, API by API; none of it runs. */
export function installedKinds(now: () => Date): readonly Collection[] {
  const created = () => ({ createTime: timestampOf(now()) })
  let policies = 0
  return [
    {
      operation: 'secretmanager.secrets',
      path: '/v1/projects/{project}/secrets',
      kept: new KeptResources(),
      message: SECRET,
      idParameter: 'secretId',
      form: (name, sent) => ({ ...created(), ...sent, name }),
    },
    {
      operation: 'monitoring.alertPolicies',
      path: '/v3/projects/{project}/alertPolicies',
      kept: new KeptResources(),
      message: ALERT_POLICY,
      id: () => String(++policies),
      form: (name, sent) => ({ enabled: true, ...sent, name }),
    },
    {
      operation: 'cloudscheduler.jobs',
      path: '/v1/projects/{project}/locations/{location}/jobs',
      kept: new KeptResources(),
      message: SCHEDULED,
      id: ({ name }) => name,
      states: { pause: { state: 'PAUSED' }, resume: { state: 'ENABLED' } },
      form: (name, sent) => ({ state: 'ENABLED', ...sent, name }),
    },
    {
      operation: 'cloudfunctions.functions',
      path: '/v2/projects/{project}/locations/{location}/functions',
      kept: new KeptResources(),
      message: FUNCTION,
      idParameter: 'functionId',
      inOperations: true,
      form: functionOf,
    },
    ...(['services', 'jobs'] as const).map(cloudRun),
    ...pubSub(),
    ...['organizations', 'folders', 'projects'].map((kind) => ({
      operation: `cloudasset.${kind}.feeds`,
      path: `/v1/${kind}/{project}/feeds`,
      kept: new KeptResources(),
      message: FEED,
      // Terraform's provider says it in the address, gcloud in what it sends
      idParameter: 'feedId',
      id: ({ feedId }: Kept) => feedId,
      within: 'feed',
      form: (name: string, sent: Kept) => ({ ...sent, name }),
    })),
  ]
}

function pubSub(): readonly Collection[] {
  const named = (name: string, sent: Kept) => ({ ...sent, name })
  return [
    {
      operation: 'pubsub.topics',
      path: '/v1/projects/{project}/topics',
      kept: new KeptResources(),
      message: TOPIC,
      madeByPut: true,
      form: named,
    },
    {
      operation: 'pubsub.subscriptions',
      path: '/v1/projects/{project}/subscriptions',
      kept: new KeptResources(),
      message: SUBSCRIPTION,
      madeByPut: true,
      form: named,
    },
  ]
}

/** What Cloud Run keeps of services, or of jobs. */
function cloudRun(noun: 'services' | 'jobs'): Collection {
  return {
    operation: `run.${noun}`,
    path: `/v2/projects/{project}/locations/{location}/${noun}`,
    kept: new KeptResources(),
    message: RUN,
    idParameter: noun === 'jobs' ? 'jobId' : 'serviceId',
    inOperations: true,
    query: { validateOnly: 'bool', allowMissing: 'bool' },
    form: (name, sent) => ({
      ...deployedForm(name, sent),
      ...(noun === 'services' && { uri: urlOf(name), urls: [urlOf(name)] }),
    }),
  }
}

/** A service or a job of Cloud Run, as it is once it has been deployed. */
function deployedForm(name: string, sent: Kept): Kept {
  return {
    launchStage: 'GA',
    ...sent,
    name,
    generation: '1',
    observedGeneration: '1',
    terminalCondition: ready,
    conditions: [ready],
    reconciling: false,
  }
}

/** A function with the service that it becomes. */
function functionOf(name: string, sent: Kept): Kept {
  const config = { ...(sent['serviceConfig'] as Kept) }
  return {
    environment: 'GEN_2',
    ...sent,
    name,
    state: 'ACTIVE',
    url: urlOf(name),
    serviceConfig: { ...config, service: name.replace('/functions/', '/services/'), uri: urlOf(name) },
  }
}
