import { z } from 'zod'
import { GEMINI_API } from '../model.js'

/** Finds the Gemini API where it is enabled; the name is looked at again, since `:` also matches parts of words. */
export const ENABLED_GEMINI = `state:ENABLED AND name:*${GEMINI_API}*`

const found = z.object({
  name: z.string(),
  state: z.string().nullish(),
  project: z.string().nullish(),
})

const SERVICE_NAME =
  /^\/\/serviceusage\.googleapis\.com\/(projects|folders|organizations)\/([^/]+)\/services\/([^/]+)$/

/**
 * Where a search result shows the Gemini API enabled: `projects/NUMBER`, or `folders/N` or `organizations/N` for
 * every project below; null for a result about something else, undefined for one that cannot be read.
 */
export function enabledIn(element: unknown): string | null | undefined {
  const result = found.safeParse(element).data
  const [, kind, owner, service] = SERVICE_NAME.exec(result?.name ?? '') ?? []
  if (!result || owner === undefined) return undefined
  if (service !== GEMINI_API || (result.state && result.state !== 'ENABLED')) return null
  const others = kind === 'projects' ? [result.project?.replace('projects/', '')] : []
  const number = [owner, ...others].find((name) => name && /^\d+$/.test(name))
  return number && `${kind}/${number}`
}
