import { z } from 'zod'
import { CALLS } from './calls.js'
import type { GoogleClient } from './client.js'
import { foreignField } from './paging.js'

const rule = z.object({
  enforce: z.boolean().optional().catch(undefined),
  parameters: z.record(z.string(), z.unknown()).optional().catch(undefined),
})
const DOCUMENTED: ReadonlySet<string> = new Set(['name', 'spec', 'dryRunSpec', 'alternate', 'etag'])

/** Without a spec it is a policy only if it holds nothing that is foreign to one. */
const policy = z
  .looseObject({ spec: z.object({ rules: z.array(rule).nullish() }).nullish() })
  .refine((body) => 'spec' in body || foreignField(body, DOCUMENTED) === undefined, {
    path: ['spec'],
    message: 'missing',
  })

/** One rule of an organization policy; `enforce` is undefined where the answer does not say. */
export type PolicyRule = z.infer<typeof rule>

/**
 * The rules of a managed constraint (`iam.managed.…`) that are in force in a project (`projects/123`), wherever
 * they are set, conditions already decided.
 * @see https://cloud.google.com/resource-manager/docs/reference/orgpolicy/rest/v2/projects.policies/getEffectivePolicy
 */
export async function effectiveRules(
  client: GoogleClient,
  project: string,
  constraint: string,
): Promise<readonly PolicyRule[]> {
  const { orgpolicy } = await import('googleapis/build/src/apis/orgpolicy/index.js')
  const { policies } = orgpolicy({ version: 'v2', ...client.connection }).projects
  const { spec } = await client.ask({
    call: CALLS.getEffectivePolicy,
    subject: project,
    send: (options) => policies.getEffectivePolicy({ name: `${project}/policies/${constraint}` }, options),
    schema: policy,
  })
  return spec?.rules ?? []
}
