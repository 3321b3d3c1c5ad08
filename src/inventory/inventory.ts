import type { GoogleClient } from '../google/client.js'
import { ApiError, isOutOfTime } from '../google/errors.js'
import type { Observation, Project } from '../model.js'
import { type AssetSource, ListedAssets } from './assets.js'
import { Confirmation } from './confirmation.js'
import { ExportedAssets } from './exported-assets.js'
import { flawedKey } from './gap-causes.js'
import { KeyAccounts } from './key-accounts.js'
import { KeyDispatch } from './key-dispatch.js'
import { KeyEnrichment } from './key-enrichment.js'
import { KeyListing } from './key-listing.js'
import { ProjectListing } from './project-listing.js'
import { Projects } from './projects.js'
import type { InventoryOptions, Reading, ReadingListener } from './reading.js'
import { Services } from './services.js'

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

/** Lets the reading run a few batches ahead of the loop that takes the keys, and stops it when that ends early. */
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
  const listening = untilStopped(listener, stop.signal)
  const assets = assetsFor(client, options, listening, signal)
  const accounts = new KeyAccounts(
    (project) => options.withoutAccounts !== true && isJudged(project, options),
  )
  const write = async (batch: readonly Observation[]) => {
    if (batch.length > 0) await writer.write(batch)
  }
  const reading = {
    google: client,
    signal,
    assets,
    options: { ...options, mode: options.mode === 'export' ? ('auto' as const) : options.mode },
    listener: listening,
    stop: () => stop.abort(),
    send: async (batch: readonly Observation[]) => {
      for (const { key, project } of batch) {
        if (key.flaw !== undefined && isJudged(project, options)) listener.gap(flawedKey(key))
      }
      await write(await accounts.holdBack(batch))
    },
  }
  const done = readEverything(reading)
    .then(async (projects) => {
      for await (const batch of accounts.release(reading, projects)) await write(batch)
    })
    .finally(() => assets.close(google))
    .then(
      () => writer.close(),
      (error: unknown) => writer.abort(error),
    )
  done.catch(() => undefined) // a loop that stays gets the failure from the stream
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
    remark: (remark) => stopped.aborted || listener.remark(remark),
    progress: (step, done, total) => listener.progress(step, done, total),
  }
}

function isJudged(project: Project, { isExcluded }: InventoryOptions): boolean {
  return project.state === 'ACTIVE' && !isExcluded(project)
}

/**
 * Reads all keys of the scopes: the projects, and where the Gemini API is on; then the keys by assets, while
 * projects with candidates are confirmed one by one; then project by project what has no inventory; last, the
 * keys that had to wait for all of that. Traffic and policies are asked before the keys of a project are handed
 * out. Gives back the projects. Throws `ApiError` when nothing of any scope could be listed, whatever the reason.
 */
async function readEverything(reading: Reading): Promise<Projects> {
  const { scopes, mode } = reading.options
  const projects = new Projects(reading)
  const projectListing = new ProjectListing(reading, projects)
  const services = new Services(reading, projects)
  const enrichment = new KeyEnrichment(reading, projects, services)
  const confirmation = new Confirmation(reading, { projects, services, enrichment })
  const context = { projects, projectListing, services, enrichment, confirmation }
  const dispatch = new KeyDispatch(reading, context)
  const keyListing = new KeyListing(reading, context, dispatch)

  const byAssets = mode !== 'projects'
  await Promise.all([projectListing.read(), byAssets && services.search()])
  services.reportRefusals()
  const uninventoried = byAssets ? await keyListing.read() : scopes
  for (const scope of uninventoried) {
    const unread = [...projects.within(scope)].filter((project) => !keyListing.covers(project))
    await confirmation.startAll(unread)
  }
  await confirmation.startOthers()
  const refusals = scopes.flatMap((scope) => keyListing.refusal(scope) ?? [])
  await confirmation.finish().catch((error) => {
    throw refusals.length === scopes.length ? bothWays(refusals[0], error) : error
  })

  const failures = scopes.flatMap((scope) => {
    if (!uninventoried.includes(scope)) return keyListing.failure(scope) ?? []
    const { nothingRead } = confirmation.results
    return projectListing.nothingListed(scope) ?? bothWays(keyListing.refusal(scope), nothingRead) ?? []
  })
  const nothing = projects.size === 0 ? [...failures, ...projectListing.unlisted] : failures
  if (nothing.length > 0 && (projects.size === 0 || failures.length === scopes.length))
    throw causeOf([...nothing, ...projectListing.late, ...services.late])
  projectListing.noteFailures()
  keyListing.noteFailures()
  confirmation.results.reportUnread()
  await dispatch.release()
  services.reportLate()
  projects.remarkGone()
  enrichment.noteFailures()
  return projects
}

/** What to report of a reading that read nothing: what was met, rather than that time was up because of it. */
function causeOf(failures: readonly ApiError[]): ApiError | undefined {
  const causes = failures.map(({ underlying }) => underlying)
  return causes.find((cause) => !isOutOfTime(cause)) ?? causes[0]
}

/** A failure together with the refusal for which another way was tried first. */
function bothWays<Failed>(refusal: ApiError | undefined, failure: Failed): Failed | ApiError {
  return refusal && failure instanceof ApiError ? failure.precededBy(refusal) : failure
}
