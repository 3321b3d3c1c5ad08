import PQueue from 'p-queue'
import { type FailedRun, type JudgedRun, keysOf } from '../history/judged-run.js'
import { canonical, sha256 } from '../records/canonical.js'
import type { GapRecord } from '../records/gap-record.js'
import {
  isHidden,
  type SecurityCenterFinding,
  securityCenterFindingsOf,
  unknownOf,
} from '../report/security-center-finding.js'
import { counted } from '../report/wording.js'
import { type Delivery, DeliveryError, type Receipt } from './delivery.js'

/** A finding of this audit that is there already. */
export interface StoredFinding {
  readonly id: string
  readonly isActive: boolean
  readonly isMuted: boolean
  readonly properties: Readonly<Record<string, unknown>>
}

/** What is written of a finding; the time is when it was seen last, or was seen to be gone. */
export type WrittenFinding = Omit<SecurityCenterFinding, 'id' | 'isMuted'> & { readonly eventTime: string }

/** A source of Security Command Center. Its methods throw `DeliveryError`. */
export interface FindingSource {
  /** `organizations/9/sources/5`. */
  readonly name: string
  /** All findings of an audit, in any state. */
  list(audit: string): AsyncIterable<StoredFinding>
  /** False where there is one of this ID already. */
  create(id: string, finding: WrittenFinding): Promise<boolean>
  /** Replaces all that this program writes of a finding. */
  update(id: string, finding: WrittenFinding): Promise<void>
  /** Leaves all else of the finding as it is. */
  deactivate(id: string, eventTime: string): Promise<void>
  setMute(id: string, mute: 'MUTED' | 'UNMUTED'): Promise<void>
}

/** Requests under way at once; how many may begin in a minute the source itself sees to. */
const AT_ONCE = 16

/**
 * Keeps the findings of an audit in Security Command Center as the run has found them: one for each affected or exempt
 * key and for each thing to be looked at on others, exempt ones muted, those that are gone inactive. What is there as
 * it should be is not written again, so that an attempt goes on where the one before has stopped.
 */
export class SecurityCenterDelivery implements Delivery {
  readonly what = 'the findings'
  readonly to: string
  readonly isRepeatable = true
  readonly #source: FindingSource

  constructor(source: FindingSource) {
    this.to = `scc:${source.name}`
    this.#source = source
  }

  /** A finding that Google refuses is a problem of the delivery; the others are written all the same. */
  async deliver(run: JudgedRun | FailedRun): Promise<Receipt> {
    if (run.kind === 'failed') return { problems: [] }
    const stored = new Map<string, StoredFinding>()
    for await (const found of this.#source.list(run.run.audit)) stored.set(found.id, found)
    const writing = new Writing(this.#source, run.run.time)
    const unknown = new Map<string, 'all' | 'account'>()
    const current = new Set<string>()
    for await (const record of keysOf(run)) {
      const hidden = unknownOf(record)
      if (hidden !== undefined) unknown.set(record.key.name, hidden)
      for (const finding of securityCenterFindingsOf(record)) {
        current.add(finding.id)
        await writing.begin(() => writing.bring(finding, stored.get(finding.id)))
      }
    }
    const isUnread = unreadBy(run.gaps)
    for (const { id, isActive, properties } of stored.values()) {
      if (!isActive || current.has(id) || isUnread(properties)) continue
      if (isHidden(properties['rule'], unknown.get(String(properties['key'])))) continue
      await writing.begin(() => writing.end(id))
    }
    return writing.receipt(this.to)
  }
}

/** Writes findings side by side, and gathers what was refused. */
class Writing {
  readonly #source: FindingSource
  readonly #time: string
  readonly #queue = new PQueue({ concurrency: AT_ONCE })
  readonly #refused: DeliveryError[] = []
  #stopped: unknown

  constructor(source: FindingSource, time: string) {
    this.#source = source
    this.#time = time
  }

  /** Resolves when there is room for more. Throws what makes further requests useless. */
  async begin(write: () => Promise<void>): Promise<void> {
    await this.#queue.onSizeLessThan(1)
    if (this.#stopped !== undefined) throw this.#stopped
    void this.#queue.add(write).catch((error: unknown) => {
      if (error instanceof RefusedFinding) this.#refused.push(error)
      else this.#stopped ??= error
    })
  }

  /** Makes a finding what it should be. */
  async bring(finding: SecurityCenterFinding, stored: StoredFinding | undefined): Promise<void> {
    const { id, isMuted = false, ...shown } = finding
    const content = sha256(canonical(finding))
    const written = {
      ...shown,
      sourceProperties: { ...shown.sourceProperties, content },
      eventTime: this.#time,
    }
    const isNew = stored === undefined && (await this.#source.create(id, written))
    const isAsItIs = stored?.isActive === true && stored.properties['content'] === content
    if (!isNew && !isAsItIs) await this.#source.update(id, written)
    if (isMuted && stored?.isMuted !== true) await this.#source.setMute(id, 'MUTED')
    // What a person has muted stays so.
    const wasExempt = stored?.properties['verdict'] === 'exempt'
    if (!isMuted && wasExempt && stored.isMuted) await this.#source.setMute(id, 'UNMUTED')
  }

  end(id: string): Promise<void> {
    return this.#source.deactivate(id, this.#time)
  }

  async receipt(to: string): Promise<Receipt> {
    await this.#queue.onIdle()
    if (this.#stopped !== undefined) throw this.#stopped
    const [first, ...others] = this.#refused
    if (first === undefined) return { problems: [] }
    const more = others.length === 0 ? '' : ` The same of ${counted(others.length, 'other finding')}.`
    return { problems: [new DeliveryError(to, false, `${first.message}${more}`, first.explanation)] }
  }
}

/** One finding that was refused for what it is: the others may be taken. */
export class RefusedFinding extends DeliveryError {}

/**
 * Whether a key may be missing among the records because it was not read: a finding of it is not ended then. A gap
 * that names no project, or has more subjects than it names, may be of any key.
 */
function unreadBy(gaps: readonly GapRecord[]): (properties: StoredFinding['properties']) => boolean {
  const hiding = gaps.filter(({ missing }) => missing === 'projects' || missing === 'keys')
  const subjects = new Set(hiding.flatMap((gap) => gap.subjects))
  const mayBeAny = hiding.some(
    (gap) =>
      gap.subjectCount > gap.subjects.length || gap.subjects.some((name) => !name.startsWith('projects/')),
  )
  return ({ key, project }) => {
    const name = String(key)
    const [, number = ''] = name.split('/')
    return mayBeAny || [name, `projects/${number}`, `projects/${project}`].some((each) => subjects.has(each))
  }
}
