import { type Remark, remarkText } from '../errors.js'
import { leftOver } from '../history/backlog.js'
import { Comparison } from '../history/comparison.js'
import type { Earlier } from '../history/earlier-runs.js'
import type { FreshRun } from '../history/judged-run.js'
import type { ReadingListener } from '../inventory/reading.js'
import { AffectedKeys } from '../memory/affected-keys.js'
import { withLastAccepted } from '../memory/knowledge.js'
import { Ledger } from '../memory/ledger.js'
import {
  AFFECTED_VERDICTS,
  type Gap,
  type Instant,
  type Observation,
  type Project,
  type ReadingNotes,
  type Run,
} from '../model.js'
import { isByRules, judge } from '../policy/judge.js'
import { judgedKey } from '../policy/judged-key.js'
import type { JudgedKey, Judgement } from '../policy/judgement-types.js'
import { builtInText, type Policy, type Waiver } from '../policy/policy.js'
import { exclusionFor, knownGapFor, summarizeWaivers } from '../policy/waivers.js'
import { usesOf } from '../records/affected.js'
import { canonical, sha256 } from '../records/canonical.js'
import { Gaps } from '../records/gaps.js'
import { type KeyRecord, keyRecord } from '../records/key-record.js'
import { policyRecords } from '../records/policy-record.js'
import type { AuditRecord } from '../records/records.js'
import { runPolicy } from '../records/run-policy.js'
import { archiveSentences, runRecord } from '../records/run-record.js'
import { type ProjectStatus, Tally } from '../records/tally.js'
import { TOOL } from '../version.js'
import { stoppedGap } from './stopped-reading.js'

export interface AssessmentOptions {
  /** Which keys get a record: all, or none for compliant and not-affected ones of which nothing is to be looked at. */
  readonly records: 'all' | 'relevant'
  readonly now: () => Instant
  /** IANA zone in which days are counted. */
  readonly timeZone: string
  readonly progress?: ReadingListener['progress']
  /** Sentences about how this run is carried out, beside those of the reading. */
  readonly remarks?: readonly string[]
}

/** One run being judged, key by key as the inventory reads them. What it holds is packed. */
export class Assessment implements ReadingListener {
  readonly #run: Run
  readonly #policy: Policy
  readonly #options: AssessmentOptions
  readonly #tally: Tally
  readonly #gaps: Gaps
  readonly #ledger = new Ledger()
  readonly #affected = new AffectedKeys()
  readonly #remarks: string[]
  #notes: ReadingNotes = {}
  readonly #matched = new Set<Waiver>()
  readonly #statuses = new Map<string, ProjectStatus>()
  readonly #projects = new Map<string, Project>()
  readonly #earlier: Earlier | undefined
  readonly #comparison: Comparison
  readonly #silent = new Ledger()
  readonly #unread: Gap[] = []

