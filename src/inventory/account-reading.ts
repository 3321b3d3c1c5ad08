import PQueue from 'p-queue'
import type { AccountState } from '../account.js'
import { CALLS } from '../google/calls.js'
import type { GoogleClient } from '../google/client.js'
import { ApiError, isOutOfTime } from '../google/errors.js'
import { getAccount } from '../google/iam.js'
import { getProjectPolicy } from '../google/resourcemanager.js'
import type { AccountTable } from '../memory/account-table.js'
import type { Project } from '../model.js'
import { projectOfAccount } from '../policy/account-address.js'
import { AccountSearch } from './account-search.js'
import { apiError, isRefused } from './failures.js'
import { extent, gapOf } from './gap-causes.js'
import { PerProjectQuery } from './key-enrichment.js'
import type { Projects } from './projects.js'
import type { Reading } from './reading.js'
import { covers } from './scopes.js'
import { grantsOf, readAccount } from './wire-account.js'

/** Projects that are asked at once; the quotas do the rest. */
const AT_ONCE = 16

function isOrganization(scope: string): boolean {
  return scope.startsWith('organizations/')
}

/** What a scope below the organization leaves open. */
const BELOW_ONLY =
  'Of the service accounts of auth keys, only roles within the scope were read: what they hold above it and elsewhere is not known, which an audit of the organization shows'

/** How roles are read where those of the whole scope are not shown. */
const OWN_PROJECTS =
  'only the roles on the projects that hold the accounts are read instead, none on folders, the organization or other projects'

/** What no address of an account looks like is not asked for. */
function isAddress(email: string): boolean {
  return /^[\w.-]{1,64}@[\w.-]{1,100}$/.test(email.trim()) && projectOfAccount(email.trim()) !== undefined
}

/** An account that is asked for, and the project that holds it where that is one of the reading. */
interface Wanted {
  readonly number: number
  readonly email: string
  readonly project: Project | undefined
}

/** The accounts that a project holds. */
interface HeldIn {
  readonly project: Project
  readonly accounts: Wanted[]
}

/**
 * Reads the service accounts of keys, all at once: by the asset inventory in a few requests, and where that is refused
 * project by project. What the inventory, hours behind, does not show or shows as disabled is asked for itself, so that
 * no report says of today what was true yesterday. What cannot be read is `unknown`, and a gap.
 */
export class AccountReading {
  readonly #reading: Reading
  readonly #projects: Projects
  readonly #table: AccountTable
  /** The projects of the reading that hold accounts, by the name in an address. */
  readonly #homes: ReadonlyMap<string, Project>
  readonly #wanted: readonly Wanted[]
  readonly #search: AccountSearch
  /** Scopes in which every role was read that is held there. */
  readonly #whole: string[] = []

