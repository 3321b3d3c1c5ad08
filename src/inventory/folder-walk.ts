import PQueue from 'p-queue'
import { z } from 'zod'
import { CALLS } from '../google/calls.js'
import type { GoogleClient } from '../google/client.js'
import { ApiError } from '../google/errors.js'
import { getFolder, getProject, listFolders, listProjects } from '../google/resourcemanager.js'
import { apiError } from './failures.js'
import { elementsOf } from './page-items.js'
import { covers, isProject } from './scopes.js'
import { type PlacedProject, projectOfManager } from './wire-project.js'

/** Listings under way at once; the quota does the rest. */
const AT_ONCE = 8

/** Is called with what a walk finds. */
export interface WalkListener {
  /** A project, with what it lies in, nearest first. */
  project(found: PlacedProject, ancestors: readonly string[]): void
  /** Elements of a listing without a usable name, by their positions. */
  unnamed(parent: string, positions: readonly number[]): void
  /** An organization or a folder of which the projects or the folders could not be listed to the end. */
  unlisted(parent: string, error: ApiError): void
  /** A folder of which it is not known what it lies in. */
  unplaced(folder: string, error: ApiError): void
}

const folderName = z.object({ name: z.string().regex(/^folders\/\d+$/) })

const FOREIGN = { reason: 'MALFORMED', detail: 'the answer is not about what was asked for' }

/** Finds all projects of scopes by Resource Manager, down through the folders, each folder once. */
export class FolderWalk {
  readonly #google: GoogleClient
  readonly #listener: WalkListener
  readonly #visited = new Set<string>()

  constructor(google: GoogleClient, listener: WalkListener) {
    this.#google = google
    this.#listener = listener
  }

  /** All projects of one scope. Throws `ApiError` when nothing of it could be listed. */
  async through(scope: string): Promise<void> {
    if (isProject(scope)) return this.#single(scope)
    const queue = new PQueue({ concurrency: AT_ONCE })
    const failures: { readonly parent: string; readonly error: ApiError }[] = []
    let listed = 0
    const list = (parent: string, listing: () => Promise<void>) =>
      queue.add(async () => {
        try {
          await listing()
          listed += 1
        } catch (error) {
          failures.push({ parent, error: apiError(error) })
        }
      })
    const visit = (folder: string, above: readonly string[]) => {
      if (this.#visited.has(folder)) return
      this.#visited.add(folder)
      const ancestors = [folder, ...above]
      void list(folder, () => this.#projectsIn(folder, ancestors))
      void list(folder, () => this.#foldersIn(folder, (child) => visit(child, ancestors)))
    }
    visit(scope, await this.#above(scope))
    await queue.onIdle()
    if (listed === 0 && failures[0]) throw failures[0].error
    for (const { parent, error } of failures) this.#listener.unlisted(parent, error)
  }

  async #projectsIn(parent: string, ancestors: readonly string[]): Promise<void> {
    for await (const page of listProjects(this.#google, parent)) {
      const { found, unnamed } = elementsOf(page, projectOfManager)
      for (const project of found) this.#listener.project(project, ancestors)
      if (unnamed.length > 0) this.#listener.unnamed(parent, unnamed)
    }
  }

  async #foldersIn(parent: string, visit: (child: string) => void): Promise<void> {
    for await (const page of listFolders(this.#google, parent)) {
      const { found, unnamed } = elementsOf(page, (element) => folderName.safeParse(element).data)
      for (const { name } of found) visit(name)
      if (unnamed.length > 0) this.#listener.unnamed(parent, unnamed)
    }
  }

  async #single(scope: string): Promise<void> {
    const found = projectOfManager(await getProject(this.#google, scope))
    if (!found) return this.#listener.unnamed(scope, [0])
    if (!covers(scope, found.project)) throw new ApiError(CALLS.getProject, scope, FOREIGN)
    const { parent } = found
    this.#listener.project(found, parent === undefined ? [] : [parent, ...(await this.#above(parent))])
  }

  /** What a folder lies in, nearest first. */
  async #above(start: string): Promise<readonly string[]> {
    const chain: string[] = []
    let name = start
    try {
      while (name.startsWith('folders/') && !chain.slice(0, -1).includes(name)) {
        const found = await getFolder(this.#google, name)
        if (found.name !== name) throw new ApiError(CALLS.getFolder, name, FOREIGN)
        const { parent } = found
        if (!parent) break
        chain.push(parent)
        name = parent
      }
    } catch (error) {
      this.#listener.unplaced(start, apiError(error))
    }
    return chain
  }
}
