import type { Answer } from './call.js'
import type { Page } from './pages.js'

/** 200 with a JSON body. */
export function ok(body: unknown): Answer {
  return { status: 200, body }
}

/** 200 with a page under its name; an empty list and an absent token are left out, as in all of Google's JSON. */
export function listed<Item>(
  name: string,
  page: Page<Item>,
  others: Readonly<Record<string, unknown>> = {},
): Answer {
  return ok({
    ...others,
    ...(page.items.length > 0 && { [name]: page.items }),
    ...(page.nextPageToken && { nextPageToken: page.nextPageToken }),
  })
}
