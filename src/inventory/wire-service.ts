import { z } from 'zod'
import { GEMINI_API } from '../model.js'

/** Finds the Gemini API where it is enabled; the name is looked at again, since `:` also matches parts of words. */
export const ENABLED_GEMINI = `state:ENABLED AND name:*${GEMINI_API}*`

const found = z.object({ name: z.string(), state: z.string().nullish(), project: z.string().nullish() })

const SERVICE_NAME = /^\/\/serviceusage\.googleapis\.com\/projects\/([^/]+)\/services\/([^/]+)$/

/**
 * The number of the project in which a search result shows the Gemini API enabled; null for a result about
 * something else, undefined for one that cannot be read.
 */
export function enabledIn(element: unknown): string | null | undefined {
  const result = found.safeParse(element).data
  const [, owner, service] = SERVICE_NAME.exec(result?.name ?? '') ?? []
  if (!result || owner === undefined) return undefined
  if (service !== GEMINI_API || (result.state && result.state !== 'ENABLED')) return null
  return [owner, result.project?.replace('projects/', '')].find((name) => name && /^\d+$/.test(name))
}
