import { z } from 'zod'
import { GEMINI_API } from '../model.js'

/** Finds the Gemini API where it is enabled; the name is looked at again, since `:` also matches parts of words. */
export const ENABLED_GEMINI = `state:ENABLED AND name:*${GEMINI_API}*`

/** Finds whatever is enabled in these projects, by number. */
export function enabledInAny(projects: readonly string[]): string {
  return `state:ENABLED AND (${projects.map((number) => `project:${number}`).join(' OR ')})`
}

const found = z.object({
  name: z.string(),
  state: z.string().nullish(),
  project: z.string().nullish(),
})

const SERVICE_NAME =
  /^\/\/serviceusage\.googleapis\.com\/(projects|folders|organizations)\/([^/]+)\/services\/([^/]{1,253})$/

/** An enabled service. */
interface EnabledService {
  readonly service: string
  /**
   * `projects/NUMBER`, or `folders/N` or `organizations/N` for every project below; undefined where it cannot be read.
   */
  readonly place: string | undefined
}

/** What a search result shows; null where the service is not enabled, undefined where it cannot be read. */
export function enabledService(element: unknown): EnabledService | null | undefined {
  const result = found.safeParse(element).data
  const [, kind, owner, service] = SERVICE_NAME.exec(result?.name ?? '') ?? []
  if (!result || owner === undefined || service === undefined) return undefined
  if (result.state === 'DISABLED') return null
  if (result.state && result.state !== 'ENABLED') return undefined
  const others = kind === 'projects' ? [result.project?.replace('projects/', '')] : []
  const number = [owner, ...others].find((name) => name && /^\d+$/.test(name))
  return { service, place: number && `${kind}/${number}` }
}

/**
 * Where a search result shows the Gemini API enabled; null for a result about something else, undefined for one that
 * cannot be read.
 */
export function enabledIn(element: unknown): string | null | undefined {
  const shown = enabledService(element)
  return shown && (shown.service === GEMINI_API ? shown.place : null)
}
