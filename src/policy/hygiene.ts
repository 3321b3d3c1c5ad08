import type { HeldRole, KeyAccount } from '../account.js'
import type { KeyFacts, KeyType } from '../model.js'
import { defaultAccountOf } from './account-address.js'
import { hasOpenClients } from './clients.js'
import type { ControlName } from './controls.js'
import { namesOf } from './services.js'

/** How bad a finding is, in Cloud Logging's words. */
export type HygieneSeverity = 'ERROR' | 'WARNING' | 'NOTICE'

/** What is to be done, each with its steps in `remedies/account-ways.ts`. */
export const ACCOUNT_WAYS = [
  'enable-or-replace',
  'undelete-or-replace',
  'less-or-own-account',
  'own-account',
  'restrict-to-apis',
  'narrow-clients',
  'restrict-before-use',
] as const
export type AccountWay = (typeof ACCOUNT_WAYS)[number]

/** One finding that no deadline asks for: which keys it concerns, and all its words. It never sees today's date. */
export interface HygieneRow {
  /** A few words, for headings. */
  readonly title: string
  /** What the row says, for the documentation. */
  readonly says: string
  readonly severity: HygieneSeverity
  /** The type of the keys that it is about: no other key is asked. */
  readonly type: Exclude<KeyType, 'unknown'>
  /** Never true by what is not known. */
  readonly appliesTo: (facts: KeyFacts) => boolean
  /** One sentence: which facts make it apply to a key to which it applies. */
  readonly because: (facts: KeyFacts) => string
  readonly remedy: AccountWay
  readonly words: {
    /** After the number of such keys: `1 cannot work (account disabled)`. */
    readonly keys: { readonly one: string; readonly many: string }
    /** What is wrong with one key: `its account has wide rights`. An `ERROR` follows “it”: `cannot work: …`. */
    readonly matter: string
  }
  /** Controls whose text fits the row; none where none does. */
  readonly controls: readonly ControlName[]
  /** Whether it goes by what is read of the account: while that cannot be read, nobody knows. */
  readonly isOfAccount?: true
  /** Whether only a policy that asks for it makes it apply. */
  readonly isAskedFor?: true
}

