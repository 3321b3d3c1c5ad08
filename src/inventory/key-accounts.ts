import type { HeldRole, KeyAccount } from '../account.js'
import { AccountTable } from '../memory/account-table.js'
import { CompressedQueue } from '../memory/pending-keys.js'
import type { Key, Observation, Project } from '../model.js'
import { defaultAccountOf, projectOfAccount } from '../policy/account-address.js'
import { keyTypeOf } from '../policy/facts.js'
import { byWidth, reachOf } from '../policy/reach.js'
import { AccountReading } from './account-reading.js'
import type { Projects } from './projects.js'
import type { Reading } from './reading.js'

/** Roles of one account that are named. */
const NAMED = 25

const MINUTE = 60_000
/** A key is made this soon after an account that was made for it. */
const SOON = 10 * MINUTE
/** An account that was made longer before was made for something else. */
const LONG = 24 * 60 * MINUTE

/** An auth key that waits, with the number of its project in place of that. */
interface Waiting extends Omit<Observation, 'project'> {
  readonly projectNumber: string
}

/**
 * The auth keys of a reading: they wait, packed, until all are known, so that each account is read once, and is known to
 * be shared. Their accounts are then read, and the keys handed out with them.
 */
export class KeyAccounts {
  readonly #table = new AccountTable(byWidth, NAMED)
  readonly #waiting = new CompressedQueue<Waiting>(weightOf)
  /** By number, of the keys that wait. */
  readonly #projects = new Map<string, Project>()
  readonly #isJudged: (project: Project) => boolean

  /** `isJudged`: whether the keys of a project are judged; those of others need no account. */
  constructor(isJudged: (project: Project) => boolean) {
    this.#isJudged = isJudged
  }

  /** Keeps the auth keys of a batch back; the others. */
  async holdBack(batch: readonly Observation[]): Promise<readonly Observation[]> {
    const held: Waiting[] = []
    const others: Observation[] = []
    for (const found of batch) {
      if (this.#isHeld(found)) held.push(this.#withoutProject(found))
      else others.push(found)
    }
    if (held.length === 0) return batch
    await this.#waiting.add(held)
    return others
  }

  #withoutProject({ project, ...rest }: Observation): Waiting {
    this.#projects.set(project.number, project)
    return { ...rest, projectNumber: project.number }
  }

  #isHeld({ key, project }: Observation): boolean {
    const { serviceAccountEmail: email = '', deleteTime } = key
    if (keyTypeOf(email) !== 'auth' || deleteTime !== undefined) return false
    const isJudged = this.#isJudged(project)
    this.#table.note(email, isJudged)
    return isJudged
  }

  /** Reads the accounts, and gives the keys that waited. Once, when no more keys are read. */
  async *release(reading: Reading, projects: Projects): AsyncGenerator<readonly Observation[]> {
    const accounts = new AccountReading(reading, projects, this.#table)
    await accounts.read(projects.size)
    for await (const waiting of this.#waiting.take()) {
      yield waiting.map(({ projectNumber, evidence, ...found }) => {
        const project = projects.get(projectNumber) ?? this.#projects.get(projectNumber)
        if (project === undefined) throw new Error(`no project ${projectNumber} was held`)
        const account = this.#accountOf(found.key, accounts, projects)
        return { ...found, project, ...(account && { account }), evidence }
      })
    }
  }

  #accountOf(key: Key, accounts: AccountReading, projects: Projects): KeyAccount | undefined {
    const email = key.serviceAccountEmail?.trim() ?? ''
    const number = this.#table.find(email)
    if (number === undefined) return undefined
    const home = projectOfAccount(email)
    const project = home === undefined ? undefined : (projects.get(home)?.id ?? home)
    const areAll = accounts.hasAllRoles(email)
    const { roles, more } = this.#table.rolesOf(number)
    const keys = this.#table.keysOf(number)
    const createdForKey = isCreatedFor(key, { email, keys, made: this.#table.madeAt(number) })
    return {
      email,
      ...(project !== undefined && { project }),
      state: this.#table.stateOf(number),
      ...rolesShown(roles, areAll),
      ...(more > 0 && { moreRoles: more }),
      reach: reachOf(roles, areAll),
      keys,
      ...(createdForKey !== undefined && { createdForKey }),
    }
  }
}

/** Where roles may be missing, none that were seen are not said to be none. */
function rolesShown(roles: readonly HeldRole[], areAll: boolean): Pick<KeyAccount, 'roles'> {
  return areAll || roles.length > 0 ? { roles } : {}
}

/** Whether an account was made for a key alone: by the time between them, as far as that is known. */
function isCreatedFor(
  { createTime }: Key,
  { email, keys, made }: { readonly email: string; readonly keys: number; readonly made: number },
): boolean | undefined {
  if (keys > 1 || defaultAccountOf(email) !== undefined) return false
  const before = Date.parse(createTime ?? '') - made
  if (before >= 0 && before <= SOON) return true
  return before > LONG ? false : undefined
}

/** Lists of clients make a key up to fifty times as large as others; an observation is four times as large as a key. */
function weightOf({ key: { restrictions } }: Waiting): number {
  const { allowedReferrers, allowedIps, allowedApplications, allowedBundleIds } = restrictions
  const lists = [allowedReferrers, allowedIps, allowedApplications, allowedBundleIds]
  return 4 + lists.reduce((sum, { length }) => sum + length, 0) / 2
}
