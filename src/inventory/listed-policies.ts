import { z } from 'zod'
import type { GoogleClient } from '../google/client.js'
import { listGovernedContainers } from '../google/cloudasset.js'
import { PAGE_SIZES } from '../google/page-sizes.js'
import type { AuthKeyBlocker } from '../model.js'
import { CONSTRAINT, readBlocker } from './blocker.js'
import { apiError } from './failures.js'
import type { Projects } from './projects.js'
import type { Reading } from './reading.js'

/** Projects that are asked one by one in any case: a listing costs as much for few of them, or more. */
const FEW = 16

/** The listing shows no parameters, so that only a project where nothing is enforced needs no further question. */
const unenforced = z.looseObject({
  project: z.string().regex(/^projects\/\d+$/),
  consolidatedPolicy: z.looseObject({
    rules: z
      .array(z.looseObject({ enforce: z.literal(false).nullish(), condition: z.undefined().optional() }))
      .min(1),
  }),
})

/**
 * Whether a policy may keep people from making auth keys, of many projects: after the first few, those of an
 * organization are listed all at once, as soon as that takes fewer requests than were made already. What the listing
 * does not decide, or where there is none, the project is asked itself.
 */
export class ListedPolicies {
  readonly #reading: Reading
  readonly #projects: Projects
  #asked = 0
  #listed: Promise<ReadonlySet<string>> | undefined

  constructor(reading: Reading, projects: Projects) {
    this.#reading = reading
    this.#projects = projects
  }

  /** Of one project (`projects/123`). Throws `ApiError`. */
  async read(google: GoogleClient, subject: string): Promise<AuthKeyBlocker> {
    if (this.#isListed) {
      this.#listed ??= this.#list()
      if ((await this.#listed).has(subject)) return { state: 'absent' }
    }
    this.#asked += 1
    return readBlocker(google, subject)
  }

  get #isListed(): boolean {
    const pages = Math.ceil(this.#projects.size / PAGE_SIZES.containers)
    return (
      this.#listed !== undefined || (this.#asked >= Math.max(FEW, pages) && this.#organizations.length > 0)
    )
  }

  get #organizations(): readonly string[] {
    return this.#reading.options.scopes.filter((scope) => scope.startsWith('organizations/'))
  }

  /** The projects in which nothing is enforced, as far as the listings came. */
  async #list(): Promise<ReadonlySet<string>> {
    const found = new Set<string>()
    for (const organization of this.#organizations) {
      try {
        for await (const page of listGovernedContainers(this.#reading.google, organization, CONSTRAINT)) {
          for (const element of page) {
            const { project } = unenforced.safeParse(element).data ?? {}
            if (project !== undefined) found.add(project)
          }
        }
      } catch (error) {
        apiError(error) // the projects are asked themselves, and say what is wrong
      }
    }
    return found
  }
}
