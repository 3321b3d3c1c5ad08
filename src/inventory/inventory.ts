import type { GoogleClient } from '../google/client.js'
import type { Observation, Project } from '../model.js'
import { type AssetSource, ListedAssets } from './assets.js'
import { ExportedAssets } from './exported-assets.js'
import { flawedKey } from './gaps.js'
import type { ReadingListener } from './listener.js'
import type { InventoryOptions } from './options.js'
import { readEverything } from './read.js'

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
    signal,
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
    gone: (project) => listener.gone(project),
    note: (notes) => stopped.aborted || listener.note(notes),
    remark: (sentence) => stopped.aborted || listener.remark(sentence),
    progress: (step, done, total) => listener.progress(step, done, total),
  }
}

function isJudged(project: Project, { isExcluded }: InventoryOptions): boolean {
  return project.state === 'ACTIVE' && !isExcluded(project)
}
