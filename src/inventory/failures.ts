import { ApiError, isOfChargedProject, isOfCredentials } from '../google/errors.js'
import type { Project } from '../model.js'

/** The error as Google's answer; anything else is a bug and is thrown on. */
export function apiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  throw error
}

/**
 * Whether a way of reading is closed, so that another one may work: Google refuses it, or one of its answers is too
 * large however little is asked for. An outage is not a refusal.
 */
export function isRefused(error: ApiError): boolean {
  return (error.status === 403 && !isOfCredentials(error)) || error.reason === 'ANSWER_TOO_LARGE'
}

/**
 * Whether a failure says that the project which was asked about is not there any more, a fact and no refusal. Google
 * names it as the consumer, or in its words alone.
 */
export function isGone({ reason, consumer, detail = '' }: ApiError, { number, id }: Project): boolean {
  if (reason !== 'CONSUMER_INVALID') return false
  return [number, id].some((name) => consumer === name || detail.split(/[^\w-]+/).includes(name))
}

/** The failure, its advice such that it can be followed in the project: it may lie in no organization. */
export function placedIn(project: Project | undefined, error: ApiError): ApiError {
  if (project === undefined || project.ancestors.length > 0) return error
  const isUnseen = project.id === project.number
  return isUnseen ? error : error.outsideOrganizations(project.id)
}

/**
 * Whether a request about one project failed for a reason that lies with the auditor and will meet every
 * other project too. Google names the project that was charged; it may be the very one that was asked about,
 * and then only that one is concerned.
 */
export function isOurOwn(error: ApiError, { number, id }: Project): boolean {
  return isOfCredentials(error) || isOfChargedProject(error, number, id)
}
