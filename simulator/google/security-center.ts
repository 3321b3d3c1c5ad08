import type { securitycenter_v1 } from 'googleapis/build/src/apis/securitycenter/v1.js'
import * as z from 'zod'
import { type Call, ok, param } from '../wire/call.js'
import { badRequest, GoogleError, notFound } from '../wire/google-error.js'
import { bodyOf } from '../wire/json-body.js'
import { listedPage, shelfOf } from '../wire/pages.js'
import { PAGING } from '../wire/parameters.js'
import { googleRoutes, type Route } from '../wire/routes.js'
import { isTimestamp } from '../wire/timestamp.js'
import type { World } from '../world/world.js'
import { type Right, scopeOf } from './access.js'

export type Finding = securitycenter_v1.Schema$GoogleCloudSecuritycenterV2Finding

const API = {
  read: 'findings',
  service: 'securitycenter.googleapis.com',
  title: 'Security Command Center API',
} as const
const LIST: Right = { ...API, permission: 'securitycenter.findings.list' }
const UPDATE: Right = { ...API, permission: 'securitycenter.findings.update' }
const MUTE: Right = { ...API, permission: 'securitycenter.findings.setMute' }

const SOURCE = '/v2/organizations/{organization}/sources/{source}'
const PAGE = { usual: 10, most: 1000 }

/** Fields of a finding that its source may write; the others are Google's. */
const WRITABLE = z.strictObject({
  name: z.string().optional(),
  state: z.enum(['ACTIVE', 'INACTIVE']).optional(),
  category: z.string().min(1).max(256).optional(),
  severity: z.enum(['CRITICAL', 'HIGH', 'MEDIUM', 'LOW']).optional(),
  findingClass: z.enum(['THREAT', 'VULNERABILITY', 'MISCONFIGURATION', 'OBSERVATION']).optional(),
  resourceName: z.string().max(255).startsWith('//').optional(),
  externalUri: z.url().optional(),
  description: z.string().optional(),
  nextSteps: z.string().optional(),
  compliances: z
    .array(z.strictObject({ standard: z.string(), version: z.string(), ids: z.array(z.string()) }))
    .optional(),
  sourceProperties: z
    .record(
      z.string().regex(/^[A-Za-z]\w{0,254}$/, 'a letter, then letters, digits and underscores'),
      z.string(),
    )
    .optional(),
  eventTime: z.string().refine(isTimestamp, 'a timestamp').optional(),
})

const SET_MUTE = z.strictObject({ mute: z.enum(['MUTED', 'UNMUTED', 'UNDEFINED']) })

/** All findings by their names. */
export type Findings = Map<string, Finding>

/**
 * Security Command Center API v2: the findings of the sources that a world has, in the location `global`.
 * @see https://cloud.google.com/security-command-center/docs/reference/rest/v2/organizations.sources.findings
 */
export function securityCenterRoutes(
  world: () => World,
  findings: Findings,
  now: () => Date,
): readonly Route[] {
  const route = googleRoutes(world)
  const one = `${SOURCE}/findings/{finding}`
  return [
    route(
      'securitycenter.findings.list',
      `${SOURCE}/findings`,
      (served, call) => list(served, findings, call),
      {
        query: { ...PAGING, filter: 'string', orderBy: 'string', fieldMask: 'string' },
      },
    ),
    route(
      'securitycenter.findings.create',
      `${SOURCE}/findings`,
      (served, call) => create(served, findings, now(), call),
      { method: 'POST', query: { findingId: 'string' } },
    ),
    route('securitycenter.findings.patch', one, (served, call) => patch(served, findings, now(), call), {
      method: 'PATCH',
      query: { updateMask: 'string' },
    }),
    route(
      'securitycenter.findings.setMute',
      `${one}:setMute`,
      (served, call) => setMute(served, findings, now(), call),
      {
        method: 'POST',
      },
    ),
  ]
}