  constructor(reading: Reading, projects: Projects, table: AccountTable) {
    this.#reading = reading
    this.#table = table
    this.#search = new AccountSearch(reading, table)
    const accounts = [...table.wanted()].filter(([, email]) => isAddress(email))
    const homes = accounts.map(([, email]) => projectOfAccount(email) ?? '')
    this.#projects = projects
    this.#homes = projects.named(new Set(homes))
    this.#wanted = accounts.map(([number, email], at) => ({
      number,
      email,
      project: this.#homes.get(homes[at] ?? ''),
    }))
  }

  /** Asks nothing where no account is wanted. */
  async read(projects: number): Promise<void> {
    if (this.#wanted.length === 0) return
    const byAssets = this.#reading.options.mode !== 'projects'
    await Promise.all([this.#readStates(byAssets, projects), this.#readRoles(byAssets, projects)])
    if (byAssets && !this.#reading.options.scopes.some(isOrganization))
      this.#reading.listener.remark(BELOW_ONLY)
  }

  /**
   * Whether all roles are known that name an account: those of its whole organization were read. Another organization's
   * account may hold any role there, and what is no address was not asked for.
   */
  hasAllRoles(email: string): boolean {
    if (!isAddress(email)) return false
    const home = this.#homes.get(projectOfAccount(email) ?? '')
    return home !== undefined && this.#whole.some((scope) => isOrganization(scope) && covers(scope, home))
  }

  async #readStates(byAssets: boolean, projects: number): Promise<void> {
    const asked = new Set<Wanted>()
    for (const scope of this.#reading.options.scopes) {
      const here = this.#wanted.filter(
        (each) => !asked.has(each) && each.project !== undefined && covers(scope, each.project),
      )
      if (here.length === 0) continue
      for (const each of here) asked.add(each)
      const emails = here.map(({ email }) => email)
      const failure = byAssets ? await failureOf(this.#search.readStates(scope, emails, projects)) : undefined
      if (failure !== undefined && !this.#mayAskProjects(failure))
        this.#reportGap(scope, failure, 0, here.length)
      else {
        if (failure !== undefined)
          this.#remark(failure, 'the service accounts of keys are asked for one by one instead')
        await this.#confirm(here)
      }
    }
  }

  /** Asks for each account that no inventory has shown as active. */
  async #confirm(accounts: readonly Wanted[]): Promise<void> {
    const open = accounts.filter(({ number }) => this.#table.stateOf(number) !== 'active')
    const byProject = new Map<string, HeldIn>()
    for (const each of open) {
      if (each.project === undefined || this.#projects.isLeftAlone(each.project.number)) continue
      const at = byProject.get(each.project.number) ?? { project: each.project, accounts: [] }
      byProject.set(each.project.number, at)
      at.accounts.push(each)
    }
    const query = new PerProjectQuery(this.#reading, 'accounts', (google, subject) =>
      this.#ask(google, byProject.get(subject.replace('projects/', ''))),
    )
    await eachOf([...byProject.values()], ({ project }) => query.of(project))
    query.noteFailures()
  }

  async #ask(google: GoogleClient, of: HeldIn | undefined): Promise<void> {
    for (const { number, email } of of?.accounts ?? []) {
      const before = this.#table.stateOf(number)
      try {
        this.#table.setState(number, await stateNow(google, `projects/${of?.project.id}`, email))
      } catch (error) {
        // What the inventory shows stands where nobody may ask for more.
        if (before === 'unknown' || isOutOfTime(apiError(error))) throw error
      }
    }
  }

  async #readRoles(byAssets: boolean, projects: number): Promise<void> {
    const emails = this.#wanted.map(({ email }) => email)
    const seen: string[] = []
    for (const scope of this.#reading.options.scopes) {
      const failure = byAssets
        ? await failureOf(this.#search.readRoles(scope, emails, { projects, seen }))
        : undefined
      if (byAssets && failure === undefined) {
        this.#whole.push(scope)
        seen.push(scope)
      } else if (failure !== undefined && !this.#mayAskProjects(failure)) {
        this.#reportGap(scope, failure, 0, emails.length)
      } else {
        if (failure !== undefined) this.#remark(failure, OWN_PROJECTS)
        await this.#readOwnProjects(scope)
      }
    }
  }

  /** The roles that accounts hold on the projects that hold them; those above and elsewhere stay unread. */
  async #readOwnProjects(scope: string): Promise<void> {
    const homes = new Map<string, Project>()
    for (const { project } of this.#wanted) {
      if (project !== undefined && covers(scope, project)) homes.set(project.number, project)
    }
    const query = new PerProjectQuery(this.#reading, 'accounts', async (google, subject) => {
      const grants = grantsOf(await getProjectPolicy(google, subject), subject)
      if (grants === undefined) throw new ApiError(CALLS.getProjectPolicy, subject, { reason: 'MALFORMED' })
      for (const { email, held } of grants) {
        const number = this.#table.find(email)
        if (number !== undefined) this.#table.addRole(number, held)
      }
    })
    await eachOf([...homes.values()], (project) => query.of(project))
    query.noteFailures()
  }

  /** Whether another API may know what the inventory refuses. */
  #mayAskProjects(failure: ApiError): boolean {
    return isRefused(failure) && this.#reading.options.mode === 'auto'
  }

  #remark({ problem }: ApiError, instead: string): void {
    this.#reading.listener.remark({ problem, instead, goal: 'read them together' })
  }

  #reportGap(scope: string, failure: ApiError, read: number, all: number): void {
    const reached = extent(read, all, 'service accounts')
    this.#reading.listener.gap(gapOf('accounts', scope, failure, reached))
  }
}

/** The state of an account by the IAM API: that its project does not have it is a fact, and no failure. */
async function stateNow(google: GoogleClient, project: string, email: string): Promise<AccountState> {
  try {
    const shown = readAccount(await getAccount(google, project, email))
    if (shown !== undefined) return shown.state
  } catch (error) {
    if (apiError(error).status === 404) return 'missing'
    throw error
  }
  throw new ApiError(CALLS.getAccount, project, { reason: 'MALFORMED' })
}

async function failureOf(attempt: Promise<void>): Promise<ApiError | undefined> {
  try {
    await attempt
    return undefined
  } catch (error) {
    return apiError(error)
  }
}

async function eachOf<Item>(items: readonly Item[], ask: (item: Item) => Promise<unknown>): Promise<void> {
  const crew = new PQueue({ concurrency: AT_ONCE })
  await crew.addAll(items.map((item) => () => ask(item)))
}
