import type { Shown } from './ways.js'

/** What one way took and showed of one organization. */
export interface Row extends Shown {
  readonly way: string
  readonly milliseconds: number
  readonly peakMiB: number
  readonly commands: number
  readonly requests: number
  /** How many of the projects that may not be read are named as such. */
  readonly unreadNamed: number
}

/** One organization, and what every way made of it. */
export interface Comparison {
  readonly world: string
  readonly projects: number
  readonly truth: { readonly keys: number; readonly inaccessible: number }
  readonly rows: readonly Row[]
}

/** What `the comparison in docs/scale.md` is made from. */
export interface Results {
  /** The day. */
  readonly measured: string
  readonly versions: Readonly<Record<string, string>>
  readonly machine: string
  readonly comparisons: readonly Comparison[]
}
