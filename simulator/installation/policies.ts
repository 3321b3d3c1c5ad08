import * as z from 'zod'
import { ok } from '../wire/call.js'
import { GoogleError } from '../wire/google-error.js'
import { bodyOf } from '../wire/json-body.js'
import type { Route } from '../wire/routes.js'
import { nameIn } from './collection.js'

const BINDING = z.strictObject({
  role: z.string(),
  members: z.array(z.string()).default([]),
  condition: z.record(z.string(), z.string()).optional(),
})
export const POLICY = z.strictObject({
  version: z.int().optional(),
  kind: z.string().optional(),
  resourceId: z.string().optional(),
  etag: z.string().optional(),
  bindings: z.array(BINDING).optional(),
  auditConfigs: z.array(z.unknown()).optional(),
})
type Policy = z.infer<typeof POLICY>

/** Who may do what, by the names of what it is about. */
export class Policies {
  readonly #policies = new Map<string, { readonly policy: Policy; readonly version: number }>()

  /** What is bound there; an empty policy where nobody has set one. */
  get(name: string): Policy {
    const { policy = {}, version = 0 } = this.#policies.get(name) ?? {}
    return { version: 1, ...policy, etag: etagOf(version) }
  }

  /** @throws GoogleError 409 where another writer has changed it since it was read. */
  set(name: string, policy: Policy): Policy {
    const version = this.#policies.get(name)?.version ?? 0
    if (policy.etag !== undefined && policy.etag !== '' && policy.etag !== etagOf(version)) {
      throw new GoogleError('ALREADY_EXISTS', 'There were concurrent policy changes. Please retry.')
    }
    const bindings = (policy.bindings ?? []).filter(({ members }) => members.length > 0)
    const written = { version: policy.version ?? 1, bindings }
    this.#policies.set(name, { policy: written, version: version + 1 })
    return this.get(name)
  }
}

function etagOf(version: number): string {
  return Buffer.from(`policy ${version}`).toString('base64')
}

/** `getIamPolicy` and `setIamPolicy` of everything at a path such as `/v1/projects/{id}`. */
export function policyRoutes(policies: Policies, operation: string, path: string): readonly Route[] {
  const get = (method: 'GET' | 'POST'): Route => ({
    operation: `${operation}.getIamPolicy`,
    method,
    path: `${path}:getIamPolicy`,
    dialect: 'google',
    query: { 'options.requestedPolicyVersion': 'int32' },
    handle: (call) => ok(policies.get(nameIn(call))),
  })
  return [
    get('GET'),
    get('POST'),
    {
      operation: `${operation}.setIamPolicy`,
      method: 'POST',
      path: `${path}:setIamPolicy`,
      dialect: 'google',
      query: {},
      handle: (call) => ok(policies.set(nameIn(call), bodyOf(call, SET).policy)),
    },
  ]
}

const SET = z.strictObject({ policy: POLICY, updateMask: z.string().optional() })
