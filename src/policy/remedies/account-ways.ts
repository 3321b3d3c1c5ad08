/** What is to be done about an auth key and its account, where no deadline asks anything. */
import type { HeldRole } from '../../account.js'
import { GEMINI_API, type KeyFacts } from '../../model.js'
import { withoutOpenEntries } from '../clients.js'
import { isService } from '../facts.js'
import { type AccountWay, HYGIENE_TABLE, type HygieneRule } from '../hygiene.js'
import type { Step } from '../judgement-types.js'
import { namesOf } from '../services.js'
import { otherServices } from '../traffic.js'
import {
  changeRole,
  deleteAccount,
  disableAccount,
  enableAccount,
  findDeletedAccount,
  isAccountAddress,
  type NamedAccount,
  showActivity,
  undeleteAccount,
} from './account-commands.js'
import { isProviderManaged, leaveToProvider } from './firebase.js'
import { hasPlainName, restrictKey, setRestrictions } from './gcloud.js'
import { accountsPage, allTraffic, keyPage } from './pages.js'
import { newAuthKey, removeKey, toExactlyThese, toWhatItCalls, undo, undoClients } from './steps.js'

/** What to do about a finding of hygiene, with exact commands, none of which this program ever runs. */
export function hygieneSteps(id: HygieneRule, facts: KeyFacts): readonly Step[] {
  return STEPS[HYGIENE_TABLE[id].remedy](facts)
}

const STEPS: Readonly<Record<AccountWay, (facts: KeyFacts) => readonly Step[]>> = {
  'enable-or-replace': enableOrReplace,
  'undelete-or-replace': undeleteOrReplace,
  'less-or-own-account': lessOrOwnAccount,
  'own-account': ownAccount,
  'restrict-to-apis': restrictToApis,
  'narrow-clients': narrowClients,
  'restrict-before-use': restrictBeforeUse,
}

/** The account of a key; its address names its project where nothing else does. */
function accountOf({ account, key }: KeyFacts): NamedAccount {
  const { email, project } = account ?? { email: key.serviceAccountEmail ?? '' }
  const named = project ?? /@([a-z][a-z0-9-]*)\.iam\.gserviceaccount\.com$/.exec(email)?.[1]
  return { email, ...(named !== undefined && /^[a-z0-9][a-z0-9.:-]*$/.test(named) && { project: named }) }
}

/** Both ways: nobody disables an account by accident, so that the first question is why. */
function enableOrReplace(facts: KeyFacts): readonly Step[] {
  const account = accountOf(facts)
  return [
    {
      say: `Ask who disabled ${account.email}, and why: it may have been shut off because of a leak.`,
      url: accountsPage({ id: account.project ?? facts.project.id }),
    },
    ...(isAccountAddress(account.email) ? [enable(account)] : []),
    ...orReplace(facts),
  ]
}

function enable(account: NamedAccount): Step {
  return {
    say: `If the key is to work again: enable the account. All its keys and programs work again too. To undo: ${disableAccount(account)}`,
    command: enableAccount(account),
  }
}

function undeleteOrReplace(facts: KeyFacts): readonly Step[] {
  const account = accountOf(facts)
  return [...(isAccountAddress(account.email) ? undelete(account) : []), ...orReplace(facts)]
}

function undelete(account: NamedAccount): readonly Step[] {
  return [
    {
      say: `See whether ${account.email} was deleted in the last 30 days: this prints its unique ID if so, and nothing otherwise. A new account of the same name would be another one, to which the key is not bound.`,
      command: findDeletedAccount(account),
    },
    {
      say: `If it was, and the key is to work again: bring the account back, with its roles. To undo: ${deleteAccount(account)}`,
      command: undeleteAccount(account),
    },
  ]
}

/** The other way for a key that does not work: a new one where something needs it. */
function orReplace(facts: KeyFacts): readonly Step[] {
  return [
    {
      say: 'Otherwise, if something still needs the key: put a key with an account of its own in its place, as follows. If nothing does, go on with the last step.',
    },
    ...newKeyOfItsOwn(facts),
    removeKey(facts, 'When nothing needs the old key any more'),
  ]
}

/** For a key whose account others use as well, or may use. */
function ownAccount(facts: KeyFacts): readonly Step[] {
  return [...newKeyOfItsOwn(facts), removeKey(facts, 'When nothing calls the old key any more')]
}

/** What its callers use has to be known first where the old key may call everything: the new one may not. */
function newKeyOfItsOwn(facts: KeyFacts): readonly Step[] {
  const steps = newAuthKey(facts, ownKey(facts))
  return facts.apiRestriction === 'none' ? [WHICH_APIS, ...steps] : steps
}

const WHICH_APIS: Step = {
  say: 'Ask its callers which APIs they use, since this key may call any. What follows makes a key for the Gemini API alone: for others, add an --api-target for each and the roles that it asks for.',
}

