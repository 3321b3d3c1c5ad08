import type { Remark } from '../errors.js'
import type { Pauses } from '../google/asset-export.js'
import type { GoogleClient } from '../google/client.js'
import type { Gap, Instant, KeyType, Observation, Project, ReadingNotes } from '../model.js'
import type { EarlierProject } from '../policy/reading-order.js'
import type { AssetSource } from './assets.js'

/** Where the exports of one reading go. */
export interface ExportPlace {
  readonly bucket: string
  /** Of this reading alone, so that two attempts never mix; without a slash at its end. */
  readonly folder: string
  readonly pauses: Pauses
}

/** What every part of one reading works with. */
export interface Reading {
  /** Ends with the time budget, or when the reading is broken off. */
  readonly google: GoogleClient
  readonly assets: AssetSource
  /** The mode without `export`, which `assets` sees to. */
  readonly options: InventoryOptions & { readonly mode: 'auto' | 'assets' | 'projects' }
  readonly listener: ReadingListener
  /** Aborts when `google` ends. */
  readonly signal: AbortSignal
  /** Hands keys out; waits until they are taken. */
  readonly send: (observations: readonly Observation[]) => Promise<void>
  /** Breaks the reading off: whatever is still asked fails at once. */
  readonly stop: () => void
}

/** Is called with what a reading finds besides keys. */
export interface ReadingListener {
  /** Something that could not be read. */
  gap(gap: Gap): void
  /** A project of the scopes, each once, whatever its state. */
  project(project: Project): void
  /** A project that turned out to be gone since it was listed; its state is `GONE`. */
  gone(project: Project): void
  /** How the reading goes, such as a way that was changed. */
  remark(remark: Remark): void
  /** Something that reports say of the reading as a whole; what is noted later stands. */
  note(notes: ReadingNotes): void
  progress(step: string, done: number, total?: number): void
}

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
  /** Aborts when the time budget is used up, or with `Stopped` when the reading is to end. */
  readonly signal?: AbortSignal
  /** Milliseconds until the time budget is used up. */
  readonly left?: () => number
  /** Whether the types of keys without API restriction are asked for where the Gemini API is off, too. */
  readonly typesWhereOff?: boolean
  /** Whether nothing is asked of the service accounts of auth keys. */
  readonly withoutAccounts?: boolean
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
  /** The service account of an auth key. */
  readonly boundTo?: string
}
