import type { cloudasset_v1 } from 'googleapis/build/src/apis/cloudasset/v1.js'
import { type Call, param } from '../wire/call.js'
import { badRequest, invalid } from '../wire/google-error.js'
import { joined, listedPage, type Shelf } from '../wire/pages.js'
import { PAGING, type Query } from '../wire/parameters.js'
import { googleRoutes, type Route } from '../wire/routes.js'
import type { Binding, World } from '../world/world.js'
import { type Right, scopeOf } from './access.js'
import { holds, same } from './asset-query.js'
import { FOLDER, ORGANIZATION, PROJECT } from './asset-resources.js'
import { type Filter, type Meaning, passes } from './filter.js'
import { parseFilter } from './filter-parser.js'
import { policyOf } from './iam.js'

const SEARCH: Right = {
  read: 'bindings',
  service: 'cloudasset.googleapis.com',
  title: 'Cloud Asset API',
  permission: 'cloudasset.assets.searchAllIamPolicies',
}
const QUERY: Query = { query: 'string', assetTypes: 'string', orderBy: 'string', ...PAGING }
const MANAGER = '//cloudresourcemanager.googleapis.com'

/** Google's own limits. @see https://docs.cloud.google.com/asset-inventory/docs/query-syntax */
const MOST_COMPARISONS = 10
const LONGEST_QUERY = 2048

/**
 * Cloud Asset API v1: the policies in which a binding matches, each with those bindings alone.
 * @see https://cloud.google.com/asset-inventory/docs/reference/rest/v1/TopLevel/searchAllIamPolicies
 */
export function policySearchRoutes(world: () => World): readonly Route[] {
  const route = googleRoutes(world)
  return ['organizations', 'folders', 'projects'].map((kind) =>
    route(
      'cloudasset.searchAllIamPolicies',
      `/v1/${kind}/{scope}:searchAllIamPolicies`,
      (served, call) => searchPolicies(served, call, kind),
      { query: QUERY },
    ),
  )
}

/** One resource with its policy, and where it lies. */
interface Bound {
  readonly resource: string
  readonly assetType: string
  /** Nearest first, itself included. */
  readonly within: readonly string[]
  readonly bindings: readonly Binding[]
}

function searchPolicies(world: World, call: Call, kind: string) {
  const scope = scopeOf(world, SEARCH, kind, param(call, 'scope'))
  if (call.query.get('orderBy')) throw badRequest('order_by', 'the simulator searches in its own order only')
  if (call.query.get('assetTypes')) throw badRequest('asset_types', 'the simulator searches all types only')
  const text = call.query.get('query') ?? ''
  const filter = parseFilter(text)
  if (text.length > LONGEST_QUERY || wordsIn(filter) > MOST_COMPARISONS) {
    throw badRequest('query', `at most ${MOST_COMPARISONS} comparisons in ${LONGEST_QUERY} characters`)
  }
  const found: Shelf<Bound> = matching(policiesIn(world, scope), filter)
  return listedPage(call, 'results', found, { usual: 100, most: 500 }, asResult)
}

function matching(policies: Shelf<Bound>, filter: Filter | undefined): Shelf<Bound> {
  return {
    length: policies.length,
    at: (position) =>
      policies.at(position).flatMap((bound) => {
        const bindings = bound.bindings.filter((binding) => passes(filter, meaningOf(bound, binding)))
        return bindings.length === 0 ? [] : [{ ...bound, bindings }]
      }),
  }
}

function wordsIn(filter: Filter | undefined): number {
  switch (filter?.is) {
    case undefined:
      return 0
    case 'all':
    case 'any':
      return filter.of.reduce((sum, part) => sum + wordsIn(part), 0)
    case 'not':
      return wordsIn(filter.of)
    default:
      return 1
  }
}

/** Everything at or below a scope on which something is bound, made when it is asked for. */
function policiesIn(world: World, scope: string): Shelf<Bound> {
  const top = `organizations/${world.organization.number}`
  const above = [
    ...(scope === top ? [[top]] : []),
    ...world.folders
      .map(({ number, ancestors }) => [`folders/${number}`, ...ancestors])
      .filter((within) => within.includes(scope)),
  ]
  const projects: Shelf<Bound> = {
    length: world.projectCount,
    at: (position) => {
      const { number, ancestors, lag } = world.projectAt(position)
      const within = [`projects/${number}`, ...ancestors]
      return within.includes(scope) && lag !== 'fresh' ? boundIn(world, within) : []
    },
  }
  return joined([{ length: above.length, at: (position) => boundIn(world, above[position] ?? []) }, projects])
}

/** The resources of one place with a policy, itself first where it has one. */
function boundIn(world: World, within: readonly string[]): readonly Bound[] {
  const [place = ''] = within
  const all = world.bindingsIn(place)
  return [...new Set(all.map(({ on }) => on))].map((on) => ({
    resource: on.startsWith('//') ? on : `${MANAGER}/${on}`,
    assetType: typeOf(on),
    within,
    bindings: all.filter((binding) => binding.on === on),
  }))
}

function typeOf(on: string): string {
  if (on.startsWith('projects/')) return PROJECT
  if (on.startsWith('folders/')) return FOLDER
  return on.startsWith('organizations/') ? ORGANIZATION : `${on.split('/')[2]}/Resource`
}

function meaningOf(bound: Bound, { role, members, condition }: Binding): Meaning {
  const policy = [role, ...members, condition ?? '']
  const fields: Readonly<Record<string, readonly string[]>> = {
    policy,
    roles: [role],
    memberTypes: members.map((member) => member.split(':', 1)[0] ?? ''),
    resource: [bound.resource],
    assetType: [bound.assetType],
    project: bound.within.filter((name) => name.startsWith('projects/')),
    folders: bound.within.filter((name) => name.startsWith('folders/')),
    organization: bound.within.filter((name) => name.startsWith('organizations/')),
  }
  return {
    compare: (field, operator, value) => {
      const texts = Object.hasOwn(fields, field) ? fields[field] : undefined
      if (texts === undefined) throw invalid(`The query names the field "${field}", which is not searchable.`)
      if (operator === ':') return texts.some((text) => holds(text, value))
      if (operator === '=' && field !== 'policy') return texts.some((text) => same(text, value.text))
      throw invalid(`The simulator does not know the operator ${operator} for ${field}.`)
    },
    word: (word) => [...policy, bound.resource].some((text) => holds(text, { text: word, texts: [word] })),
  }
}

function asResult({
  resource,
  assetType,
  within,
  bindings,
}: Bound): cloudasset_v1.Schema$IamPolicySearchResult {
  const [project] = within.filter((name) => name.startsWith('projects/'))
  const folders = within.filter((name) => name.startsWith('folders/'))
  const [organization] = within.filter((name) => name.startsWith('organizations/'))
  return {
    resource,
    assetType,
    ...(project && { project }),
    ...(folders.length > 0 && { folders }),
    ...(organization && { organization }),
    policy: policyOf(bindings),
  }
}