/** What the new key is made for: what the old one may call, or the Gemini API where that is everything. */
function ownKey({ key, apiRestriction }: KeyFacts): Parameters<typeof newAuthKey>[1] {
  const listed = key.restrictions.apiTargets.map(({ service }) => service).filter(hasPlainName)
  const isAny = apiRestriction === 'none' || listed.length === 0
  const services = isAny ? [GEMINI_API] : [...new Set(listed)]
  const others = services.filter((service) => !isService(service, GEMINI_API))
  const isGemini = others.length < services.length
  const roles =
    others.length === 0
      ? 'and give it no role: the Gemini API asks for none'
      : `and give it only the roles that ${namesOf(others)} ${others.length === 1 ? 'asks' : 'ask'} for${isGemini ? '; the Gemini API asks for none' : ''}`
  const methods = key.restrictions.apiTargets.some((target) => target.methods.length > 0)
  const names = [...(isGemini ? ['the Gemini API'] : []), ...(others.length === 0 ? [] : [namesOf(others)])]
  return {
    account: `Create a service account of its own for the new key, ${roles}.`,
    services,
    apis: `${names.join(' and ')}${methods ? ' (the old key names methods too: set them on the page of the new one)' : ''}`,
    watch:
      'See whether the old key is still called, filtered by credential. Google may not show all calls of auth keys, so ask its callers too.',
  }
}

/** Roles that get a command each. */
const MOST_ROLES = 5

/** A new account first, since taking a role away may stop what else runs as the old one. */
function lessOrOwnAccount(facts: KeyFacts): readonly Step[] {
  const account = accountOf(facts)
  const roles = facts.account?.roles ?? []
  if (!isAccountAddress(account.email)) return ownAccount(facts)
  const show = showActivity(account)
  return [
    ...ownAccount(facts),
    {
      say: `Or keep the key and take from ${account.email} what the key does not need. First see what else acts as it: the programs that run as it, its other keys, and who may act as it. Whatever needs one of these roles stops without it.`,
      ...(show !== undefined && { command: show }),
      url: accountsPage({ id: account.project ?? facts.project.id }),
    },
    ...roles.slice(0, MOST_ROLES).map((role) => takeAway(role, account)),
    ...furtherRoles(roles.length + (facts.account?.moreRoles ?? 0) - MOST_ROLES),
  ]
}

function takeAway(held: HeldRole, account: NamedAccount): Step {
  const { role, on, conditional } = held
  const [command, back] = [changeRole('remove', held, account), changeRole('add', held, account)]
  const say = `Take ${role} on ${on} from it, if nothing else needs it.`
  if (command !== undefined && back !== undefined) return { say: `${say} To undo: ${back}`, command }
  const where = conditional ? 'It has a condition, so' : 'No command does that here, so'
  return { say: `${say} ${where} do it, or undo it, among the permissions of ${on}.` }
}

function furtherRoles(count: number): readonly Step[] {
  if (count <= 0) return []
  return [
    {
      say: `It holds ${count === 1 ? '1 more role' : `${count} more roles`}: look at ${count === 1 ? 'it' : 'those'} as well.`,
    },
  ]
}

/** For an auth key that may call every API: which of them its callers use is what nobody but they know. */
function restrictToApis(facts: KeyFacts): readonly Step[] {
  const { key, project } = facts
  const say =
    'Ask its callers which APIs they use. If that is the Gemini API alone: restrict the key to it. For others, choose those on its page.'
  const command = restrictKey(key, [{ service: GEMINI_API, methods: [] }])
  return [{ say, ...(command !== undefined && { command }), url: keyPage(key, project) }, undo(facts)]
}

/** Which clients are meant only their owner knows: what lets everybody in is left out where something else is listed. */
function narrowClients(facts: KeyFacts): readonly Step[] {
  const { key, project } = facts
  const narrowed =
    key.restrictions.clientCount === undefined ? withoutOpenEntries(key.restrictions) : undefined
  const see = { say: 'See who calls the key, and ask its owner from where.', url: allTraffic(project) }
  if (narrowed === undefined) {
    return [
      see,
      {
        say: 'Name its callers in place of the entry that lets everybody in, or take the list away so that it claims nothing. To undo: the same page.',
        url: keyPage(key, project),
      },
    ]
  }
  return [
    see,
    {
      say: 'Take the entry that lets everybody in off its list, if the others are all its callers; add those that are missing. The rest stays.',
      command: setRestrictions(key, narrowed),
      url: keyPage(key, project),
    },
    undoClients(facts),
  ]
}

/** For a standard key that anybody can use who finds it, for whatever is enabled. */
function restrictBeforeUse(facts: KeyFacts): readonly Step[] {
  if (isProviderManaged(facts)) return leaveToProvider(facts)
  if (otherServices(facts.usage).length > 0) return toExactlyThese(facts)
  return [toWhatItCalls(facts, 'See which APIs this key calls'), removeKey(facts, 'If nothing needs it')]
}
