import { z } from 'zod'
import { CALLS } from './calls.js'
import type { GoogleClient } from './client.js'

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
