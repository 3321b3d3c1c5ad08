import { CALLS } from './calls.js'
import type { GoogleClient } from './client.js'
import { PAGE_SIZES } from './page-sizes.js'
import { pageOf, pages } from './paging.js'

const keysPage = pageOf('keys')

/**
 * The keys of a project (`projects/123`), page by page, deleted ones of the last 30 days included. Their
 * strings are not among what this returns.
 * @see https://cloud.google.com/api-keys/docs/reference/rest/v2/projects.locations.keys/list
 */
export async function* listKeys(client: GoogleClient, project: string): AsyncGenerator<readonly unknown[]> {
  const { apikeys } = await import('googleapis/build/src/apis/apikeys/index.js')
  const { keys } = apikeys({ version: 'v2', ...client.connection }).projects.locations
  const parent = `${project}/locations/global`
  yield* pages(CALLS.listKeys, project, PAGE_SIZES.keys, (page) =>
    client.ask({
      call: CALLS.listKeys,
      subject: project,
      send: (options) => keys.list({ parent, ...page, showDeleted: true }, options),
      schema: keysPage,
    }),
  )
}
