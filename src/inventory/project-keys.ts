import { listKeys } from '../google/apikeys.js'
import type { GoogleClient } from '../google/client.js'
import type { ApiError } from '../google/errors.js'
import type { Key, Project } from '../model.js'
import { apiError } from './failures.js'
import { type Elements, elementsOf } from './page-items.js'
import { keyOfList } from './wire-key.js'

/** What `keys.list` gave for a project. */
export interface ProjectKeys extends Elements<Key> {
  /** Why the rest is missing, where the listing did not come to its end. */
  readonly error?: ApiError
}

/** Reads all keys of a project, at most a few hundred; a failure is a result. */
export async function readProjectKeys(google: GoogleClient, project: Project): Promise<ProjectKeys> {
  const elements: unknown[] = []
  const read = () => {
    const { found, unnamed } = elementsOf(elements, (element) => keyOfList(element, project))
    return { found: eachOnce(found), unnamed }
  }
  try {
    for await (const page of listKeys(google, `projects/${project.number}`)) elements.push(...page)
    return read()
  } catch (error) {
    return { ...read(), error: apiError(error) }
  }
}

/** A listing that shifts between pages shows some keys twice. */
function eachOnce(keys: readonly Key[]): readonly Key[] {
  const names = new Set<string>()
  return keys.filter(({ name }) => !names.has(name) && names.add(name))
}
