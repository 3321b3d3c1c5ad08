import { becauseText, fixText } from '../../errors.js'
import { ApiError, isPassing } from '../../google/errors.js'
import { mayPass } from '../../google/retry.js'
import type { Inventory } from '../../inventory/inventory.js'
import type { ReadingListener } from '../../inventory/reading.js'
import { covers } from '../../inventory/scopes.js'
import {
  AFFECTED_VERDICTS,
  type Gap,
  type Instant,
  type Observation,
  type Project,
  type Run,
} from '../../model.js'
import type { AssetChange } from '../../policy/asset-change.js'
import { judgedKey, ownerOf } from '../../policy/judged-key.js'
import type { Policy } from '../../policy/policy.js'
import { exclusionFor } from '../../policy/waivers.js'
import type { EventOutcome, UnreadFact } from '../../records/event-record.js'
import { type KeyRecord, keyRecord, type RecordedProject } from '../../records/key-record.js'
import { byUrgency } from '../../records/urgency.js'

/** A change with what Google shows now, judged. */
export interface JudgedChange {
  readonly change: AssetChange
  /** As a run of the time of the change. */
  readonly run: Run
  readonly project: RecordedProject
  readonly outcome: EventOutcome
  /** The keys that ask for something, the most urgent first. */
  readonly keys: readonly KeyRecord[]
  readonly unread: readonly UnreadFact[]
}

export interface JudgingDependencies {
  readonly scope: readonly string[]
  readonly policy: Policy
  readonly timeZone: string
  /** The run as which a change is recorded. */
  readonly runAt: (at: Instant) => Run
  /** Reads one project, `projects/NUMBER`. */
  readonly inventoryOf: (project: string, policy: Policy) => Inventory
}

/** Reading failed for a reason that may pass: the change is to come again. */
export class PassingFailure extends Error {
  override readonly name = 'PassingFailure'
}

/**
 * Reads the project of some changes, and judges its keys by what Google shows now: the changes may be old, or undone.
 * Throws a `PassingFailure` where asking again later can help.
 */
export async function judgedChanges(
  number: string,
  changes: readonly AssetChange[],
  parts: JudgingDependencies,
): Promise<readonly JudgedChange[]> {
  const reading = new ProjectReading(number)
  try {
    for await (const batch of parts.inventoryOf(`projects/${number}`, parts.policy).read(reading))
      reading.keys.push(...batch)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    if (mayPass(error)) throw new PassingFailure(`${error.message}.`)
    reading.gap({
      missing: 'projects',
      subject: `projects/${number}`,
      problem: error.problem,
      fingerprint: error.fingerprint,
    })
  }
  const passing = reading.gaps.find(
    ({ missing, problem }) => DECIDING.has(missing) && isPassing(problem.code),
  )
  if (passing !== undefined)
    throw new PassingFailure(`${becauseText(passing.problem)} (${passing.problem.code}).`)
  return changes.map((change) => judgedChange(change, reading, parts))
}

/** What a verdict on a new key rests on. */
const DECIDING: ReadonlySet<Gap['missing']> = new Set(['projects', 'keys', 'type', 'services'])

/** What the reading of one project finds. */
class ProjectReading implements ReadingListener {
  readonly keys: Observation[] = []
  readonly gaps: Gap[] = []
  seen: Project

  constructor(number: string) {
    this.seen = { number, id: number, state: 'ACTIVE', labels: {}, ancestors: [] }
  }

  get isRead(): boolean {
    return !this.gaps.some(({ missing }) => missing === 'projects' || missing === 'keys')
  }

  gap(gap: Gap): void {
    this.gaps.push(gap)
  }

  project(project: Project): void {
    this.seen = project
  }

  gone(project: Project): void {
    this.seen = project
  }

  remark(): void {}

  note(): void {}

  progress(): void {}
}

function judgedChange(
  change: AssetChange,
  reading: ProjectReading,
  parts: JudgingDependencies,
): JudgedChange {
  const { policy, timeZone, scope } = parts
  const { seen: project } = reading
  const run = parts.runAt(change.at)
  const owner = ownerOf(project, policy)
  const { number, id, ancestors } = project
  const said = {
    change,
    run,
    project: { number, id, ...(owner !== undefined && { owner }), ancestors },
    unread: reading.gaps.map(unreadFact),
  }
  const nothing = (outcome: EventOutcome) => ({ ...said, outcome, keys: [] })
  if (reading.keys.length === 0 && !reading.isRead) return nothing('unread')
  if (project.state !== 'ACTIVE') return nothing('gone')
  if (!scope.some((each) => covers(each, project))) return nothing('outside')
  if (exclusionFor(policy, project, run.asOf) !== undefined) return nothing('excluded')
  const its = reading.keys.filter(({ key }) => change.key === undefined || isSameKey(key.name, change.key))
  const live = its.filter(({ key }) => key.deleteTime === undefined)
  if (change.key !== undefined && live.length === 0) return nothing('gone')
  const records = live.map((found) => keyRecord(judgedKey(found, policy, run.asOf, timeZone), run))
  const keys = records.filter((record) => asksForSomething(record, change)).sort(byUrgency)
  return { ...said, outcome: keys.length === 0 ? 'harmless' : 'news', keys }
}

/** By its ID: the name of a project may stand in it as its number or its ID. */
function isSameKey(one: string, other: string): boolean {
  return one.slice(one.lastIndexOf('/')) === other.slice(other.lastIndexOf('/'))
}

/** Whether something has to be done about a key, after a change that may have been undone meanwhile. */
function asksForSomething({ key, verdict, notes }: KeyRecord, { kind }: AssetChange): boolean {
  if (AFFECTED_VERDICTS.includes(verdict)) {
    return key.apiRestriction === 'none' || (kind !== 'restriction-removed' && kind !== 'key-changed')
  }
  if (kind === 'gemini-enabled') return false
  return verdict === 'latent'
    ? key.apiRestriction === 'none' || kind === 'key-made'
    : notes.includes('unrestricted-auth-key')
}

function unreadFact({ missing, problem }: Gap): UnreadFact {
  return { missing, because: becauseText(problem), fix: fixText(problem) }
}
