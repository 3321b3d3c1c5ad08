import type { Instant, KeyType, Project } from '../model.js'
import type { EarlierProject } from '../policy/reading-order.js'
import type { ExportPlace } from './exported-assets.js'

/**
 * `auto`: by assets, and where they are denied or off project by project, part by part. `export`: as `auto`, the
 * assets by exports, and where an export fails by the listing.
 */
export type InventoryMode = 'auto' | 'assets' | 'projects' | 'export'

/** What is read, how, and what is known beforehand. */
export interface InventoryOptions {
  /** `organizations/N`, `folders/N`, `projects/ID` or `projects/N`; they may overlap. */
  readonly scopes: readonly string[]
  readonly mode: InventoryMode
  /** Where exports go; without it there are none, whatever the mode. */
  readonly exportTo?: ExportPlace
  /** Projects of which nothing more is asked than the listing shows. */
  readonly isExcluded: (project: Project) => boolean
  /** Aborts when the time budget is used up, or with `Stopped` when somebody ends the reading. */
  readonly signal?: AbortSignal
  /** Milliseconds until the time budget is used up. */
  readonly left?: () => number
  readonly now: () => Instant
  /** What earlier runs say of a project, by its number; absent where none are remembered. */
  readonly earlierProject?: (number: string) => EarlierProject
  /** The type of a key by `uid`, as an earlier run confirmed it; a type never changes. */
  readonly rememberedType?: (uid: string) => RememberedType | undefined
}

/** A type as an earlier run saw it, and when. */
export interface RememberedType {
  readonly type: KeyType
  readonly readAt: Instant
}
