import { EXPORT_MINUTES, type Size } from '../src/doctor/size-check.js'
import { CALLS } from '../src/google/calls.js'
import { PAGE_SIZES } from '../src/google/page-sizes.js'
import { allowance } from '../src/google/quotas.js'

export const SIZES: readonly Size[] = [
  { projects: 200, keys: 1_000, gemini: 20 },
  { projects: 5_000, keys: 50_000, gemini: 100 },
  { projects: 20_000, keys: 200_000, gemini: 400 },
  { projects: 100_000, keys: 1_000_000, gemini: 2_000 },
  { projects: 400_000, keys: 4_000_000, gemini: 4_000 },
]

/** The percentage of each quota that a run uses unless it is set otherwise. */
export const PACE = 90

/**
 * From how many projects and keys on an export is faster than the listing: so many, and so many more for each
 * project with the Gemini API, since a listing goes on while projects are confirmed, and an export is waited for.
 */
export function crossover(): { readonly assets: number; readonly perGemini: number } {
  const listed = allowance(CALLS.listAssets.quota, PACE) * PAGE_SIZES.assets
  const confirmed = allowance(CALLS.listKeys.quota, PACE)
  return { assets: EXPORT_MINUTES * listed, perGemini: Math.ceil(listed / confirmed) }
}
