import { ApiError } from '../google/errors.js'
import { Confirmation } from './confirmation.js'
import { isOutOfTime } from './failures.js'
import { KeyDispatch } from './key-dispatch.js'
import { KeyEnrichment } from './key-enrichment.js'
import { KeyListing } from './key-listing.js'
import { ProjectListing } from './project-listing.js'
import { Projects } from './projects.js'
import type { Reading } from './reading.js'
import { Services } from './services.js'

/**
 * Reads all keys of the scopes: the projects, and where the Gemini API is on; then the keys by assets, while
 * projects with candidates are confirmed one by one; then project by project what has no inventory; last, the
 * keys that had to wait for all of that. Traffic and policies are asked before the keys of a project are handed
 * out. Throws `ApiError` when nothing of any scope could be listed, whatever the reason.
 */
export async function readEverything(reading: Reading): Promise<void> {
  const { scopes, mode } = reading.options
  const projects = new Projects(reading)
  const projectListing = new ProjectListing(reading, projects)
  const services = new Services(reading, projects)
  const completion = new KeyEnrichment(reading, projects)
  const confirmation = new Confirmation(reading, { projects, services, completion })
  const parts = { projects, projectListing, services, completion, confirmation }
  const sorting = new KeyDispatch(reading, parts)
  const keyListing = new KeyListing(reading, parts, sorting)

  const byAssets = mode !== 'projects'
  await Promise.all([projectListing.read(), byAssets && services.search()])
  const uninventoried = byAssets ? await keyListing.read() : scopes
  for (const scope of uninventoried) {
    const unread = [...projects.within(scope)].filter((project) => !keyListing.covers(project))
    await confirmation.startAll(unread)
  }
  await confirmation.checkOthers()
  const refusals = scopes.flatMap((scope) => keyListing.refusal(scope) ?? [])
  await confirmation.finish().catch((error) => {
    throw refusals.length === scopes.length ? bothWays(refusals[0], error) : error
  })

  const failures = scopes.flatMap((scope) => {
    if (!uninventoried.includes(scope)) return keyListing.failure(scope) ?? []
    const { nothingRead } = confirmation.outcomes
    return projectListing.nothingListed(scope) ?? bothWays(keyListing.refusal(scope), nothingRead) ?? []
  })
  const nothing = projects.size === 0 ? [...failures, ...projectListing.unlisted] : failures
  if (nothing.length > 0 && (projects.size === 0 || failures.length === scopes.length))
    throw causeOf([...nothing, ...projectListing.late, ...services.late])
  projectListing.tellFailures()
  keyListing.tellFailures()
  confirmation.outcomes.tellUnread()
  await sorting.release()
  services.tellLate()
  projects.tellGone()
  completion.tellFailures()
}

/** What to tell of a reading that read nothing: what was met, rather than that time was up because of it. */
function causeOf(failures: readonly ApiError[]): ApiError | undefined {
  const causes = failures.map(({ underlying }) => underlying)
  return causes.find((cause) => !isOutOfTime(cause)) ?? causes[0]
}

/** A failure together with the refusal for which another way was tried first. */
function bothWays<Failed>(refusal: ApiError | undefined, failure: Failed): Failed | ApiError {
  return refusal && failure instanceof ApiError ? failure.precededBy(refusal) : failure
}
