import type { Action, Verdict } from '../../src/model.js'
import { type Deadline, GOOGLE_DEADLINES } from '../../src/policy/deadlines.js'
import { builtInPolicy, type Exemption, type Policy } from '../../src/policy/policy.js'
import { type Difference, day, instant, PROJECT, targets, traffic } from './keys.js'

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

const TRANSLATE = 'translate.googleapis.com'

/** What was seen of a key's calls. */
const WORKS = traffic({ '2026-11-20': { accepted: 1_200, refused: 3 }, '2026-11-22': { accepted: 1_100 } })
const WORKS_WITH_OTHERS = traffic({ '2026-11-22': { accepted: 70 } }, [MAPS, TRANSLATE])
const BROKE = traffic({ '2026-11-03': { accepted: 900 }, '2026-11-04': { refused: 40 } })
const WORKED = traffic({ '2026-10-20': { accepted: 12 } })
const REFUSED = traffic({ '2026-10-14': { refused: 2 }, '2026-11-21': { refused: 7 } })
const REFUSED_WITH_OTHERS = traffic({ '2026-11-21': { refused: 7 } }, [MAPS])
const FAILED = traffic({ '2026-11-21': { failed: 60 } })
const OTHERS = traffic({}, [MAPS, TRANSLATE])
const IDLE = traffic({})

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
  {
    what: 'unrestricted, made last week, without calls',
    key: { usage: IDLE, key: { createTime: instant('2026-11-17T08:00:00Z') } },
    verdict: 'overdue',
    action: 'investigate',
  },
  { what: 'unrestricted, working', key: { usage: WORKS }, verdict: 'overdue', action: 'migrate' },
  { what: 'unrestricted, broken', key: { usage: BROKE }, verdict: 'overdue', action: 'migrate' },
  {
    what: 'unrestricted, working until October, dormant since',
    key: { usage: WORKED },
    verdict: 'overdue',
    action: 'migrate',
  },
  {
    what: 'unrestricted, refused, claimed by nobody',
    key: { usage: REFUSED },
    verdict: 'overdue',
    action: 'migrate',
  },
  { what: 'unrestricted, over its quota', key: { usage: FAILED }, verdict: 'overdue', action: 'migrate' },
  {
    what: 'unrestricted, working, with others',
    key: { usage: WORKS_WITH_OTHERS },
    verdict: 'overdue',
    action: 'split',
  },
  {
    what: 'unrestricted, refused, with others',
    key: { usage: REFUSED_WITH_OTHERS },
    verdict: 'overdue',
    action: 'split',
  },
  {
    what: 'restricted to every API, working, with others',
    key: {
      usage: WORKS_WITH_OTHERS,
      restrictions: { apiTargets: targets('cloudapis.googleapis.com'), allowedIps: ['192.0.2.7'] },
    },
    verdict: 'overdue',
    action: 'split',
  },
  { what: 'unrestricted, for others', key: { usage: OTHERS }, verdict: 'overdue', action: 'restrict' },
  {
    what: 'unrestricted, for others, from some addresses',
    key: { usage: OTHERS, restrictions: { allowedIps: ['192.0.2.1', '2001:db8::/32'] } },
    verdict: 'overdue',
    action: 'restrict',
  },
  { what: 'unrestricted and idle', key: { usage: IDLE }, verdict: 'overdue', action: 'retire' },
  {
    what: 'unrestricted, idle as far as known',
    key: { usage: traffic({}, [], '2026-11-01') },
    verdict: 'overdue',
    action: 'investigate',
  },
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
    what: 'Gemini only, working',
    key: { restrictions: GEMINI_ONLY, usage: WORKS, blocker: { state: 'absent' } },
    verdict: 'overdue',
    action: 'migrate',
  },
  {
    what: 'Gemini only, broken, under a policy against auth keys',
    key: { restrictions: GEMINI_ONLY, usage: BROKE, blocker: { state: 'in-force' } },
    verdict: 'overdue',
    action: 'migrate',
  },
  {
    what: 'Gemini only and idle, from some addresses',
    key: { restrictions: { ...GEMINI_ONLY, allowedIps: ['192.0.2.1'] }, usage: IDLE },
    verdict: 'overdue',
    action: 'retire',
  },
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
    what: 'Gemini and others, for others',
    key: { restrictions: GEMINI_AND_OTHERS, usage: OTHERS, blocker: { state: 'unknown' } },
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
    action: 'investigate',
  },
  {
    what: 'in websites, unrestricted, working',
    key: { restrictions: BROWSER, usage: WORKS },
    verdict: 'overdue',
    action: 'move-to-backend',
  },
  {
    what: 'in websites, unrestricted, refused, with others',
    key: { restrictions: BROWSER, usage: REFUSED_WITH_OTHERS },
    verdict: 'overdue',
    action: 'move-to-backend',
  },
  {
    what: 'in websites, unrestricted, for others',
    key: { restrictions: BROWSER, usage: OTHERS },
    verdict: 'overdue',
    action: 'restrict',
  },
  {
    what: 'in websites and idle',
    key: { restrictions: BROWSER, usage: IDLE },
    verdict: 'overdue',
    action: 'retire',
  },
  {
    what: 'in Android apps, Gemini and others, for others',
    key: { restrictions: { ...ANDROID, ...GEMINI_AND_OTHERS }, usage: OTHERS },
    verdict: 'overdue',
    action: 'restrict',
  },
  {
    what: 'in Android apps and idle',
    key: { restrictions: ANDROID, usage: IDLE },
    verdict: 'overdue',
    action: 'retire',
  },
  {
    what: 'in iOS apps and idle',
    key: { restrictions: { allowedBundleIds: ['com.acme.shop'] }, usage: IDLE },
    verdict: 'overdue',
    action: 'retire',
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
    what: 'in iOS apps, working, with others',
    key: { restrictions: { allowedBundleIds: ['com.acme.shop'] }, usage: WORKS_WITH_OTHERS },
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
    what: 'made by Firebase for an app, and idle',
    key: { key: { displayName: 'Browser key (auto created by Firebase)' }, usage: IDLE },
    verdict: 'overdue',
    action: 'restrict',
  },
  {
    what: 'made by Firebase for an app, calling Gemini and others',
    key: {
      key: { displayName: 'Browser key (auto created by Firebase)' },
      restrictions: GEMINI_AND_OTHERS,
      usage: WORKS_WITH_OTHERS,
    },
    verdict: 'overdue',
    action: 'move-to-backend',
  },
  {
    what: 'made by Firebase for an app, for others',
    key: {
      key: { displayName: 'Android key (auto created by Firebase)' },
      restrictions: GEMINI_AND_OTHERS,
      usage: OTHERS,
    },
    verdict: 'overdue',
    action: 'restrict',
  },
  {
    what: 'made by Firebase for an app, unrestricted, for others',
    key: { key: { displayName: 'iOS key (auto created by Firebase)' }, usage: OTHERS },
    verdict: 'overdue',
    action: 'restrict',
  },
  {
    what: 'Gemini only, for every website, working',
    key: { restrictions: { ...GEMINI_ONLY, allowedReferrers: ['*'] }, usage: WORKS },
    verdict: 'overdue',
    action: 'migrate',
  },
  {
    what: 'unrestricted, for every address, working',
    key: { restrictions: { allowedIps: ['0.0.0.0/0', '::/0'] }, usage: WORKS },
    verdict: 'overdue',
    action: 'migrate',
  },
  {
    what: 'for every website, and idle',
    key: { restrictions: { allowedReferrers: ['https://*'] }, usage: IDLE },
    verdict: 'overdue',
    action: 'retire',
  },
  {
    what: 'unrestricted, older than the Gemini API',
    key: { key: { createTime: instant('2019-05-06T07:08:09Z') } },
    verdict: 'overdue',
    action: 'investigate',
  },
  {
    what: 'exempt',
    key: { restrictions: GEMINI_ONLY },
    verdict: 'exempt',
    action: 'migrate',
    policy: { ...built, exemptions: [EXEMPTION] },
  },
  {
    what: 'exempt, and broken',
    key: { restrictions: GEMINI_ONLY, usage: BROKE },
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
  {
    what: 'of unknown type, working',
    key: { type: 'unknown', usage: WORKS },
    verdict: 'unknown',
    action: 'investigate',
  },
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
