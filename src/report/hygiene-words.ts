import { HYGIENE_RULES, HYGIENE_TABLE } from '../policy/hygiene.js'
import type { Counts } from '../records/key-counts.js'
import type { JudgedRunRecord } from '../records/run-record.js'
import { amount, counted } from './wording.js'

/** Keys of which no deadline asks anything and something is to be looked at, each once. */
export function countToLookAt({ toLookAt = {} }: Pick<Counts, 'toLookAt'>): number {
  return Object.values(toLookAt).reduce((sum, keys) => sum + keys, 0)
}

/**
 * `7 auth keys to look at, some for several reasons: 1 cannot work (account disabled) · 7 share an account`, then of how
 * many auth keys the accounts are not known well enough to say; undefined where there is nothing of either.
 */
export function hygieneText({ counts }: Pick<JudgedRunRecord, 'counts'>): string | undefined {
  const said = [toLookAtText(counts), accountsText(counts)].filter((text) => text !== undefined)
  return said.length === 0 ? undefined : said.join('. ')
}

function toLookAtText(counts: Counts): string | undefined {
  const keys = countToLookAt(counts)
  if (keys === 0) return undefined
  const rows = HYGIENE_RULES.map((id) => ({ ...HYGIENE_TABLE[id], count: counts.hygiene?.[id] ?? 0 })).filter(
    ({ count }) => count > 0,
  )
  const findings = rows.reduce((sum, { count }) => sum + count, 0)
  const noun = rows.every(({ type }) => type === 'auth') ? 'auth key' : 'key'
  const parts = rows.map(({ count, words }) => {
    const said = count === 1 ? words.keys.one : words.keys.many
    return rows.length === 1 ? said : `${amount(count)} ${said}`
  })
  const several = findings > keys ? ', some for several reasons' : ''
  return `${counted(keys, noun)} to look at${several}: ${parts.join(' · ')}`
}

/** Of all auth keys, those to be looked at or not: nothing found is not nothing there. */
function accountsText({ accountUnknown = 0 }: Counts): string | undefined {
  if (accountUnknown === 0) return undefined
  return accountUnknown === 1
    ? 'The account of 1 auth key is not fully known'
    : `The accounts of ${amount(accountUnknown)} auth keys are not fully known`
}
