/** One entry as it was written, its defaults filled in. */
export interface LogEntry {
  readonly logName: string
  readonly insertId: string
  /** RFC 3339. */
  readonly timestamp: string
  readonly receiveTimestamp: string
  readonly severity: string
  readonly resource: Readonly<Record<string, unknown>>
  readonly labels: Readonly<Record<string, string>>
  readonly jsonPayload?: Readonly<Record<string, unknown>>
  readonly textPayload?: string
}

/** What became of the entries of one request. */
export interface Written {
  readonly stored: number
  /** Too old for the retention, or too far ahead: Cloud Logging takes them and stores nothing. */
  readonly dropped: number
}

const DAY = 86_400_000

/** `counted`: entries are checked and counted only, where there are too many to keep. */
export type Keeping = 'kept' | 'counted'

/** A log bucket: keeps what is written, and shows entries of equal identity once. */
export class Log {
  readonly #entries: LogEntry[] = []
  readonly #counts = new Map<string, number>()
  #dropped = 0

  constructor(
    private readonly retentionDays: number,
    private readonly now: () => Date,
    readonly keeping: Keeping = 'kept',
  ) {}

  /** Everything that was stored, repetitions included, in the order of writing: what a sink exports. */
  get written(): readonly LogEntry[] {
    return this.#entries
  }

  /** How many entries were taken and not stored. */
  get dropped(): number {
    return this.#dropped
  }

  /** How many entries were stored, kept or counted only, by their label `record`; without one by ''. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts
  }

  write(entries: readonly LogEntry[]): Written {
    const kept = entries.filter((entry) => this.#keeps(entry))
    if (this.keeping === 'kept') this.#entries.push(...kept)
    for (const { labels } of kept) {
      const record = labels['record'] ?? ''
      this.#counts.set(record, (this.#counts.get(record) ?? 0) + 1)
    }
    this.#dropped += entries.length - kept.length
    return { stored: kept.length, dropped: entries.length - kept.length }
  }

  /** What queries show: of entries with the same log's project, timestamp and insertId only the first. */
  entries(): readonly LogEntry[] {
    const seen = new Set<string>()
    return this.#entries.filter((entry) => {
      const identity = [
        entry.logName.split('/', 2).join('/'),
        Date.parse(entry.timestamp),
        entry.insertId,
      ].join(' ')
      if (seen.has(identity)) return false
      seen.add(identity)
      return true
    })
  }

  /** @see https://cloud.google.com/logging/quotas */
  #keeps(entry: LogEntry): boolean {
    const age = this.now().getTime() - Date.parse(entry.timestamp)
    return age <= this.retentionDays * DAY && age >= -DAY
  }
}
