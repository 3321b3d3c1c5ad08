import type { GoogleClient } from '../google/client.js'
import { listAssets } from '../google/cloudasset.js'
import type { Instant, Listing } from '../model.js'

/** The types of assets that are read, as Google names them. */
export const KEY_ASSET = 'apikeys.googleapis.com/Key'
export const PROJECT_ASSET = 'cloudresourcemanager.googleapis.com/Project'
export const SERVICE_ASSET = 'serviceusage.googleapis.com/Service'

/** Some assets of a scope, as Google writes them, and the moment that they show. */
export interface AssetPage {
  readonly elements: readonly unknown[]
  readonly readAt: Instant
  readonly from: Listing['from']
}

/** Where the assets of the scopes come from. */
export interface AssetSource {
  /** All assets of one type in a scope, with their resources, at least one page. Throws `ApiError`. */
  pages(scope: string, type: string): AsyncIterable<AssetPage>
  /** Leaves nothing behind. Called once, when nothing more is read, with a client whose time is not up. */
  close(google: GoogleClient): Promise<void>
}

/** Assets as the asset inventory lists them, page by page, each read when it is asked for. */
export class ListedAssets implements AssetSource {
  readonly #google: GoogleClient
  readonly #now: () => Instant

  constructor(google: GoogleClient, now: () => Instant) {
    this.#google = google
    this.#now = now
  }

  async *pages(scope: string, type: string): AsyncGenerator<AssetPage> {
    for await (const elements of listAssets(this.#google, scope, type)) {
      yield { elements, readAt: this.#now(), from: 'assets' }
    }
  }

  async close(): Promise<void> {}
}
