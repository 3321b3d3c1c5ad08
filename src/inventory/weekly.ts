import { dayOf, daysBetween } from '../calendar.js'
import type { Day, Instant, Key, Project } from '../model.js'
import { keyTypeOf } from '../policy/facts.js'
import { tieBreakOf } from '../policy/reading-order.js'
import type { InventoryOptions } from './reading.js'

const WEEK = 7
const FIRST_DAY = '1970-01-01' as Day

/**
 * The projects all of whose candidates are auth keys that an earlier run confirmed and that the inventory shows
 * unchanged since. Nothing of them can have become worse, so that each is confirmed once a week, on a day of its own.
 */
export class WeeklyProjects {
  readonly #options: InventoryOptions
  /** By number, with the confirmation that is longest ago; undefined for a project that does not belong here. */
  readonly #projects = new Map<
    string,
    { readonly project: Project; readonly confirmedAt: Instant } | undefined
  >()

  constructor(options: InventoryOptions) {
    this.#options = options
  }

  /** Takes note of a candidate. False where its project is to be confirmed in this run for its sake. */
  holds(key: Key, project: Project): boolean {
    const { number } = project
    const confirmedAt = this.#isKnownFor(number) ? undefined : this.#unchangedSince(key)
    const earlier = this.#projects.get(number)
    if (confirmedAt === undefined || (this.#projects.has(number) && earlier === undefined)) {
      this.#projects.set(number, undefined)
      return false
    }
    const isOlder = earlier === undefined || confirmedAt < earlier.confirmedAt
    if (isOlder) this.#projects.set(number, { project, confirmedAt })
    return true
  }

  /** Those that are to be confirmed in this run, the longest ago first. */
  due(): readonly Project[] {
    const today = dayOf(this.#options.now(), 'UTC')
    return [...this.#projects.values()]
      .filter((held) => held !== undefined)
      .filter(({ project, confirmedAt }) => isDue(project.number, dayOf(confirmedAt, 'UTC'), today))
      .sort((one, other) => (one.confirmedAt < other.confirmedAt ? -1 : 1))
      .map(({ project }) => project)
  }

  /** Whether anything but auth keys is known of a project, or nothing at all is remembered. */
  #isKnownFor(number: string): boolean {
    const earlier = this.#options.earlierProject?.(number)
    return earlier === undefined || earlier.leftFor > 0 || earlier.stake !== 'none'
  }

  /**
   * Since when a key is known to be an auth key as the inventory shows it. Of one whose service account the inventory
   * shows, it may be known from there alone.
   */
  #unchangedSince({ uid, flaw, serviceAccountEmail, updateTime }: Key): Instant | undefined {
    const remembered = this.#options.rememberedType?.(uid)
    if (remembered?.type !== 'auth' || flaw !== undefined || updateTime === undefined) return undefined
    if (keyTypeOf(serviceAccountEmail) === 'auth') return undefined
    return Date.parse(updateTime) <= Date.parse(remembered.readAt) ? remembered.readAt : undefined
  }
}

/** Once a week on the project's own day, and at the latest a week after the last time. */
function isDue(number: string, confirmedOn: Day, today: Day): boolean {
  const age = daysBetween(confirmedOn, today)
  const ownDay = Math.floor(tieBreakOf(number, 'week') * WEEK)
  return age >= WEEK || (age > 0 && daysBetween(FIRST_DAY, today) % WEEK === ownDay)
}
