import type { GoogleClient } from '../google/client.js'
import type { Gap, Instant, KeyType, Observation, Project } from '../model.js'
import type { EarlierProject } from '../policy/reading-order.js'
import { type AssetSource, ListedAssets } from './assets.js'
import { ExportedAssets, type ExportPlace } from './exported-assets.js'
import { flawedKey } from './gaps.js'
import { readEverything } from './read.js'

/**
 * `auto`: by assets, and where they are denied or off project by project, part by part. `export`: as `auto`, the
 * assets by exports, and where an export fails by the listing.
 */
export type InventoryMode = 'auto' | 'assets' | 'projects' | 'export'

/** Hears what a reading finds besides keys. */
export interface ReadingListener {
  /** Something that could not be read. */
  gap(gap: Gap): void
  /** A project of the scopes, each once, whatever its state. */
  project(project: Project): void
  /** One sentence about how the reading goes, such as a way that was changed. */
  told(sentence: string): void
  progress(step: string, done: number, total?: number): void
}

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

/** All keys of some scopes. */
export interface Inventory {
  /**
   * Every key once, in batches, in no order. What could not be read becomes a gap. Throws `ApiError` when
   * none of the scopes could be read at all, or when what fails lies with the auditor and fails everywhere;
   * never because time is up.
   */
  read(listener: ReadingListener): AsyncIterable<readonly Observation[]>
}

/** The keys of the scopes, through Google's APIs. Nothing is asked before `read` is iterated. */
export function createInventory(google: GoogleClient, options: InventoryOptions): Inventory {
  return { read: (listener) => observations(google, options, listener) }
}

/** Lets the reading run ahead of whoever takes the keys by a few batches, and stops it when they leave. */
async function* observations(
  google: GoogleClient,
  options: InventoryOptions,
  listener: ReadingListener,
): AsyncGenerator<readonly Observation[]> {
  const { readable, writable } = new TransformStream<readonly Observation[], readonly Observation[]>()
  const writer = writable.getWriter()
  const stop = new AbortController()
  const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal
  const client = google.until(signal, options.left)
  const told = untilStopped(listener, stop.signal)
  const assets = assetsFor(client, options, told, signal)
  const reading = {
    google: client,
    assets,
    options: { ...options, mode: options.mode === 'export' ? ('auto' as const) : options.mode },
    listener: told,
    stop: () => stop.abort(),
    send: async (batch: readonly Observation[]) => {
      if (batch.length === 0) return
      for (const { key, project } of batch) {
        if (key.flaw !== undefined && isJudged(project, options)) listener.gap(flawedKey(key))
      }
      await writer.write(batch)
    },
  }
  const done = readEverything(reading)
    .finally(() => assets.close(google))
    .then(
      () => writer.close(),
      (error: unknown) => writer.abort(error),
    )
  done.catch(() => undefined) // whoever left does not hear how it ended; whoever stayed does, by the stream
  try {
    yield* readable
  } finally {
    stop.abort()
  }
}

/** The assets as the mode wants them. */
function assetsFor(
  google: GoogleClient,
  { mode, now, scopes, exportTo }: InventoryOptions,
  listener: ReadingListener,
  signal: AbortSignal,
): AssetSource {
  const listed = new ListedAssets(google, now)
  if (mode !== 'export' || exportTo === undefined) return listed
  return new ExportedAssets(google, { scopes, listed, place: exportTo, now, listener, signal })
}

/** What fails because the reading was broken off is nobody's gap. */
function untilStopped(listener: ReadingListener, stopped: AbortSignal): ReadingListener {
  return {
    gap: (gap) => stopped.aborted || listener.gap(gap),
    project: (project) => listener.project(project),
    told: (sentence) => stopped.aborted || listener.told(sentence),
    progress: (step, done, total) => listener.progress(step, done, total),
  }
}

function isJudged(project: Project, { isExcluded }: InventoryOptions): boolean {
  return project.state === 'ACTIVE' && !isExcluded(project)
}
