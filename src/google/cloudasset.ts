import { CALLS, type Call } from './calls.js'
import type { GoogleClient } from './client.js'
import { PAGE_SIZES } from './page-sizes.js'
import { pageOf, pages } from './paging.js'

const assetsPage = pageOf('assets', 'readTime')
const resultsPage = pageOf('results')
const containersPage = pageOf('governedContainers', 'constraint')

/** Google's class for the API, loaded when it is first needed. */
export async function cloudasset(client: GoogleClient) {
  const api = await import('googleapis/build/src/apis/cloudasset/index.js')
  return api.cloudasset({ version: 'v1', ...client.connection })
}

/**
 * All assets of one type in a scope, page by page, each with its resource. Google allows 1,000 a page.
 * @see https://cloud.google.com/asset-inventory/docs/reference/rest/v1/assets/list
 */
export async function* listAssets(
  client: GoogleClient,
  scope: string,
  assetType: string,
): AsyncGenerator<readonly unknown[]> {
  const { assets } = await cloudasset(client)
  const asked = {
    parent: scope,
    assetTypes: [assetType],
    contentType: 'RESOURCE',
  }
  yield* pages(CALLS.listAssets, scope, PAGE_SIZES.assets, (page) =>
    client.ask({
      call: CALLS.listAssets,
      subject: scope,
      send: (options) => assets.list({ ...asked, ...page }, options),
      schema: assetsPage,
    }),
  )
}

interface SearchOptions {
  /** What it is a search for. */
  readonly call?: Call
  /** The fields of a result that are given, separated by commas. */
  readonly fields?: string
}

/**
 * The resources of one type that a query finds in a scope, page by page. Google gives at most 500 a page,
 * and may give fewer.
 * @see https://cloud.google.com/asset-inventory/docs/reference/rest/v1/TopLevel/searchAllResources
 */
export async function* searchResources(
  client: GoogleClient,
  scope: string,
  assetType: string,
  query: string,
  { call = CALLS.searchResources, fields = 'name,state,project' }: SearchOptions = {},
): AsyncGenerator<readonly unknown[]> {
  const { v1 } = await cloudasset(client)
  const asked = { scope, assetTypes: [assetType], query, readMask: fields }
  yield* pages(call, scope, PAGE_SIZES.results, (page) =>
    client.ask({
      call,
      subject: scope,
      send: (options) => v1.searchAllResources({ ...asked, ...page }, options),
      schema: resultsPage,
    }),
  )
}

/**
 * The policies of all resources in a scope that have a binding which the query finds, page by page, each with those
 * bindings alone. Google gives at most 500 a page, and may give fewer.
 * @see https://cloud.google.com/asset-inventory/docs/reference/rest/v1/TopLevel/searchAllIamPolicies
 */
export async function* searchPolicies(
  client: GoogleClient,
  scope: string,
  query: string,
): AsyncGenerator<readonly unknown[]> {
  const { v1 } = await cloudasset(client)
  yield* pages(CALLS.searchPolicies, scope, PAGE_SIZES.policies, (page) =>
    client.ask({
      call: CALLS.searchPolicies,
      subject: scope,
      send: (options) => v1.searchAllIamPolicies({ scope, query, ...page }, options),
      schema: resultsPage,
    }),
  )
}

/**
 * All folders and projects of an organization (`organizations/9`) that a constraint governs, page by page, each with
 * the policy that is in force there. Google gives at most 200 a page.
 * @see https://cloud.google.com/asset-inventory/docs/reference/rest/v1/TopLevel/analyzeOrgPolicyGovernedContainers
 */
export async function* listGovernedContainers(
  client: GoogleClient,
  organization: string,
  constraint: string,
): AsyncGenerator<readonly unknown[]> {
  const { v1 } = await cloudasset(client)
  const asked = { scope: organization, constraint: `constraints/${constraint}` }
  yield* pages(CALLS.analyzePolicies, organization, PAGE_SIZES.containers, (page) =>
    client.ask({
      call: CALLS.analyzePolicies,
      subject: organization,
      send: (options) => v1.analyzeOrgPolicyGovernedContainers({ ...asked, ...page }, options),
      schema: containersPage,
    }),
  )
}
