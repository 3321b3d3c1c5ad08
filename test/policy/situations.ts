import type { Action, Verdict } from '../../src/model.js'
import { type Deadline, GOOGLE_DEADLINES } from '../../src/policy/deadlines.js'
import { builtInPolicy, type Exemption, type Policy } from '../../src/policy/policy.js'
import { type Difference, day, instant, PROJECT, targets, usage } from './keys.js'

/** Every kind of situation for which a key's owner gets a remedy and a sentence of its own. */
export interface Situation {
  readonly what: string
  readonly key: Difference
  readonly verdict: Verdict
  readonly action: Action
  readonly policy?: Policy
  readonly asOf?: string
}

const GEMINI = 'generativelanguage.googleapis.com'
const MAPS = 'maps-backend.googleapis.com'
const GEMINI_ONLY = { apiTargets: targets(GEMINI) }
const GEMINI_AND_OTHERS = { apiTargets: [...targets(GEMINI), ...targets(MAPS, 'translate.googleapis.com')] }
const BROWSER = { allowedReferrers: ['https://www.acme.example/*', '*.acme.example'] }
const ANDROID = {
  allowedApplications: [
    { sha1Fingerprint: 'DA:39:A3:EE:5E:6B:4B:0D:32:55', packageName: 'com.acme.shop' },
    { sha1Fingerprint: 'AA:39:A3:EE:5E:6B:4B:0D:32:55', packageName: 'com.acme.shop.beta' },
  ],
}
const METHODS = {
  apiTargets: [
    { service: GEMINI, methods: ['google.ai.generativelanguage.v1beta.GenerativeService.GenerateContent'] },
    { service: 'translate.googleapis.com', methods: ['Get*', 'google.cloud.translate.v2.Translate'] },
  ],
}

const EXEMPTION: Exemption = {
  kind: 'exemption',
  subject: 'projects/acme-web',
  rules: ['standard-key'],
  until: day('2026-12-31'),
  reason: 'the vendor’s SDK cannot send auth keys yet',
  approvedBy: 'ciso@example.com',
}

const built = builtInPolicy()

function moving(date: string, until?: string): Policy {
  const moved = {
    reason: 'Google’s new date',
    approvedBy: 'ciso@example.com',
    ...(until !== undefined && { until: day(until) }),
  }
  const standard: Deadline = {
    ...GOOGLE_DEADLINES['standard-key'],
    date: date === 'none' ? date : day(date),
    precision: 'day',
    moved,
  }
  return { ...built, deadlines: { ...built.deadlines, 'standard-key': standard } }
}

