import type { OptionValues } from '../config/options.js'
import { createGoogle } from '../google/client.js'
import { type Organization, searchOrganizations } from '../google/resourcemanager.js'
import { originOf } from './archive-stores.js'
import { IMPATIENCE, SHORT } from './request-limits.js'

/** The organizations that the credentials see. Throws `ApiError`. */
export async function visibleOrganizations(values: OptionValues): Promise<readonly Organization[]> {
  const google = createGoogle({
    pace: values.pace ?? 90,
    retryPolicy: IMPATIENCE,
    timeLimit: SHORT,
    ...originOf(values),
  })
  const found: Organization[] = []
  for await (const page of searchOrganizations(google)) found.push(...page)
  return found
}
