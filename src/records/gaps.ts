import { GAP_KINDS, type Gap, type GapKind, type Run } from '../model.js'
import { type GapRecord, gapRecord } from './gap-record.js'

export interface GapQuestions {
  /** Whether the policy names the gap as known. */
  readonly isKnown?: (gap: Gap) => boolean
  /** Other names under which servers may speak of a subject, such as a project's ID. */
  readonly otherNames?: (subject: string) => readonly string[]
}

interface Cause {
  sample: Gap
  readonly known: boolean
  readonly subjects: Set<string>
}

/**
 * The gaps of a run, gathered by cause while the reading goes on: same thing missing, same reason, and an equal
 * fingerprint. Memory grows with the subjects, never with the keys.
 */
export class Gaps {
  readonly #causes = new Map<string, Cause>()
  readonly #isKnown: (gap: Gap) => boolean
  readonly #otherNames: (subject: string) => readonly string[]

  constructor({ isKnown = () => false, otherNames = () => [] }: GapQuestions = {}) {
    this.#isKnown = isKnown
    this.#otherNames = otherNames
  }

  add(gap: Gap): void {
    const known = this.#isKnown(gap)
    const name = JSON.stringify([gap.missing, gap.problem.code, known, ...this.#causeOf(gap)])
    const cause = this.#causes.get(name)
    if (cause === undefined) {
      this.#causes.set(name, { sample: gap, known, subjects: new Set([gap.subject]) })
      return
    }
    cause.subjects.add(gap.subject)
    if (gap.subject < cause.sample.subject) cause.sample = gap
  }

  /** How many subjects miss what; a subject counts once for each kind. */
  counts(): Readonly<Record<GapKind, number>> {
    const subjects = emptyKinds(() => new Set<string>())
    for (const cause of this.#causes.values()) {
      for (const subject of cause.subjects) subjects[cause.sample.missing].add(subject)
    }
    return emptyKinds((kind) => subjects[kind].size)
  }

  /**
   * Whether a gap that the policy does not know could change a verdict. Missing usage does only where
   * dormancy alone would decide one, which `dormancyDecides` answers for the gap's subject.
   */
  hideVerdicts(dormancyDecides: (subject: string) => boolean): boolean {
    return [...this.#causes.values()].some(({ sample, known, subjects }) => {
      if (known) return false
      return hidesVerdict(sample.missing, () => [...subjects].some(dormancyDecides))
    })
  }

  /** One record for each cause, the kinds in their order, large causes first. */
  records(run: Run): readonly GapRecord[] {
    return [...this.#causes.values()]
      .map(({ sample, known, subjects }) => gapRecord({ sample, known, subjects: [...subjects].sort() }, run))
      .sort(byWeight)
  }

  /** Without what names the subject itself: the rest is the same for all gaps of one cause. */
  #causeOf({ subject, fingerprint: { parts, chargedTo, words = '' } }: Gap): readonly unknown[] {
    const names = [...namesOf(subject), ...this.#otherNames(subject)]
    const isOwn = chargedTo === undefined || names.includes(chargedTo)
    return [collectionOf(subject), parts, isOwn ? '' : chargedTo, names.reduce(withoutName, words)]
  }
}

/** `projects` for `projects/1`, `projects/locations/keys` for a key. */
function collectionOf(subject: string): string {
  return subject
    .split('/')
    .filter((_part, index) => index % 2 === 0)
    .join('/')
}

/** A server may speak of `projects/1/locations/global/keys/abc` as `projects/1`, `1` and `abc` as well. */
function namesOf(subject: string): readonly string[] {
  const [collection, id = ''] = subject.split('/')
  return [subject, `${collection}/${id}`, id, subject.slice(subject.lastIndexOf('/') + 1)]
}

/** The name is data, so no pattern is made of it: it is replaced where it stands as a whole word. */
function withoutName(words: string, name: string): string {
  if (name === '') return words
  const [first = '', ...rest] = words.split(name)
  return rest.reduce((text, part) => {
    const isWord = !/[\w-]$/.test(text) && !/^[\w-]/.test(part)
    return `${text}${isWord ? '…' : name}${part}`
  }, first)
}

function hidesVerdict(missing: GapKind, dormancyDecides: () => boolean): boolean {
  switch (missing) {
    case 'projects':
    case 'keys':
    case 'type':
    case 'services':
      return true
    case 'usage':
      return dormancyDecides()
    case 'policy':
    case 'accounts':
      return false
  }
}

function emptyKinds<Value>(valueFor: (kind: GapKind) => Value): Record<GapKind, Value> {
  return {
    projects: valueFor('projects'),
    keys: valueFor('keys'),
    type: valueFor('type'),
    services: valueFor('services'),
    usage: valueFor('usage'),
    policy: valueFor('policy'),
    accounts: valueFor('accounts'),
  }
}

function byWeight(one: GapRecord, other: GapRecord): number {
  return (
    GAP_KINDS.indexOf(one.missing) - GAP_KINDS.indexOf(other.missing) ||
    other.subjectCount - one.subjectCount ||
    (`${one.reason} ${one.because} ${one.fix}` < `${other.reason} ${other.because} ${other.fix}` ? -1 : 1)
  )
}