/** @throws GoogleError 403 where it is refused, 404 where there is no such source. */
function sourceOf(world: World, call: Call, right: Right): string {
  const organization = scopeOf(world, right, 'organizations', param(call, 'organization'))
  const source = `${organization}/sources/${param(call, 'source')}`
  if (!(world.sources ?? []).includes(param(call, 'source')))
    throw notFound(`Requested entity was not found: ${source}`)
  return source
}

const FILTER = /^\s*(?:(source_properties)\.(\w+)|(state))\s*=\s*"([^"]*)"\s*$/

function list(world: World, findings: Findings, call: Call) {
  const source = sourceOf(world, call, LIST)
  const tests = (call.query.get('filter') ?? '')
    .split(' AND ')
    .filter((text) => text !== '')
    .map(testOf)
  const found = [...findings.values()].filter(
    (finding) => finding.name?.startsWith(`${source}/`) && tests.every((test) => test(finding)),
  )
  return listedPage(call, 'listFindingsResults', shelfOf(found), PAGE, (finding) => ({ finding }))
}

function testOf(text: string): (finding: Finding) => boolean {
  const [, properties, name = '', , value] = FILTER.exec(text) ?? []
  if (value === undefined)
    throw badRequest('filter', `the simulator knows state and source_properties, not ${text}`)
  if (properties === undefined) return ({ state }) => state === value
  return ({ sourceProperties }) => sourceProperties?.[name] === value
}

function create(world: World, findings: Findings, now: Date, call: Call) {
  const source = sourceOf(world, call, UPDATE)
  const id = call.query.get('findingId') ?? ''
  if (!/^[A-Za-z0-9]{1,32}$/.test(id)) throw badRequest('finding_id', 'must be 1 to 32 letters and digits')
  const name = `${source}/findings/${id}`
  if (findings.has(name)) throw new GoogleError('ALREADY_EXISTS', `Requested entity already exists: ${name}`)
  return ok(
    stored(findings, name, { mute: 'UNDEFINED', createTime: now.toISOString() }, writtenIn(call, now)),
  )
}

/** Creates as well: what Google documents of it. */
function patch(world: World, findings: Findings, now: Date, call: Call) {
  const name = `${sourceOf(world, call, UPDATE)}/findings/${param(call, 'finding')}`
  const before = findings.get(name) ?? { mute: 'UNDEFINED', createTime: now.toISOString() }
  return ok(stored(findings, name, before, ofMask(writtenIn(call, now), call.query.get('updateMask'))))
}

function setMute(world: World, findings: Findings, now: Date, call: Call) {
  const name = `${sourceOf(world, call, MUTE)}/findings/${param(call, 'finding')}`
  const before = findings.get(name)
  if (before === undefined) throw notFound(`Requested entity was not found: ${name}`)
  const { mute } = bodyOf(call, SET_MUTE)
  return ok(stored(findings, name, before, { mute, muteUpdateTime: now.toISOString() }))
}

function writtenIn(call: Call, now: Date): Finding {
  const written = bodyOf(call, WRITABLE)
  if (written.eventTime !== undefined && new Date(written.eventTime) > now)
    throw badRequest('finding.event_time', 'must not lie in the future')
  return setIn(written)
}

/** Without the fields that the schema allows to be missing. */
function setIn(written: z.infer<typeof WRITABLE>): Finding {
  return Object.fromEntries(Object.entries(written).filter(([, value]) => value !== undefined))
}

/** Those fields that the mask names; all of them without one. */
function ofMask(written: Finding, mask: string | null): Finding {
  if (mask === null || mask === '') return written
  const fields = mask
    .split(',')
    .map((field) => field.replace(/_([a-z])/g, (_all, letter) => letter.toUpperCase()))
  const unknown = fields.find((field) => !(field in WRITABLE.shape))
  if (unknown !== undefined) throw badRequest('update_mask', `unknown field ${unknown}`)
  return Object.fromEntries(Object.entries(written).filter(([field]) => fields.includes(field)))
}

function stored(findings: Findings, name: string, before: Finding, change: Finding): Finding {
  const finding = { ...before, ...change, name, parent: name.split('/findings/', 1)[0] ?? '' }
  findings.set(name, finding)
  return finding
}
