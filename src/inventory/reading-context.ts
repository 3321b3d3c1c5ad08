import type { Confirmation } from './confirmation.js'
import type { KeyEnrichment } from './key-enrichment.js'
import type { ProjectListing } from './project-listing.js'
import type { Projects } from './projects.js'
import type { Services } from './services.js'

/** What the reading of keys builds on. */
export interface ReadingContext {
  readonly projects: Projects
  readonly projectListing: ProjectListing
  readonly services: Services
  readonly completion: KeyEnrichment
  readonly confirmation: Confirmation
}
