import { type Call, ok, param } from '../wire/call.js'
import { errorInfo, GoogleError } from '../wire/google-error.js'
import type { Route } from '../wire/routes.js'
import type { Denial, Project, Read, Refusal, World } from '../world/world.js'

/** A read that can be refused: through which API, with which permission. */
export interface Right {
  readonly read: Read
  readonly service: string
  readonly title: string
  readonly permission: string
}

/** What is read: its name, and the names of everything above it. */
export interface Subject {
  readonly name: string
  readonly within: readonly string[]
}

/** A project as the subject of a read. */
export function subjectOf(project: Project): Subject {
  return { name: `projects/${project.number}`, within: project.ancestors }
}

/** Whether the world refuses this read of this subject. */
export function denies(world: World, right: Right, subject: Subject): boolean {
  return world.denied.some((candidate) => concerns(candidate, right, subject))
}

/** @throws GoogleError where the world refuses this read of this subject. */
export function demand(world: World, right: Right, subject: Subject): void {
  const denial = world.denied.find((candidate) => concerns(candidate, right, subject))
  if (denial) throw refusal(world, denial.reason, right, subject.name)
}

/** Google's answer where a thing does not exist or may not be seen: it is the same for both. */
export function hidden(right: Right, name: string): GoogleError {
  return new GoogleError(
    'PERMISSION_DENIED',
    `Permission '${right.permission}' denied on resource '//${right.service}/${name}' (or it may not exist).`,
    [
      errorInfo('IAM_PERMISSION_DENIED', right.service, {
        permission: right.permission,
        resource: `//${right.service}/${name}`,
      }),
    ],
  )
}

/** The scope by number, as ancestors name it. @throws GoogleError 403 where it is refused or not there. */
export function scopeOf(world: World, right: Right, kind: string, id: string): string {
  const subject = subjectNamed(world, kind, id)
  if (!subject) throw hidden(right, `${kind}/${id}`)
  demand(world, right, subject)
  return subject.name
}

/** What a scope's name means in this world; undefined where there is no such thing. */
export function subjectNamed(world: World, kind: string, id: string): Subject | undefined {
  if (kind === 'organizations') {
    return id === world.organization.number ? { name: `organizations/${id}`, within: [] } : undefined
  }
  if (kind === 'folders') {
    const folder = world.folders.find((candidate) => candidate.number === id)
    return folder && { name: `folders/${id}`, within: folder.ancestors }
  }
  const project = world.projectNamed(id)
  return project && subjectOf(project)
}

/** The active project that a call names. @throws GoogleError 403 where it is not there or refused. */
export function activeProject(world: World, call: Call, right: Right, below = ''): Project {
  const name = param(call, 'project')
  const project = world.projectNamed(name)
  if (project?.state !== 'ACTIVE') throw hidden(right, `projects/${name}${below}`)
  demand(world, right, subjectOf(project))
  return project
}

function concerns(denial: Denial, right: Right, subject: Subject): boolean {
  return takes(denial, right) && (denial.below === subject.name || subject.within.includes(denial.below))
}

function takes({ read, permission, service }: Denial, right: Right): boolean {
  return read === right.read || permission === right.permission || service === right.service
}

function refusal(world: World, reason: Refusal, right: Right, name: string): GoogleError {
  const consumer = `projects/${world.caller.project}`
  const metadata = { service: right.service, consumer }
  switch (reason) {
    case 'denied':
      return hidden(right, name)
    case 'disabled':
      return disabled(world, right)
    case 'vpc':
      return forbidden("Request is prohibited by organization's policy.", 'SECURITY_POLICY_VIOLATED', {
        ...metadata,
        uid: 'simulated-violation',
      })
    case 'billing':
      return forbidden(
        `This API method requires billing to be enabled on ${consumer}.`,
        'BILLING_DISABLED',
        metadata,
      )
    case 'suspended':
      return forbidden(
        `Permission denied: Consumer '${consumer}' has been suspended.`,
        'CONSUMER_SUSPENDED',
        metadata,
      )
    case 'token-scope':
      return forbidden('Request had insufficient authentication scopes.', 'ACCESS_TOKEN_SCOPE_INSUFFICIENT', {
        service: right.service,
        method: right.permission,
      })
    case 'user-project':
      return forbidden(
        `Caller does not have required permission to use ${consumer}: serviceusage.services.use.`,
        'USER_PROJECT_DENIED',
        metadata,
      )
  }
}

function forbidden(message: string, reason: string, metadata: Readonly<Record<string, string>>): GoogleError {
  return new GoogleError('PERMISSION_DENIED', message, [errorInfo(reason, 'googleapis.com', metadata)])
}

/** The API is off in the project of the caller; `consumer` names that by number. */
function disabled(world: World, right: Right): GoogleError {
  const project = world.caller.project
  const url = `https://console.developers.google.com/apis/api/${right.service}/overview?project=${project}`
  const message = `${right.title} has not been used in project ${project} before or it is disabled. Enable it by visiting ${url} then retry.`
  return new GoogleError('PERMISSION_DENIED', message, [
    errorInfo('SERVICE_DISABLED', 'googleapis.com', {
      service: right.service,
      serviceTitle: right.title,
      consumer: `projects/${project}`,
      containerInfo: project,
      activationUrl: url,
    }),
    {
      '@type': 'type.googleapis.com/google.rpc.Help',
      links: [{ description: 'Google developers console API activation', url }],
    },
  ])
}

/** Whose token it is, as Google's authorization server says; any token is the caller's. */
export function tokenInfoRoute(world: () => World): Route {
  return {
    operation: 'oauth2.tokeninfo',
    method: 'POST',
    path: '/tokeninfo',
    dialect: 'google',
    handle: () =>
      ok({
        email: world().caller.serviceAccount,
        email_verified: 'true',
        scope: 'https://www.googleapis.com/auth/cloud-platform',
        expires_in: 3599,
      }),
  }
}