/** The rows, the worst first. Parameters have their types for the same reason as in `rules.ts`. */
const ROWS = {
  'auth-key-account-disabled': {
    title: 'Its account is disabled',
    says: 'An auth key whose service account is disabled cannot work: Google refuses what is called as a disabled account.',
    severity: 'ERROR',
    type: 'auth',
    appliesTo: ({ account }: KeyFacts) => account?.state === 'disabled',
    because: (facts: KeyFacts) =>
      `It is bound to ${emailOf(facts)}, which is disabled: the key cannot work until that is enabled again.`,
    remedy: 'enable-or-replace',
    words: {
      keys: same('cannot work (account disabled)'),
      matter: 'cannot work: its account is disabled',
    },
    isOfAccount: true,
    controls: [],
  },
  'auth-key-account-missing': {
    title: 'Its account is gone',
    says: 'An auth key whose service account does not exist cannot work: it was deleted, and can be brought back for 30 days.',
    severity: 'ERROR',
    type: 'auth',
    appliesTo: ({ account }: KeyFacts) => account?.state === 'missing',
    because: (facts: KeyFacts) =>
      `It is bound to ${emailOf(facts)}, and Google knows no such account: the key cannot work.`,
    remedy: 'undelete-or-replace',
    words: {
      keys: same('cannot work (account gone)'),
      matter: 'cannot work: its account is gone',
    },
    isOfAccount: true,
    controls: [],
  },
  'auth-key-account-privileged': {
    title: 'Acts as an account with wide rights',
    says: 'The service account of an auth key holds a basic role (Owner, Editor), a role that gives rights or acts as others, or a role on a folder or the organization. The key string is enough to act as it, within the key’s API targets.',
    severity: 'WARNING',
    type: 'auth',
    appliesTo: ({ account }: KeyFacts) => account?.reach === 'owner' || account?.reach === 'broad',
    because: (facts: KeyFacts) =>
      `It acts as ${emailOf(facts)}, which ${holds(facts.account)}: the key string is enough to use these rights, as far as the APIs of the key take them.`,
    remedy: 'less-or-own-account',
    words: {
      keys: { one: 'acts with wide rights', many: 'act with wide rights' },
      matter: 'its account has wide rights',
    },
    isOfAccount: true,
    controls: ['CIS 1.5', 'ISO A.8.2', 'SOC CC6.3'],
  },
  'auth-key-account-default': {
    title: 'Acts as a default account',
    says: 'The service account of an auth key is the default one of Compute Engine or App Engine: whatever else runs as it shares its rights and its name in the logs.',
    severity: 'WARNING',
    type: 'auth',
    appliesTo: (facts: KeyFacts) => defaultAccountOf(emailOf(facts)) !== undefined,
    because: (facts: KeyFacts) =>
      `It acts as ${emailOf(facts)}, the default account of ${defaultAccountOf(emailOf(facts))}, which other programs of its project may act as too.`,
    remedy: 'own-account',
    words: {
      keys: { one: 'acts as a default account', many: 'act as default accounts' },
      matter: 'it acts as a default account',
    },
    controls: ['ISO A.5.16'],
  },
  'auth-key-account-shared': {
    title: 'Shares its account with other keys',
    says: 'Several auth keys are bound to one service account: what one of them may do, all may, and taking a right from one takes it from all.',
    severity: 'NOTICE',
    type: 'auth',
    appliesTo: ({ account }: KeyFacts) => account !== undefined && account.keys > 1,
    because: (facts: KeyFacts) =>
      `It is bound to ${emailOf(facts)}, as ${others(facts.account)}: what one of them may do, all may.`,
    remedy: 'own-account',
    words: {
      keys: { one: 'shares an account', many: 'share an account' },
      matter: 'its account has other keys',
    },
    isOfAccount: true,
    controls: ['ISO A.5.16'],
  },
  'auth-key-unrestricted': {
    title: 'Auth key without API restriction',
    says: 'An auth key without API restriction may call every API of its project that takes such keys, with all that its service account may do.',
    severity: 'WARNING',
    type: 'auth',
    appliesTo: ({ apiRestriction }: KeyFacts) => apiRestriction === 'none',
    because: (facts: KeyFacts) =>
      `It has no API restriction, so it may call every API of its project that takes such keys, as ${emailOf(facts)}, ${rightsOf(facts.account)}.`,
    remedy: 'restrict-to-apis',
    words: {
      keys: same('without API restriction'),
      matter: 'auth key without API restriction',
    },
    controls: ['CIS 1.14', 'ISO A.8.3', 'SOC CC6.3'],
  },
  'auth-key-open-clients': {
    title: 'Its list of clients lets everybody in',
    says: 'An auth key has a list of websites or addresses that may use it, and an entry of that lets everybody in: it looks restricted and is not.',
    severity: 'NOTICE',
    type: 'auth',
    appliesTo: ({ key }: KeyFacts) => hasOpenClients(key.restrictions),
    because: () =>
      'Its list of clients has an entry that lets everybody in, so that the list restricts nothing.',
    remedy: 'narrow-clients',
    words: {
      keys: same('open to every client'),
      matter: 'its list of clients lets everybody in',
    },
    controls: [],
  },
  'standard-key-unrestricted': {
    title: 'Standard key without API restriction, Gemini API off',
    says: 'A standard key without API restriction in a project where the Gemini API is off: no deadline asks anything of it, yet its string is enough to call the other APIs of the project that take keys, and the Gemini API on the day on which that is enabled.',
    severity: 'WARNING',
    type: 'standard',
    appliesTo: ({ geminiAccess, apiRestriction }: KeyFacts) =>
      geminiAccess === 'latent' && apiRestriction === 'none',
    because: (facts: KeyFacts) =>
      `It is a standard key without API restriction, and the Gemini API is off in its project: no deadline applies, but its string is enough to call ${reached(facts)}.`,
    remedy: 'restrict-before-use',
    words: {
      keys: {
        one: 'standard key without API restriction, Gemini API off',
        many: 'standard keys without API restriction, Gemini API off',
      },
      matter: 'standard key without API restriction',
    },
    controls: ['CIS 1.14', 'ISO A.8.3', 'SOC CC6.3'],
    isAskedFor: true,
  },
} as const satisfies Readonly<Record<string, HygieneRow>>

