import { HYGIENE_RULES, HYGIENE_TABLE } from '../policy/hygiene.js'
import type { Counts } from '../records/key-counts.js'
import type { JudgedRunRecord } from '../records/run-record.js'
import { amount, counted } from './wording.js'

/** Keys of which no deadline asks anything and something is to be looked at, each once. */
export function countToLookAt({ toLookAt = {} }: Pick<Counts, 'toLookAt'>): number {
  return Object.values(toLookAt).reduce((sum, keys) => sum + keys, 0)
}

/**
 * `7 auth keys to look at, some for several reasons: 1 cannot work (account disabled) · 7 share an account`; undefined
 * where there is no such key.
 */
export function hygieneText({ counts }: Pick<JudgedRunRecord, 'counts'>): string | undefined {
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
  const unknown =
    counts.accountUnknown === undefined ? [] : [`account of ${amount(counts.accountUnknown)} not fully known`]
  return `${counted(keys, noun)} to look at${several}: ${[...parts, ...unknown].join(' · ')}`
}
