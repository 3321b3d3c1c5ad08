import fc from 'fast-check'
import type { KeyAccount } from '../../src/account.js'
import {
  type AuthKeyBlocker,
  type Day,
  GAP_KINDS,
  type Instant,
  KEY_TYPES,
  type Key,
  type Observation,
  type Restrictions,
  type Usage,
} from '../../src/model.js'
import { GOOGLE_DEADLINES } from '../../src/policy/deadlines.js'
import { HYGIENE_RULES } from '../../src/policy/hygiene.js'
import { builtInPolicy, type Exemption, type Policy } from '../../src/policy/policy.js'
import { RULES } from '../../src/policy/rules.js'
import { callsOn, KEY, NO_CALLS, OBSERVATION, PROJECT } from './keys.js'

/** Worlds of keys for properties: ordinary ones, and whatever the types allow. */

/** Around the deadlines, so that either side of each is common. */
const moments = fc
  .date({ min: new Date('2026-04-01'), max: new Date('2026-12-01'), noInvalidDate: true })
  .map((date) => date.toISOString())

export const days = moments.map((moment) => moment.slice(0, 10) as Day)
const instants = moments.map((moment) => moment as Instant)

const services = fc.oneof(
  fc.constantFrom(
    'generativelanguage.googleapis.com',
    ' GenerativeLanguage.googleapis.com',
    'maps-backend.googleapis.com',
    'cloudapis.googleapis.com',
    '',
  ),
  fc.string({ unit: 'grapheme' }),
)

const words = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 9 }),
)
const fewWords = fc.array(words, { maxLength: 3 })

const plain = { noNullPrototype: true }
const targets = fc.record({ service: services, methods: fewWords }, plain)
const applications = fc.record({ sha1Fingerprint: words, packageName: words }, plain)

export const restrictions: fc.Arbitrary<Restrictions> = fc.record(
  {
    apiTargets: fc.oneof(fc.constant([]), fc.array(targets, { maxLength: 3 })),
    allowedReferrers: fewWords,
    allowedIps: fewWords,
    allowedApplications: fc.array(applications, { maxLength: 2 }),
    allowedBundleIds: fewWords,
  },
  plain,
)

const count = fc.oneof(fc.constant(0), fc.nat({ max: 1_000 }))

const calls = fc.record({ accepted: count, refused: count, failed: count }, plain)

const daily = fc.array(
  fc.tuple(days, calls).map(([day, each]) => callsOn(day, each)),
  { maxLength: 5 },
)

/** Traffic of every kind, and such as contradicts itself. */
export const usages: fc.Arbitrary<Usage> = fc.oneof(
  fc.record({ unknown: words }, plain),
  fc
    .record(
      {
        since: fc.oneof(days, fc.constant('2026-03-01' as Day)),
        services: fc.array(services, { maxLength: 4 }),
        daily: fc.oneof(fc.constant([]), daily),
        lastRequest: fc.option(days, { nil: undefined }),
      },
      plain,
    )
    .map(({ lastRequest, ...usage }) => ({ ...usage, gemini: NO_CALLS, ...present({ lastRequest }) })),
)

function seldom<Value>(values: fc.Arbitrary<Value>) {
  return fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: values })
}

function present<Values extends object>(values: Values) {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
}

export const keys: fc.Arbitrary<Key> = fc
  .record({
    name: fc.constantFrom(KEY.name, 'projects/123/locations/global/keys/other', 'nonsense', ''),
    uid: words,
    projectNumber: fc.constant('123'),
    displayName: fc.oneof(words, fc.constant('Gemini Developer API key (auto created by Firebase)')),
    restrictions,
    times: fc.record({
      createTime: fc.option(instants, { nil: undefined }),
      deleteTime: seldom(instants),
    }),
    rest: fc.record({
      serviceAccountEmail: seldom(
        fc.oneof(fc.constantFrom('', ' ', 'bot@acme-web.iam.gserviceaccount.com'), words),
      ),
      flaw: seldom(words),
    }),
  })
  .map(({ times, rest, ...key }) => ({ ...key, ...present(times), ...present(rest) }))

const projects = fc.constantFrom(
  PROJECT,
  { ...PROJECT, id: PROJECT.number },
  { ...PROJECT, id: 'example.com:acme', ancestors: [] },
)

