import { listKeys } from '../google/apikeys.js'
import type { GoogleClient } from '../google/client.js'
import type { ApiError } from '../google/errors.js'
import type { Key, Project } from '../model.js'
import { apiError } from './failures.js'
import { keyOfList } from './wire-key.js'

/** What `keys.list` gave for a project. */
export interface ProjectKeys {
  readonly keys: readonly Key[]
  /** Positions of elements without a usable name. */
  readonly nameless: readonly number[]
  /** Why the rest is missing, where the listing did not come to its end. */
  readonly error?: ApiError
}

/** Reads all keys of a project, at most a few hundred; a failure is a result. */
export async function readProjectKeys(google: GoogleClient, { number }: Project): Promise<ProjectKeys> {
  const keys: Key[] = []
  const nameless: number[] = []
  let position = 0
  try {
    for await (const page of listKeys(google, `projects/${number}`)) {
      for (const element of page) {
        const key = keyOfList(element, number)
        if (key) keys.push(key)
        else nameless.push(position)
        position += 1
      }
    }
    return { keys, nameless }
  } catch (error) {
    return { keys, nameless, error: apiError(error) }
  }
}
