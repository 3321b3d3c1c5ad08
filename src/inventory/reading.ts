import type { GoogleClient } from '../google/client.js'
import type { Observation } from '../model.js'
import type { AssetSource } from './assets.js'
import type { ReadingListener } from './listener.js'
import type { InventoryOptions } from './options.js'

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
  /** Hands keys out; waits until somebody takes them. */
  readonly send: (observations: readonly Observation[]) => Promise<void>
  /** Breaks the reading off: whatever is still asked fails at once. */
  readonly stop: () => void
}