const BLOCKERS: readonly AuthKeyBlocker[] = [{ state: 'in-force' }, { state: 'absent' }, { state: 'unknown' }]

const held = fc.record(
  { role: words, on: fc.oneof(fc.constantFrom('projects/1', 'folders/7', ''), words) },
  plain,
)

/** What was read of an account, or that nothing was. */
const accounts: fc.Arbitrary<KeyAccount | undefined> = fc.option(
  fc.record({
    email: fc.oneof(
      fc.constantFrom('1-compute@developer.gserviceaccount.com', 'a@b.iam.gserviceaccount.com'),
      words,
    ),
    state: fc.constantFrom('active', 'disabled', 'missing', 'unknown'),
    reach: fc.constantFrom('gemini-only', 'narrow', 'broad', 'owner', 'unknown'),
    roles: fc.array(held, { maxLength: 3 }),
    keys: fc.nat({ max: 3 }),
  }),
  { nil: undefined },
)

export const observations: fc.Arbitrary<Observation> = fc
  .record({
    key: keys,
    project: projects,
    type: fc.constantFrom('standard' as const, ...KEY_TYPES),
    gemini: fc.constantFrom('on' as const, 'on' as const, 'off' as const, 'unknown' as const),
    usage: usages,
    blocker: fc.constantFrom(undefined, ...BLOCKERS),
    account: accounts,
    readAt: instants,
  })
  .map(({ readAt, blocker, account, ...observation }) => ({
    ...observation,
    ...(account !== undefined && { account }),
    ...(blocker !== undefined && { blocker }),
    evidence: { ...OBSERVATION.evidence, key: { from: 'keys.list', readAt } },
  }))

const exemptions: fc.Arbitrary<Exemption> = fc.record({
  kind: fc.constant('exemption'),
  subject: fc.constantFrom(KEY.name, 'projects/acme-web', 'projects/123', 'folders/7', 'folders/8'),
  rules: fc.subarray([...RULES, ...HYGIENE_RULES], { minLength: 1 }),
  until: days,
  reason: words,
  approvedBy: words,
})

const deadline = fc.oneof(fc.constant('none' as const), days)

/** Policies with exemptions and moved deadlines, as they stand on one day. */
export const policies: fc.Arbitrary<Policy> = fc
  .record({
    exemptions: fc.array(exemptions, { maxLength: 4 }),
    dates: fc.record({ 'dormant-key': deadline, 'unrestricted-key': deadline, 'standard-key': deadline }),
    contact: fc.option(words, { nil: undefined }),
  })
  .map(({ exemptions: some, dates, contact }) => ({
    ...builtInPolicy(),
    exemptions: some,
    deadlines: {
      'dormant-key': { ...GOOGLE_DEADLINES['dormant-key'], date: dates['dormant-key'] },
      'unrestricted-key': { ...GOOGLE_DEADLINES['unrestricted-key'], date: dates['unrestricted-key'] },
      'standard-key': { ...GOOGLE_DEADLINES['standard-key'], date: dates['standard-key'] },
    },
    ...(contact !== undefined && { contact }),
  }))

/** The text of a policy file whose waivers may have run out, and which is valid from 2026 to 2027. */
export const policyTexts: fc.Arbitrary<string> = fc
  .record({
    overrides: fc.uniqueArray(
      fc.record({
        rule: fc.constantFrom(...RULES),
        date: fc.oneof(fc.constant('none'), days),
        until: fc.option(days, { nil: undefined }),
      }),
      { selector: ({ rule }) => rule },
    ),
    exemptions: fc.uniqueArray(
      fc.record({
        project: fc.constantFrom('123', 'acme-web'),
        rule: fc.constantFrom(...RULES),
        until: days,
      }),
      { selector: ({ project, rule }) => `${project} ${rule}` },
    ),
    gap: fc.constantFrom(...GAP_KINDS),
  })
  .map(({ overrides, exemptions: some, gap }) => {
    const why = { reason: 'because', 'approved-by': 'ciso@example.com' }
    return JSON.stringify({
      deadlines: Object.fromEntries(overrides.map(({ rule, ...rest }) => [rule, { ...rest, ...why }])),
      exemptions: some.map((each) => ({ ...each, ...why })),
      'known-gaps': [{ subject: 'projects/123', missing: gap, until: '2027-01-01', ...why }],
    })
  })
