import { AFFECTED_VERDICTS } from '../model.js'
import type { Route } from '../policy/policy.js'
import { holderOf } from '../policy/waivers.js'
import { type Affected, AffectedCount, isNewlyStopped } from '../records/affected.js'
import { ChangeTally } from '../records/change-tally.js'
import { recordsFix } from '../records/fixes.js'
import type { GapRecord } from '../records/gap-record.js'
import { type GoneRecord, isGone } from '../records/gone-record.js'
import { KeyCounts } from '../records/key-counts.js'
import { type KeyRecord, type RecordedProject, trafficIn } from '../records/key-record.js'
import type { AuditRecord } from '../records/records.js'
import { type Changes, isQuiet, type JudgedRunRecord } from '../records/run-record.js'
import type { DigestFacts } from './digest/digest-facts.js'
import { listed } from './wording.js'

/** Whether a route leads the keys of a project to its channel. */
export function isRouted(project: RecordedProject, { by, subject }: Route): boolean {
  switch (by) {
    case 'owner':
      return project.owner === subject
    case 'folder':
      return project.ancestors.includes(subject)
    case 'project':
      return subject === `projects/${project.id}` || subject === `projects/${project.number}`
  }
}

/** Whether one of the routes leads a key to their channel. */
export function isRoutedBy(routes: readonly Route[], { key }: KeyRecord | GoneRecord): boolean {
  return routes.some((route) => isRouted(key.project, route))
}

/**
 * The run as a further channel reports it: with the keys of its routes alone. What could not be read may hold such
 * keys, so that an incomplete run is incomplete for every channel.
 */
export async function routedFacts(
  facts: DigestFacts,
  routes: readonly Route[],
  records: AsyncIterable<AuditRecord>,
): Promise<DigestFacts> {
  const routed = new RoutedRun()
  const others = new Set<string>()
  for await (const record of records) {
    if (record.record !== 'key') continue
    if (isRoutedBy(routes, record)) routed.add(record)
    else for (const name of namesOf(record.key.project)) others.add(name)
  }
  return {
    ...facts,
    run: routed.runFrom(facts.run),
    affected: routed.affected,
    gaps: facts.gaps.flatMap((gap) => withoutOthers(gap, others)),
    part: listed(routes.map(({ subject }) => subject)),
  }
}

function namesOf({ id, number }: RecordedProject): readonly string[] {
  return [`projects/${id}`, `projects/${number}`]
}

/** The gap without the projects that are known to be of others; what may hold keys of the routes stays. */
function withoutOthers(gap: GapRecord, others: ReadonlySet<string>): readonly GapRecord[] {
  const subjects = gap.subjects.filter((subject) => !others.has(holderOf(subject)))
  const subjectCount = gap.subjectCount - gap.subjects.length + subjects.length
  return subjectCount === 0 ? [] : [{ ...gap, subjects, subjectCount }]
}

/** A run with some of its keys alone, counted from their records. */
class RoutedRun {
  readonly #keys = new KeyCounts()
  readonly #changes = new ChangeTally()
  readonly #projects = new Set<string>()
  readonly #affected = new AffectedCount()

  add(record: KeyRecord | GoneRecord): void {
    this.#changes.change(record.change, recordsFix(record))
    if (isGone(record)) return
    this.#projects.add(record.key.project.number)
    if (isNewlyStopped(record)) this.#changes.stop(trafficIn(record))
    if (AFFECTED_VERDICTS.includes(record.verdict)) this.#affected.add(record)
    else this.#affected.beside(record)
    this.#keys.add(record.key.type, record.account, record)
  }

  get affected(): Affected {
    return this.#affected.affected
  }

  /** The record of the run for these keys; what all traffic shows of a deadline is left to the whole. */
  runFrom(run: JudgedRunRecord): JudgedRunRecord {
    const { exclusions: _exclusions, notices: _notices, ...policy } = run.policy
    const { complete, gaps } = run.coverage
    const excluded = { projects: 0, verdict: {} }
    return {
      ...run,
      coverage: { complete, projects: this.#projects.size, inactive: 0, excluded, gaps },
      counts: this.#keys.counts,
      enforcement: {},
      changes: this.#changesIn(run.changes),
      policy,
    }
  }

  #changesIn({ since, sinceDay, quietSince }: Changes): Changes {
    const changes = { since, ...(sinceDay === undefined ? {} : { sinceDay }), ...this.#changes.counts }
    return quietSince !== undefined && isQuiet(changes) ? { ...changes, quietSince } : changes
  }
}
