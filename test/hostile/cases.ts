import type { Parameters } from 'fast-check'

/** How many times the usual number of cases is tried. */
const TIMES = Number(process.env['HOSTILE_CASES'] ?? 1)

/** Another one for each run; `HOSTILE_SEED` repeats one. */
export const SEED = Number(process.env['HOSTILE_SEED'] ?? Date.now() % 2 ** 31)

/** The parameters of a property: its usual number of cases, and the seed of this run. */
export function cases<Values>(usual: number): Parameters<Values> {
  return { numRuns: Math.ceil(usual * TIMES), seed: SEED }
}
