import { gaxios } from 'google-auth-library'
import type { GoogleClient } from './client.js'

const ANYWHERE = 'https://cloudresourcemanager.googleapis.com'

/** Milliseconds for an answer. */
const PATIENCE = 10_000

/**
 * What time it is at Google, to the second, in milliseconds since 1970: any answer carries it, a refusal as
 * well. Undefined where there is no answer with a date.
 */
export async function timeAtGoogle({ connection: { rootUrl } }: GoogleClient): Promise<number | undefined> {
  const url = `${rootUrl ?? ANYWHERE}/`
  const request = {
    url,
    method: 'HEAD',
    timeout: PATIENCE,
    retry: false,
    validateStatus: () => true,
    ...(rootUrl !== undefined && { noProxy: [rootUrl] }),
  } as const
  try {
    const { headers } = await new gaxios.Gaxios().request(request)
    const time = Date.parse(headers.get('date') ?? '')
    return Number.isNaN(time) ? undefined : time
  } catch (error) {
    if (error instanceof gaxios.GaxiosError) return undefined
    throw error
  }
}
