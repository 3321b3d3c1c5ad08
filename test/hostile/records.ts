import fc from 'fast-check'
import type { KeyAccount } from '../../src/account.js'
import { AFFECTED_VERDICTS, type KeyFacts, type Observation } from '../../src/model.js'
import { factsOf } from '../../src/policy/facts.js'
import { impactOf } from '../../src/policy/impact.js'
import { judge } from '../../src/policy/judge.js'
import type { JudgedKey } from '../../src/policy/judgement-types.js'
import { builtInPolicy, type Policy } from '../../src/policy/policy.js'
import { hygieneSteps } from '../../src/policy/remedies/account-ways.js'
import { remedyFor } from '../../src/policy/remedies.js'
import type { KeyRecord } from '../../src/records/key-record.js'
import { CHANGES, keyRecord } from '../../src/records/key-record.js'
import { byUrgency } from '../../src/records/urgency.js'
import type { DigestFacts } from '../../src/report/digest/digest-facts.js'
import { affectedOf } from '../affected.js'
import { observations } from '../policy/arbitraries.js'
import { gathered, RUN, runOf } from '../report/samples.js'
import { names } from './names.js'

/** A name as a part of a resource's name has it, however hostile: the border lets nothing else through. */
const ids = names.map((name) => name.replace(/[\s\p{C}/]/gu, '') || 'x')

/** What was read of an account, every name of it hostile. */
const accounts: fc.Arbitrary<KeyAccount> = fc
  .record({
    email: fc.oneof(names, fc.constant('bot@acme-web.iam.gserviceaccount.com')),
    project: fc.option(names, { nil: undefined }),
    state: fc.constantFrom('active', 'disabled', 'missing', 'unknown'),
    reach: fc.constantFrom('gemini-only', 'narrow', 'broad', 'owner', 'unknown'),
    roles: fc.array(
      fc.record({
        role: names,
        on: fc.oneof(
          names,
          names.map((name) => `projects/${name}`),
        ),
      }),
      { maxLength: 3 },
    ),
    keys: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ project, ...rest }) => ({ ...rest, ...(project !== undefined && { project }) }))

/** Keys whose every text means harm, as the border lets them in. */
const hostileObservations: fc.Arbitrary<Observation> = fc
  .record({
    observation: observations,
    displayName: names,
    uid: names,
    id: ids,
    project: ids,
    account: fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 2, arbitrary: names }),
    read: fc.option(accounts, { nil: undefined }),
    lists: fc.record({
      allowedReferrers: fc.array(names, { maxLength: 2 }),
      allowedIps: fc.array(names, { maxLength: 2 }),
      allowedBundleIds: fc.array(names, { maxLength: 2 }),
      targets: fc.array(fc.record({ service: names, methods: fc.array(names, { maxLength: 2 }) }), {
        maxLength: 2,
      }),
      packages: fc.array(names, { maxLength: 2 }),
    }),
    label: names,
  })
  .map(({ observation, displayName, uid, id, project, account, lists, label, read }) => ({
    ...observation,
    key: {
      ...observation.key,
      name: `projects/123/locations/global/keys/${id}`,
      uid,
      displayName,
      ...(account === undefined ? {} : { serviceAccountEmail: account }),
      restrictions: {
        allowedReferrers: lists.allowedReferrers,
        allowedIps: lists.allowedIps,
        allowedBundleIds: lists.allowedBundleIds,
        apiTargets: lists.targets.filter(({ service }) => /\S/.test(service)),
        allowedApplications: lists.packages.map((name) => ({ sha1Fingerprint: name, packageName: name })),
      },
    },
    ...(account !== undefined && read !== undefined && { account: read }),
    project: { ...observation.project, id: project, labels: { [label]: label, owner: label } },
  }))

/** A policy whose every text means harm. */
const hostilePolicies: fc.Arbitrary<Policy> = fc.record({ contact: names, owner: names }).map(
  ({ contact, owner }): Policy => ({
    ...builtInPolicy(),
    contact,
    owners: {
      labels: ['owner'],
      folders: new Map([['folders/7', owner]]),
      slack: new Map([[owner, 'U0123ABCD']]),
    },
  }),
)

/** Facts, judgement and remedy of a hostile key. */
export const judgedKeys: fc.Arbitrary<JudgedKey> = fc
  .tuple(hostileObservations, hostilePolicies, fc.option(names, { nil: undefined }))
  .map(([observation, policy, owner]) => {
    const facts: KeyFacts = factsOf(observation, RUN.asOf, policy.dormantDays)
    const judgement = judge(facts, policy, RUN.asOf)
    return {
      facts,
      judgement,
      ...(owner === undefined ? {} : { owner }),
      impact: impactOf(facts, judgement, policy),
      remedy: remedyFor(facts, judgement, policy),
      hygieneSteps: (id) => hygieneSteps(id, facts),
    }
  })

/** The record of a hostile key. */
export const records: fc.Arbitrary<KeyRecord> = fc
  .tuple(judgedKeys, fc.constantFrom(undefined, ...CHANGES))
  .map(([judged, change]) => keyRecord(judged, RUN, change === undefined ? {} : { change }))

/** Everything that a digest, a table or a report of hostile keys and gaps is made of. */
export const digestFacts: fc.Arbitrary<DigestFacts & { readonly keys: readonly KeyRecord[] }> = fc
  .record({
    judged: fc.array(judgedKeys, { minLength: 1, maxLength: 6 }),
    gaps: fc.array(
      fc.record({
        missing: fc.constantFrom('keys' as const, 'projects' as const, 'usage' as const),
        subject: ids.map((id) => `projects/1/locations/global/keys/${id}`),
        reason: fc.constantFrom('MALFORMED', 'PERMISSION_DENIED'),
        because: names,
        fix: names,
      }),
      { maxLength: 3 },
    ),
    policy: hostilePolicies,
    remarks: fc.array(names, { maxLength: 2 }),
    scope: ids,
  })
  .map(({ judged, gaps, policy, remarks, scope }) => {
    const keys = judged.map((key) => keyRecord(key, RUN, { change: 'new' }))
    return {
      run: runOf(judged, gaps, { remarks, run: { ...RUN, scope: [scope] } }),
      affected: affectedOf(keys.filter(({ verdict }) => AFFECTED_VERDICTS.includes(verdict))),
      gaps: gathered(gaps).records(RUN),
      policy,
      keys: keys.sort(byUrgency),
    }
  })
