import { secondsBetween } from '../calendar.js'
import type { Instant, Key } from '../model.js'
import { apiRestrictionOf, isCandidate } from './facts.js'

/**
 * What can happen to a key, or to its project, that makes the key worth judging at once:
 *
 * - `key-made`: a key that may call the Gemini API was made or restored
 * - `restriction-removed`: a key may call any API since its API restriction was taken away
 * - `gemini-allowed`: the API restriction of a key names the Gemini API now
 * - `key-changed`: a key without API restriction was changed, and what it was before is not known
 * - `gemini-enabled`: the Gemini API was switched on in a project
 */
export const ASSET_CHANGES = [
  'key-made',
  'restriction-removed',
  'gemini-allowed',
  'key-changed',
  'gemini-enabled',
] as const
export type AssetChangeKind = (typeof ASSET_CHANGES)[number]

/** One change of an asset, as the inventory's feed reports it. */
export interface AssetChange {
  readonly kind: AssetChangeKind
  /** The asset's full name: `//apikeys.googleapis.com/projects/1/locations/global/keys/a`. */
  readonly asset: string
  /** When the asset was changed. */
  readonly at: Instant
  /** The number of its project. */
  readonly project: string
  /** The name of the key that was changed; absent where the project was. */
  readonly key?: string
}

/** What a key was before: `none` where there was no such key, `unknown` where nobody says. */
export type KeyBefore = Key | 'none' | 'unknown'

/** Seconds within which a key counts as made by the change that reports it. */
const YOUNG = 60 * 60

/** What a change has made of a key; undefined where it is of no matter to the Gemini API. */
export function changeOfKey(before: KeyBefore, now: Key, at: Instant): AssetChangeKind | undefined {
  if (!isCandidate(now)) return undefined
  if (before === 'none') return 'key-made'
  if (before === 'unknown' || before.flaw !== undefined) return changeOfUnknown(now, at)
  if (before.deleteTime !== undefined) return 'key-made'
  const was = apiRestrictionOf(before.restrictions)
  const is = apiRestrictionOf(now.restrictions)
  if (now.flaw !== undefined) return 'key-changed'
  if (is === 'none') return was === 'none' ? undefined : 'restriction-removed'
  return was === 'others-only' ? 'gemini-allowed' : undefined
}

function changeOfUnknown(now: Key, at: Instant): AssetChangeKind | undefined {
  if (now.createTime !== undefined && secondsBetween(now.createTime, at) < YOUNG) return 'key-made'
  return apiRestrictionOf(now.restrictions) === 'none' ? 'key-changed' : undefined
}
