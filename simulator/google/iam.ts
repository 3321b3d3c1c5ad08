import type { cloudresourcemanager_v3 as v3 } from 'googleapis/build/src/apis/cloudresourcemanager/v3.js'
import type { iam_v1 } from 'googleapis/build/src/apis/iam/v1.js'
import * as z from 'zod'
import { type Call, ok, param } from '../wire/call.js'
import { notFound } from '../wire/google-error.js'
import { bodyOf } from '../wire/json-body.js'
import { googleRoutes, type Route } from '../wire/routes.js'
import type { Binding, Project, ServiceAccount, World } from '../world/world.js'
import { activeProject, demand, hidden, type Right, subjectOf } from './access.js'

const GET_ACCOUNT: Right = {
  read: 'accounts',
  service: 'iam.googleapis.com',
  title: 'Identity and Access Management (IAM) API',
  permission: 'iam.serviceAccounts.get',
}
const GET_POLICY: Right = {
  read: 'bindings',
  service: 'cloudresourcemanager.googleapis.com',
  title: 'Cloud Resource Manager API',
  permission: 'resourcemanager.projects.getIamPolicy',
}

/**
 * The service account that a call of the IAM API names; undefined where the account may be one that was made since.
 * With `-` for the project Google finds it by its address, and does not say whether it exists.
 */
export function accountAsked(world: World, call: Call): iam_v1.Schema$ServiceAccount | undefined {
  const [named, email] = [param(call, 'project'), param(call, 'email')]
  const project = world.projectNamed(named)
  if (project?.state !== 'ACTIVE') return undefined
  demand(world, GET_ACCOUNT, subjectOf(project))
  const account = world.accountsOf(project).find((each) => [each.email, each.uniqueId].includes(email))
  return account && serviceAccountOf(project, account)
}

/** What Google answers for an account that is not there. */
export function noAccount(world: World, call: Call): Error {
  const [named, email] = [param(call, 'project'), param(call, 'email')]
  if (world.projectNamed(named)?.state !== 'ACTIVE') return hidden(GET_ACCOUNT, `projects/${named}`)
  return notFound(`Unknown service account: ${email}`)
}

/** An account in the form of the IAM API, which leaves out what is false. */
export function serviceAccountOf(
  { id }: Project,
  { email, uniqueId, isDisabled }: ServiceAccount,
): iam_v1.Schema$ServiceAccount {
  return {
    name: `projects/${id}/serviceAccounts/${email}`,
    projectId: id,
    uniqueId,
    email,
    displayName: email.split('@', 1)[0] ?? '',
    etag: 'MDEwMjE5MjA=',
    oauth2ClientId: uniqueId,
    ...(isDisabled && { disabled: true }),
  }
}

const REQUEST = z.strictObject({
  options: z.strictObject({ requestedPolicyVersion: z.int().optional() }).optional(),
})

/** Resource Manager v3: who holds which role on a project itself. Conditions are shown from policy version 3 on. */
export function projectPolicyRoutes(world: () => World): readonly Route[] {
  return [
    googleRoutes(world)(
      'cloudresourcemanager.projects.getIamPolicy',
      '/v3/projects/{project}:getIamPolicy',
      (served, call) => {
        const project = activeProject(served, call, GET_POLICY)
        const version = bodyOf(call, REQUEST).options?.requestedPolicyVersion ?? 1
        const bindings = served.bindingsIn(`projects/${project.number}`)
        return ok(
          policyOf(
            bindings.filter(({ on }) => on === `projects/${project.number}`),
            version,
          ),
        )
      },
      { method: 'POST' },
    ),
  ]
}

/** A policy in the form of all of Google's APIs. */
export function policyOf(bindings: readonly Binding[], version = 3): v3.Schema$Policy {
  const isConditional = version === 3 && bindings.some(({ condition }) => condition !== undefined)
  return {
    version: isConditional ? 3 : 1,
    etag: 'BwXsimulated=',
    ...(bindings.length > 0 && {
      bindings: bindings.map(({ role, members, condition }) => ({
        role: condition !== undefined && version < 3 ? `${role}_withcond_simulated` : role,
        members: [...members],
        ...(condition !== undefined &&
          version === 3 && {
            condition: { title: 'Simulated condition', expression: condition },
          }),
      })),
    }),
  }
}
