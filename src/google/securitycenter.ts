import type { securitycenter_v1 } from 'googleapis/build/src/apis/securitycenter/v1.js'
import { z } from 'zod'
import { type Call, ORGANIZATION } from './calls.js'
import type { GoogleClient } from './client.js'
import { ApiError } from './errors.js'
import { PAGE_SIZES } from './page-sizes.js'
import { pageOf, pages } from './paging.js'

/** The package's classes end with version 1, which has not been opened to new organizations; its types have both. */
export type Finding = securitycenter_v1.Schema$GoogleCloudSecuritycenterV2Finding

const FINDINGS = {
  service: 'securitycenter.googleapis.com',
  role: `${ORGANIZATION}/roles/geminiKeyAuditorFindings`,
} as const

/** What writing to Security Command Center asks, with AUDIT_SCC. Creating takes the right to update as well. */
export const SCC_CALLS = {
  listFindings: {
    ...FINDINGS,
    operation: 'findings.list',
    quota: 'readFindings',
    permission: 'securitycenter.findings.list',
    doing: 'Listing the findings of',
  },
  createFinding: {
    ...FINDINGS,
    operation: 'findings.create',
    quota: 'writeFindings',
    permission: 'securitycenter.findings.update',
    doing: 'Creating the finding',
  },
  updateFinding: {
    ...FINDINGS,
    operation: 'findings.patch',
    quota: 'writeFindings',
    permission: 'securitycenter.findings.update',
    doing: 'Updating the finding',
  },
  muteFinding: {
    ...FINDINGS,
    operation: 'findings.setMute',
    quota: 'writeFindings',
    permission: 'securitycenter.findings.setMute',
    doing: 'Muting or unmuting the finding',
  },
} as const satisfies Record<string, Call>

const GOOGLE = 'https://securitycenter.googleapis.com'

const stored = z.looseObject({ name: z.string(), state: z.string().optional(), mute: z.string().optional() })
const listed = z.looseObject({
  finding: stored.extend({ sourceProperties: z.record(z.string(), z.unknown()).default({}) }),
})
const findingsPage = pageOf('listFindingsResults', 'readTime', 'totalSize')

export type ListedFinding = z.infer<typeof listed>['finding']

/**
 * The findings of a source (`organizations/9/sources/5`) that pass a filter. Throws `ApiError`.
 * @see https://cloud.google.com/security-command-center/docs/reference/rest/v2/organizations.sources.findings/list
 */
export async function* listFindings(
  client: GoogleClient,
  source: string,
  filter: string,
  most: number = PAGE_SIZES.findings,
): AsyncGenerator<ListedFinding> {
  const found = pages(SCC_CALLS.listFindings, source, most, ({ pageSize, pageToken }) =>
    client.ask({
      call: SCC_CALLS.listFindings,
      subject: source,
      send: (options) => {
        const query = { filter, pageSize: `${pageSize}`, ...(pageToken !== undefined && { pageToken }) }
        return client.connection.auth.request<unknown>({
          ...options,
          url: urlOf(client, `${source}/findings`, query),
        })
      },
      schema: findingsPage,
    }),
  )
  for await (const page of found) {
    for (const element of page) yield listed.parse(element).finding
  }
}

/**
 * Creates a finding; false where there is one of this ID. Throws `ApiError`.
 * @see https://cloud.google.com/security-command-center/docs/reference/rest/v2/organizations.sources.findings/create
 */
export async function createFinding(
  client: GoogleClient,
  source: string,
  findingId: string,
  data: Finding,
): Promise<boolean> {
  const url = urlOf(client, `${source}/findings`, { findingId })
  const call = SCC_CALLS.createFinding
  try {
    await write(client, { call, subject: `${source}/findings/${findingId}`, method: 'POST', url, data })
    return true
  } catch (error) {
    if (error instanceof ApiError && error.status === 409) return false
    throw error
  }
}

/**
 * Writes those fields of a finding that the mask names. Throws `ApiError`.
 * @see https://cloud.google.com/security-command-center/docs/reference/rest/v2/organizations.sources.findings/patch
 */
export function updateFinding(
  client: GoogleClient,
  name: string,
  data: Finding,
  updateMask: string,
): Promise<void> {
  const url = urlOf(client, name, { updateMask })
  return write(client, { call: SCC_CALLS.updateFinding, subject: name, method: 'PATCH', url, data })
}

/**
 * Mutes or unmutes a finding. Throws `ApiError`.
 * @see https://cloud.google.com/security-command-center/docs/reference/rest/v2/organizations.sources.findings/setMute
 */
export function muteFinding(client: GoogleClient, name: string, mute: 'MUTED' | 'UNMUTED'): Promise<void> {
  const url = urlOf(client, `${name}:setMute`, {})
  return write(client, { call: SCC_CALLS.muteFinding, subject: name, method: 'POST', url, data: { mute } })
}

interface Write {
  readonly call: Call
  readonly subject: string
  readonly method: 'POST' | 'PATCH'
  readonly url: string
  readonly data: object
}

async function write(client: GoogleClient, { call, subject, method, url, data }: Write): Promise<void> {
  await client.ask({
    call,
    subject,
    send: (options) => client.connection.auth.request<unknown>({ ...options, url, method, data }),
    schema: stored,
  })
}

/** Its path holds numbers and digits only, as `AUDIT_SCC` is checked. */
function urlOf({ connection }: GoogleClient, path: string, query: Readonly<Record<string, string>>): string {
  const url = new URL(`/v2/${path}`, connection.rootUrl ?? GOOGLE)
  url.search = new URLSearchParams(query).toString()
  return url.href
}