export type HygieneRule = keyof typeof ROWS

/** What else is to be looked at, where no deadline asks anything. Adding one is a row above, its test, and `npm run docs`. */
export const HYGIENE_TABLE: Readonly<Record<HygieneRule, HygieneRow>> = ROWS

/** The rows in their order: that in which a key's findings are listed. */
export const HYGIENE_RULES: readonly HygieneRule[] = Object.keys(ROWS).filter(isHygieneRule)

/** Those that a policy can ask for. */
export const ASKED_FOR: readonly HygieneRule[] = HYGIENE_RULES.filter((id) => HYGIENE_TABLE[id].isAskedFor)

/** Whether a name is one of them. */
export function isHygieneRule(name: string): name is HygieneRule {
  return Object.hasOwn(ROWS, name)
}

const OF_AUTH_KEYS = HYGIENE_RULES.filter((id) => HYGIENE_TABLE[id].type === 'auth')
const OF_STANDARD_KEYS = HYGIENE_RULES.filter((id) => HYGIENE_TABLE[id].type === 'standard')

/** The rows that apply to a key, in their order; `asked`: those that the policy asks for. */
export function hygieneFor(facts: KeyFacts, asked: readonly HygieneRule[]): readonly HygieneRule[] {
  return rowsOf(facts.type).filter((id) => {
    const { isAskedFor, appliesTo } = HYGIENE_TABLE[id]
    return (!isAskedFor || asked.includes(id)) && appliesTo(facts)
  })
}

function rowsOf(type: KeyType): readonly HygieneRule[] {
  if (type === 'unknown') return []
  return type === 'auth' ? OF_AUTH_KEYS : OF_STANDARD_KEYS
}

/** Whether rows of the account may apply to an auth key, or to its record, that is not known well enough to say. */
export function isAccountUnknown(type: KeyType, account: KeyAccount | undefined): boolean {
  if (type !== 'auth') return false
  return account === undefined || account.state === 'unknown' || account.reach === 'unknown'
}

function emailOf({ account, key }: KeyFacts): string {
  return account?.email ?? key.serviceAccountEmail ?? 'its service account'
}

/** Roles that a sentence names. */
const NAMED = 2

/** `holds roles/owner on projects/12 and 3 other roles`. */
function holds(account: KeyAccount | undefined): string {
  const roles = account?.roles ?? []
  const named = roles.slice(0, NAMED).map(roleText)
  const more = roles.length - named.length + (account?.moreRoles ?? 0)
  const rest = more === 0 ? [] : [more === 1 ? '1 other role' : `${more} other roles`]
  return named.length === 0 ? 'has wide rights' : `holds ${LIST.format([...named, ...rest])}`
}

function roleText({ role, on, conditional }: HeldRole): string {
  return `${role} on ${on}${conditional ? ' under a condition' : ''}`
}

const LIST = new Intl.ListFormat('en-GB')

/** What an account may do, as the end of a sentence: unknown is never none. */
function rightsOf(account: KeyAccount | undefined): string {
  switch (account?.reach) {
    case 'gemini-only':
      return 'which holds no role for anything else'
    case 'narrow':
    case 'broad':
    case 'owner':
      return `which ${holds(account)}`
    case 'unknown':
    case undefined:
      return 'whose roles are not known'
  }
}

function others(account: KeyAccount | undefined): string {
  const count = (account?.keys ?? 1) - 1
  return count === 1 ? 'is another key' : `are ${count} other keys`
}

function reached({ alsoReaches }: KeyFacts): string {
  if (alsoReaches === undefined || 'unknown' in alsoReaches) return 'the other APIs there that take keys'
  const { services } = alsoReaches
  return services.length === 0
    ? 'what is enabled there later'
    : `${namesOf(services)}, as far as they take keys`
}

function same(words: string): { readonly one: string; readonly many: string } {
  return { one: words, many: words }
}
