import { z } from 'zod'
import { CALLS } from './calls.js'
import type { GoogleClient } from './client.js'
import { foreignField } from './paging.js'

const service = z.object({ state: z.enum(['ENABLED', 'DISABLED']) })

/**
 * Whether a service is enabled in a project (`projects/123`).
 * @see https://cloud.google.com/service-usage/docs/reference/rest/v1/services/get
 */
export async function isEnabled(client: GoogleClient, project: string, name: string): Promise<boolean> {
  const { serviceusage } = await import('googleapis/build/src/apis/serviceusage/index.js')
  const { services } = serviceusage({ version: 'v1', ...client.connection })
  const { state } = await client.ask({
    call: CALLS.getService,
    subject: project,
    send: (options) => services.get({ name: `${project}/services/${name}` }, options),
    schema: service,
  })
  return state === 'ENABLED'
}

const DOCUMENTED: ReadonlySet<string> = new Set([
  'name',
  'etag',
  'createTime',
  'updateTime',
  'enableRules',
  'annotations',
])

/** Without rules it is a policy only if it holds nothing that is foreign to one. */
const consumerPolicy = z
  .looseObject({
    name: z.string(),
    enableRules: z.array(z.object({ services: z.array(z.string()).nullish() })).nullish(),
  })
  .refine((body) => foreignField(body, DOCUMENTED) === undefined, {
    path: ['enableRules'],
    message: 'missing',
  })

/**
 * The services that a folder (`folders/1`) or an organization enables for every project below it; those of policies
 * further up are not among them. A preview of Google's, which its client does not have yet.
 * @see https://cloud.google.com/service-usage/docs/reference/rest/v2beta/consumerPolicies/get
 */
export async function enabledBelow(client: GoogleClient, place: string): Promise<readonly string[]> {
  const { auth, rootUrl = `https://${CALLS.getConsumerPolicy.service}` } = client.connection
  const { enableRules } = await client.ask({
    call: CALLS.getConsumerPolicy,
    subject: place,
    send: (options) =>
      auth.request<unknown>({
        ...options,
        url: new URL(`/v2beta/${place}/consumerPolicies/default`, rootUrl).href,
      }),
    schema: consumerPolicy,
  })
  const services = enableRules?.flatMap((rule) => rule.services ?? []) ?? []
  return services.map((service) => service.replace(/^services\//, ''))
}