  /** `earlier`: what the archive holds; undefined without an archive. */
  constructor(run: Run, policy: Policy, options: AssessmentOptions, earlier?: Earlier) {
    this.#run = run
    this.#policy = policy
    this.#options = options
    this.#earlier = earlier
    this.#comparison = new Comparison(run, policy, earlier?.baseline)
    this.#remarks = [...(options.remarks ?? [])]
    this.#tally = new Tally({
      deadlines: policy.deadlines,
      asOf: run.asOf,
      dormancyDecides: (key) => this.#dormancyDecides(key),
    })
    this.#gaps = new Gaps({
      isKnown: (gap) => this.#isKnown(gap),
      otherNames: (subject) => {
        const project = this.#projectOf(subject)
        return project === undefined ? [] : [project.id, project.number]
      },
    })
  }

  gap(gap: Gap): void {
    this.#gaps.add(gap)
    this.#unread.push(gap)
  }

  /** What could not be read so far. */
  get unread(): readonly Gap[] {
    return this.#unread
  }

  remark(remark: Remark): void {
    this.#remarks.push(remarkText(remark))
  }

  gone(project: Project): void {
    this.#projects.set(project.number, project)
    this.#statuses.set(project.number, 'inactive')
    this.#tally.gone(project)
  }

  note(notes: ReadingNotes): void {
    this.#notes = { ...this.#notes, ...notes }
  }

  project(project: Project): void {
    this.#projects.set(project.number, project)
    this.#tally.project(project, this.#statusOf(project))
  }

  progress(step: string, done: number, total?: number): void {
    this.#options.progress?.(step, done, total)
  }

  /** Judges keys, and keeps the records of those that get one. */
  async add(observations: readonly Observation[]): Promise<void> {
    for (const observation of observations) {
      const status = this.#statusOf(observation.project)
      if (status === 'inactive') this.#tally.inactiveKey()
      else if (status === 'excluded') this.#tally.excludedKey(this.#judged(observation))
      else {
        const judged = this.#judged(observation)
        // There is nothing to wait for with most keys.
        if (this.#count(judged)) await this.#addRecord(judged)
        else if (isAuthKeyWithCalls(judged)) this.#affected.beside(this.#recordOf(judged))
      }
    }
  }

  /** Ends the judging: the run record with its counts, and everything that is delivered. */
  async conclude(): Promise<FreshRun> {
    const gaps = this.#gaps.records(this.#run)
    for (const record of gaps) await this.#keep(record)
    for (const record of this.#policyRecords()) await this.#keep(record)
    await this.#addGone()
    const stopped = stoppedGap(this.#unread)
    const changes = this.#comparison.changesWith(gaps, this.#tally.counts())
    const waivers = summarizeWaivers(this.#policy, this.#matched, this.#run.asOf)
    const record = runRecord({
      run: this.#run,
      startedAt: this.#run.reading,
      judgedAt: this.#options.now(),
      tally: this.#tally,
      gaps: this.#gaps,
      policy: runPolicy(this.#policy, waivers),
      records: { count: this.#ledger.count, sha256: await this.#ledger.sha256() },
      tool: TOOL,
      remarks: this.#remarks,
      notes: this.#notes,
      archive: archiveSentences(this.#earlier?.passedOver ?? []),
      uses: usesOf(this.#affected.summary),
      ...(changes && { changes }),
      ...this.#link(),
    })
    return {
      kind: 'judged',
      run: this.#run,
      record,
      ledger: this.#ledger,
      silent: this.#silent,
      leftOver: leftOver(this.#unread, this.#earlier?.baseline?.backlog),
      comparison: this.#comparison,
      affected: this.#affected.summary,
      affectedKeys: this.#affected,
      gaps,
      ...(stopped && { stopped }),
      policy: this.#policy,
    }
  }

  /** Counts a key; whether it gets a record. */
  #count(judged: JudgedKey): boolean {
    this.#tally.key(judged)
    for (const exemption of judged.judgement.exemptionsNeeded ?? []) this.#matched.add(exemption)
    return this.#earlier !== undefined || this.#isLogged(judged.judgement)
  }

  async #addRecord(judged: JudgedKey): Promise<void> {
    const { verdict } = judged.judgement
    const record = this.#recordOf(judged)
    const text = await this.#keep(record, this.#isLogged(judged.judgement))
    if (AFFECTED_VERDICTS.includes(verdict)) await this.#affected.add(record, text)
    else this.#affected.beside(record)
  }

  #recordOf(judged: JudgedKey): KeyRecord {
    if (this.#earlier === undefined) return keyRecord(judged, this.#run)
    const { lastAcceptedSeen: seen, ...history } = this.#comparison.key(judged)
    return withLastAccepted(keyRecord(judged, this.#run, history), seen)
  }

  async #addGone(): Promise<void> {
    const statusOf = (projectNumber: string) => this.#statuses.get(projectNumber)
    for (const record of this.#comparison.conclude({ statusOf, gaps: this.#unread })) {
      await this.#keep(record, this.#isLogged({ verdict: record.previousVerdict }))
    }
  }

  #isLogged({ verdict, hygiene }: Pick<Judgement, 'verdict' | 'hygiene'>): boolean {
    if (this.#options.records === 'all' || hygiene !== undefined) return true
    return verdict !== 'compliant' && verdict !== 'not-affected'
  }

  /** A run by another day is no link of the chain. */
  #link(): { previous?: NonNullable<Earlier['link']>; overtakenBy?: NonNullable<Earlier['link']> } {
    if (this.#earlier === undefined || this.#run.asOfOverridden) return {}
    const { link, overtakenBy } = this.#earlier
    return { ...(link && { previous: link }), ...(overtakenBy && { overtakenBy }) }
  }

  /** When it changed, and in the first run of a month; without a memory every time. */
  #policyRecords() {
    const before = this.#earlier?.baseline?.record
    if (this.#policy.text === '') return before?.policy.sha256 === undefined ? [] : this.#builtInRecords()
    const isRecorded =
      before?.policy.sha256 === this.#policy.sha256 && before?.asOf.slice(0, 7) === this.#run.asOf.slice(0, 7)
    return isRecorded ? [] : policyRecords(this.#policy, this.#run)
  }

  /** The built-in policy is recorded where it takes over from a file: else nothing would say what was judged by. */
  #builtInRecords() {
    return policyRecords({ source: this.#policy.source, text: builtInText(this.#policy) }, this.#run)
  }

  /** Keeps a record, and resolves to its canonical form. */
  async #keep(record: AuditRecord, isLogged = true): Promise<string> {
    const text = canonical(record)
    const ledger = isLogged ? this.#ledger : this.#silent
    await ledger.add({ insertId: sha256(text), canonical: text })
    return text
  }

  #judged(observation: Observation): JudgedKey {
    return judgedKey(observation, this.#policy, this.#run.asOf, this.#options.timeZone)
  }

  #dormancyDecides({ facts, judgement }: JudgedKey): boolean {
    if (!isByRules(judgement)) return false
    return judge({ ...facts, dormant: true }, this.#policy, this.#run.asOf).verdict !== judgement.verdict
  }

  #statusOf(project: Project): ProjectStatus {
    const known = this.#statuses.get(project.number)
    if (known !== undefined) return known
    const exclusion = exclusionFor(this.#policy, project, this.#run.asOf)
    if (exclusion !== undefined) this.#matched.add(exclusion)
    const status = project.state !== 'ACTIVE' ? 'inactive' : exclusion === undefined ? 'audited' : 'excluded'
    this.#statuses.set(project.number, status)
    return status
  }

  #isKnown(gap: Gap): boolean {
    const known = knownGapFor(this.#policy, gap, this.#run.asOf, this.#projectOf(gap.subject))
    if (known !== undefined) this.#matched.add(known)
    return known !== undefined
  }

  #projectOf(subject: string): Project | undefined {
    return this.#projects.get(subject.split('/')[1] ?? '')
  }
}

/** Whether a key without a record may be news all the same, since it stopped working. */
function isAuthKeyWithCalls({ facts: { type, usage } }: JudgedKey): boolean {
  return type === 'auth' && !('unknown' in usage)
}
