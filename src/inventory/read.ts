import type { ApiError } from '../google/errors.js'
import { Confirmation } from './confirmation.js'
import { isOutOfTime } from './failures.js'
import { gapOf, outOfTime } from './gaps.js'
import { Listing } from './listing.js'
import { Projects } from './projects.js'
import type { Reading } from './reading.js'
import { Services } from './services.js'

/**
 * Reads all keys of the scopes: the projects, and where the Gemini API is on; then the keys by assets, while
 * projects with candidates are confirmed one by one; then project by project what has no inventory; last, the
 * keys that had to wait for all of that. Throws `ApiError` when no scope could be read.
 */
export async function readEverything(reading: Reading): Promise<void> {
  const { scopes, mode } = reading.options
  const projects = new Projects(reading)
  const services = new Services(reading)
  const confirmation = new Confirmation(reading, services)
  const listing = new Listing(reading, projects, services, confirmation)

  const byAssets = mode !== 'projects'
  await Promise.all([projects.read(), byAssets && services.search()])
  const uninventoried = byAssets ? await listing.read() : scopes
  for (const scope of uninventoried) {
    await confirmation.startAll([...projects.within(scope)].filter((project) => !listing.covers(project)))
  }
  await confirmation.finish()

  const unread = scopes.flatMap((scope) => {
    if (!uninventoried.includes(scope)) return listing.failure(scope) ?? []
    return projects.nothingListed(scope) ?? confirmation.nothingRead ?? []
  })
  if (unread[0] && unread.length === scopes.length && !unread.some(isOutOfTime)) throw unread[0]
  for (const scope of scopes) {
    tell(reading, 'projects', scope, projects.failure(scope))
    tell(reading, 'keys', scope, listing.failure(scope))
  }
  confirmation.tellUnread()
  await listing.release()
}

function tell(
  reading: Reading,
  missing: 'projects' | 'keys',
  scope: string,
  error: ApiError | undefined,
): void {
  if (!error) return
  const gap = isOutOfTime(error) ? outOfTime(missing, scope, 'a part of them') : gapOf(missing, scope, error)
  reading.listener.gap(gap)
}
