import { parseDay, parseInstant } from '../../src/calendar.js'
import type { Day, Instant, Key, KeyFacts, Project, Run } from '../../src/model.js'
import { GOOGLE_DEADLINES } from '../../src/policy/deadlines.js'
import type { Finding, JudgedKey, Judgement } from '../../src/policy/judgement-types.js'
import { builtInPolicy, type Policy } from '../../src/policy/policy.js'
import type { Rule } from '../../src/policy/rules.js'
import { Gaps } from '../../src/records/gaps.js'
import { type KeyHistory, type KeyRecord, keyRecord } from '../../src/records/key-record.js'
import { runPolicy } from '../../src/records/run-policy.js'
import { type JudgedRunRecord, type RunFacts, runRecord } from '../../src/records/run-record.js'
import { Tally } from '../../src/records/tally.js'
import { type GapInWords, gapSaying } from '../gaps.js'

export function day(text: string): Day {
  const parsed = parseDay(text)
  if (parsed === undefined) throw new Error(`not a day: ${text}`)
  return parsed
}

export function instant(text: string): Instant {
  const parsed = parseInstant(text)
  if (parsed === undefined) throw new Error(`not a moment: ${text}`)
  return parsed
}

export const RUN: Run = {
  audit: 'acme',
  time: instant('2026-11-23T07:00:00Z'),
  reading: instant('2026-11-23T07:00:03Z'),
  asOf: day('2026-11-23'),
  asOfOverridden: false,
  scope: ['organizations/9'],
}

export const PROJECT: Project = {
  number: '123',
  id: 'acme-web',
  state: 'ACTIVE',
  labels: { owner: 'payments' },
  ancestors: ['folders/1', 'organizations/9'],
}

export const KEY: Key = {
  name: 'projects/123/locations/global/keys/abc',
  uid: '6f1c4a52-0000-4000-8000-000000000001',
  projectNumber: '123',
  displayName: 'Maps web',
  createTime: instant('2024-02-03T04:05:06.123456Z'),
  updateTime: instant('2025-02-03T04:05:06Z'),
  restrictions: {
    apiTargets: [],
    allowedReferrers: [],
    allowedIps: [],
    allowedApplications: [],
    allowedBundleIds: [],
  },
}

const READ = instant('2026-11-23T07:00:05Z')

export const FACTS: KeyFacts = {
  key: KEY,
  project: PROJECT,
  type: 'standard',
  gemini: 'on',
  usage: { unknown: 'traffic is not read yet' },
  evidence: {
    key: { from: 'keys.list', readAt: READ },
    type: { from: 'keys.list', readAt: READ },
    services: { from: 'assets', readAt: READ },
  },
  apiRestriction: 'none',
  clientRestriction: 'none',
  geminiAccess: 'yes',
  dormant: 'unknown',
}

export function finding(rule: Rule, change: Partial<Finding> = {}): Finding {
  const { date, status } = GOOGLE_DEADLINES[rule]
  if (date === 'none') throw new Error(`${rule} has no date`)
  const daysLeft = Math.round((Date.parse(date) - Date.parse(RUN.asOf)) / 86_400_000)
  return {
    rule,
    deadline: date,
    status,
    daysLeft,
    state: daysLeft > 0 ? 'due' : 'overdue',
    because: `It is an example of ${rule}.`,
    ...change,
  }
}

export const OVERDUE: Judgement = {
  verdict: 'overdue',
  findings: [finding('unrestricted-key'), finding('standard-key')],
  notes: [],
}

/** A judged key, overdue unless changed. */
export function judged(change: Partial<JudgedKey> = {}): JudgedKey {
  return {
    facts: FACTS,
    judgement: OVERDUE,
    owner: 'payments',
    impact: 'Calls to the Gemini API with this key may stop any day; your Maps calls are not affected.',
    remedy: {
      action: 'migrate',
      steps: [
        {
          say: 'Restrict the key to the Gemini API.',
          command:
            "gcloud services api-keys update projects/123/locations/global/keys/abc --api-target=service='generativelanguage.googleapis.com'",
        },
        {
          say: 'Create an auth key.',
          url: 'https://console.cloud.google.com/apis/credentials?project=acme-web',
        },
      ],
    },
    hygieneSteps: () => [],
    ...change,
  }
}

/** The record of a key with other facts of its `Key`. */
export function record(
  key: Partial<Key> = {},
  change: Partial<JudgedKey> = {},
  history: KeyHistory = {},
): KeyRecord {
  const facts = { ...FACTS, ...change.facts }
  return keyRecord(judged({ ...change, facts: { ...facts, key: { ...facts.key, ...key } } }), RUN, history)
}

export const GAP: GapInWords = {
  missing: 'keys',
  subject: 'projects/456',
  reason: 'PERMISSION_DENIED',
  because:
    'Listing the API keys of projects/456 failed: the auditor may not do that: it needs apikeys.keys.list',
  fix: 'grant a role that holds apikeys.keys.list',
  command:
    'gcloud projects add-iam-policy-binding 456 --member=serviceAccount:SERVICE_ACCOUNT_EMAIL --role=organizations/ORGANIZATION_ID/roles/geminiKeyAuditor',
}

export const NO_WAIVERS = { holding: [], endingSoon: [], ended: [], unmatched: [] }

export function emptyTally(dormancyDecides: (key: JudgedKey) => boolean = () => false): Tally {
  return new Tally({ deadlines: GOOGLE_DEADLINES, asOf: RUN.asOf, dormancyDecides })
}

/** The record of a run with these keys and gaps. */
export function runOf(
  keys: readonly JudgedKey[],
  gaps: readonly GapInWords[] = [],
  change: Partial<RunFacts> = {},
): JudgedRunRecord {
  const tally = emptyTally()
  for (const key of keys) {
    tally.project(key.facts.project, 'audited')
    tally.key(key)
  }
  return runRecord({
    run: RUN,
    startedAt: instant('2026-11-23T07:00:03Z'),
    judgedAt: instant('2026-11-23T07:00:42Z'),
    tally,
    gaps: gathered(gaps),
    policy: runPolicy(builtInPolicy(), NO_WAIVERS),
    records: { count: keys.length, sha256: '0'.repeat(64) },
    tool: { name: 'gemini-key-audit', version: '0.1.0' },
    remarks: [],
    notes: {},
    ...change,
  })
}

export function gathered(gaps: readonly GapInWords[]): Gaps {
  const book = new Gaps()
  for (const gap of gaps) book.add(gapSaying(gap))
  return book
}

/** What a digest needs of a policy, with nothing in it. */
export const NO_POLICY: Pick<Policy, 'contact' | 'owners'> = { owners: builtInPolicy().owners }