export const SITUATIONS: readonly Situation[] = [
  { what: 'unrestricted', key: {}, verdict: 'overdue', action: 'investigate' },
  {
    what: 'unrestricted, before June 19',
    key: {},
    verdict: 'due',
    action: 'investigate',
    asOf: '2026-06-18',
  },
  { what: 'unrestricted and dormant', key: { usage: usage() }, verdict: 'overdue', action: 'investigate' },
  {
    what: 'unrestricted, from some addresses',
    key: { restrictions: { allowedIps: ['192.0.2.1', '2001:db8::/32'] } },
    verdict: 'overdue',
    action: 'investigate',
  },
  {
    what: 'restricted to every API',
    key: { restrictions: { apiTargets: targets('cloudapis.googleapis.com') } },
    verdict: 'overdue',
    action: 'investigate',
  },
  { what: 'Gemini only', key: { restrictions: GEMINI_ONLY }, verdict: 'overdue', action: 'migrate' },
  {
    what: 'Gemini only, before September',
    key: { restrictions: GEMINI_ONLY },
    verdict: 'due',
    action: 'migrate',
    asOf: '2026-08-31',
  },
  {
    what: 'Gemini only, with a moved deadline',
    key: { restrictions: GEMINI_ONLY },
    verdict: 'due',
    action: 'migrate',
    policy: moving('2027-03-31'),
  },
  {
    what: 'Gemini only, from some addresses',
    key: { restrictions: { ...GEMINI_ONLY, allowedIps: ['192.0.2.1', '2001:db8::/32'] } },
    verdict: 'overdue',
    action: 'migrate',
  },
  {
    what: 'Gemini only, in a project of unknown ID',
    key: { restrictions: GEMINI_ONLY, project: { id: PROJECT.number } },
    verdict: 'overdue',
    action: 'migrate',
  },
  {
    what: 'Gemini and others',
    key: { restrictions: GEMINI_AND_OTHERS },
    verdict: 'overdue',
    action: 'split',
  },
  {
    what: 'Gemini and others, by method',
    key: { restrictions: METHODS },
    verdict: 'overdue',
    action: 'split',
  },
  {
    what: 'in websites, unrestricted',
    key: { restrictions: BROWSER },
    verdict: 'overdue',
    action: 'move-to-backend',
  },
  {
    what: 'in websites, Gemini only',
    key: { restrictions: { ...BROWSER, ...GEMINI_ONLY } },
    verdict: 'overdue',
    action: 'move-to-backend',
  },
  {
    what: 'in Android apps, Gemini and others',
    key: { restrictions: { ...ANDROID, ...GEMINI_AND_OTHERS } },
    verdict: 'overdue',
    action: 'move-to-backend',
  },
  {
    what: 'in iOS apps, unrestricted',
    key: { restrictions: { allowedBundleIds: ['com.acme.shop'] } },
    verdict: 'overdue',
    action: 'move-to-backend',
  },
  {
    what: 'made by Firebase',
    key: {
      key: { displayName: 'Gemini Developer API key (auto created by Firebase)' },
      restrictions: GEMINI_ONLY,
    },
    verdict: 'overdue',
    action: 'provider-managed',
  },
  {
    what: 'exempt',
    key: { restrictions: GEMINI_ONLY },
    verdict: 'exempt',
    action: 'migrate',
    policy: { ...built, exemptions: [EXEMPTION] },
  },
  {
    what: 'exempt from one rule of two',
    key: {},
    verdict: 'overdue',
    action: 'investigate',
    policy: { ...built, exemptions: [EXEMPTION] },
  },
  {
    what: 'switched off',
    key: { restrictions: GEMINI_ONLY },
    verdict: 'exempt',
    action: 'none',
    policy: moving('none', '2027-06-30'),
  },
  {
    what: 'switched off without end',
    key: { restrictions: GEMINI_ONLY },
    verdict: 'exempt',
    action: 'none',
    policy: moving('none'),
  },
  { what: 'of unknown type', key: { type: 'unknown' }, verdict: 'unknown', action: 'investigate' },
  { what: 'of unknown services', key: { gemini: 'unknown' }, verdict: 'unknown', action: 'investigate' },
  {
    what: 'of unknown type and services',
    key: { type: 'unknown', gemini: 'unknown' },
    verdict: 'unknown',
    action: 'investigate',
  },
  {
    what: 'malformed',
    key: { key: { flaw: 'createTime is not as Google documents it' } },
    verdict: 'unknown',
    action: 'investigate',
  },
  { what: 'latent, unrestricted', key: { gemini: 'off' }, verdict: 'latent', action: 'none' },
  {
    what: 'latent, Gemini only',
    key: { gemini: 'off', restrictions: GEMINI_ONLY },
    verdict: 'latent',
    action: 'none',
  },
  {
    what: 'latent, made by Firebase',
    key: { gemini: 'off', key: { displayName: 'x (Auto created by Firebase)' } },
    verdict: 'latent',
    action: 'none',
  },
  { what: 'an auth key', key: { type: 'auth' }, verdict: 'compliant', action: 'none' },
  {
    what: 'for other APIs',
    key: { restrictions: { apiTargets: targets(MAPS) } },
    verdict: 'not-affected',
    action: 'none',
  },
  {
    what: 'deleted',
    key: { key: { deleteTime: instant('2026-11-01T00:00:00Z') } },
    verdict: 'deleted',
    action: 'none',
  },
]
