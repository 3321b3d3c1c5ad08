import type { Key } from '../model.js'

/** A key of the asset inventory, with what it lies in: its project first, as the asset names it. */
export interface KeyAsset {
  readonly key: Key
  /** `projects/123`, `folders/1`, …, `organizations/9`; empty where the asset does not say. */
  readonly ancestors: readonly string[]
}
