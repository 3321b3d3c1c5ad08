import { Entry, v2 } from '@google-cloud/logging'
import type { AuthClient } from 'google-auth-library'
import PQueue from 'p-queue'
import pRetry from 'p-retry'
import type { FailedRun, JudgedRun } from '../history/judged-run.js'
import type { DeliveryRecord } from '../records/delivery-record.js'
import { entryOf, entryOfLine, type LogEntry } from '../records/entries.js'
import type { EventRecord } from '../records/event-record.js'
import type { Delivery, Receipt } from './delivery.js'
import { isQuotaUsedUp, loggingError } from './logging-error.js'

interface BatchLimits {
  readonly entries: number
  /** Bytes of the entries as JSON. */
  readonly bytes: number
}

/** Room for what an entry carries besides its payload: names, labels, resource. */
const ENVELOPE = 1024

/** The entries in their order, gathered into batches within the limits; an entry alone may be larger. */
async function* batches(
  entries: Iterable<LogEntry> | AsyncIterable<LogEntry>,
  limits: BatchLimits,
): AsyncGenerator<readonly LogEntry[], void, undefined> {
  let batch: LogEntry[] = []
  let bytes = 0
  for await (const entry of entries) {
    const size = (entry.bytes ?? Buffer.byteLength(JSON.stringify(entry.payload))) + ENVELOPE
    if (batch.length > 0 && (batch.length === limits.entries || bytes + size > limits.bytes)) {
      yield batch
      batch = []
      bytes = 0
    }
    batch.push(entry)
    bytes += size
  }
  if (batch.length > 0) yield batch
}

export interface RecordLogOptions {
  /** The project that owns the log: its ID or number. */
  readonly project: string
  readonly logName: string
  readonly authClient: AuthClient
  /** An `http://` origin that stands for Google's. */
  readonly origin?: string
  readonly limits?: Partial<RecordLogLimits>
}

export interface RecordLogLimits extends BatchLimits {
  /** Writes under way at once. */
  readonly writes: number
  /** Milliseconds for one write, the client's own retries included. */
  readonly timeout: number
  /** Milliseconds before a write that met a quota is tried again; doubled each time. */
  readonly wait: number
  /** Milliseconds for which one write goes on trying against a quota, and all of them together. */
  readonly waitLimit: number
}

/** A write may have 10 MB and a thousand entries; the client makes several objects of each value that it sends. */
const LIMITS: RecordLogLimits = {
  entries: 250,
  bytes: 4 * 1024 * 1024,
  writes: 5,
  timeout: 60_000,
  wait: 2_000,
  waitLimit: 300_000,
}

/** Bytes of an answer to a write, which is empty, or names the entries that were refused. */
const LARGEST_ANSWER = 4 * 1024 * 1024

/** A quota counts minutes: to wait for longer than one is of no use. */
const LONGEST_WAIT = 60_000

/** The fields of a write. */
interface WriteRequest {
  readonly logName: string
  readonly resource: { readonly type: 'global'; readonly labels: { readonly project_id: string } }
  readonly entries: ReturnType<Entry['toJSON']>[]
  readonly partialSuccess?: boolean
  readonly dryRun?: boolean
}

/** What of Google's `LoggingServiceV2Client` writes entries; its package leaves that class untyped. */
interface LoggingService {
  writeLogEntries(request: WriteRequest, options: { readonly timeout: number }): Promise<unknown>
}

/**
 * Cloud Logging, as far as records need it.
 *
 * Not through `Logging` of `@google-cloud/logging`: each of its instances also makes a `ConfigServiceV2Client`, which
 * adds its operations' paths to the JSON of the API once more (`overrideHttpRules` of `google-gax`). The cache of
 * `google-gax` goes by that JSON, and so keeps all of the API's types once for each instance, 0.7 MiB, for as long
 * as the process lives.
 */
export class RecordLog {
  readonly #service: LoggingService
  readonly #logName: string
  readonly #project: string
  /** Milliseconds that writes have waited for a quota: thousands of them must not each wait for long. */
  #waited = 0
  readonly #limits: RecordLogLimits
  readonly #resource: WriteRequest['resource']
  /** `logging:projects/PROJECT/logs/NAME`. */
  readonly to: string

  constructor({ project, logName, authClient, origin, limits }: RecordLogOptions) {
    // By the first gaxios refuses a stated length, by the second it counts what comes.
    const sizeLimits = { maxContentLength: LARGEST_ANSWER, size: LARGEST_ANSWER }
    authClient.transporter.defaults = { ...authClient.transporter.defaults, ...sizeLimits }
    const options = { projectId: project, authClient, fallback: true, ...endpointOf(origin) }
    this.#service = new v2.LoggingServiceV2Client(options)
    this.#logName = `projects/${project}/logs/${encodeURIComponent(logName)}`
    this.#project = project
    this.#limits = { ...LIMITS, ...limits }
    this.#resource = { type: 'global', labels: { project_id: project } }
    this.to = `logging:projects/${project}/logs/${logName}`
  }

  /**
   * Writes all entries and resolves with their number once Cloud Logging has taken them. Written again, an
   * entry has the same `insertId`. Throws a `DeliveryError` for the first write that fails; others that were
   * under way may have succeeded.
   */
  async write(entries: Iterable<LogEntry> | AsyncIterable<LogEntry>): Promise<number> {
    const queue = new PQueue({ concurrency: this.#limits.writes })
    const failures: unknown[] = []
    let written = 0
    try {
      for await (const batch of batches(entries, this.#limits)) {
        await queue.onSizeLessThan(1)
        if (failures.length > 0) break
        const write = queue.add(() => this.#writeBatch(batch))
        void write.then(
          () => {
            written += batch.length
          },
          (failure: unknown) => failures.push(failure),
        )
      }
    } finally {
      await queue.onIdle()
    }
    if (failures.length > 0) throw loggingError(failures[0], this.to)
    return written
  }

  /** Has Cloud Logging check a write as if it were to store it. Throws a `DeliveryError`. */
  async rehearse(): Promise<void> {
    const entry = new Entry({ severity: 'DEBUG' }, { record: 'rehearsal' })
    try {
      await this.#service.writeLogEntries(
        { ...this.#request([entry]), dryRun: true },
        { timeout: this.#limits.timeout },
      )
    } catch (error) {
      throw loggingError(error, this.to)
    }
  }

  /** The client retries lost connections and 5xx by itself, but not a quota that is used up. */
  async #writeBatch(batch: readonly LogEntry[]): Promise<void> {
    const { timeout, wait, waitLimit, writes } = this.#limits
    await pRetry(() => this.#send(batch, timeout), {
      minTimeout: wait,
      maxTimeout: LONGEST_WAIT,
      maxRetryTime: waitLimit,
      retries: Number.POSITIVE_INFINITY,
      randomize: true,
      shouldRetry: ({ error, retryDelay }) => {
        if (!isQuotaUsedUp(error)) return false
        this.#waited += retryDelay / writes // they wait side by side
        return this.#waited < waitLimit
      },
    })
  }

  /**
   * The client's timer keeps what it was given until the time limit is over, however early the answer came: a
   * minute of writes. It is given a list of its own, which is emptied.
   */
  async #send(batch: readonly LogEntry[], timeout: number): Promise<void> {
    const request = this.#request(batch.map(googleEntry))
    try {
      await this.#service.writeLogEntries({ ...request, partialSuccess: true }, { timeout })
    } finally {
      request.entries.length = 0
    }
  }

  #request(entries: readonly Entry[]): WriteRequest {
    return {
      logName: this.#logName,
      resource: this.#resource,
      entries: entries.map((entry) => entry.toJSON({}, this.#project)),
    }
  }
}

function googleEntry({ insertId, severity, timestamp, labels, payload }: LogEntry): Entry {
  return new Entry({ insertId, severity, timestamp, labels }, payload)
}

/** REST both to Google and over plain http, so that what tests see is what production sends. */
function endpointOf(origin: string | undefined) {
  if (origin === undefined) return {}
  const { protocol, hostname, port } = new URL(origin)
  return { protocol: protocol.replace(':', ''), apiEndpoint: hostname, port: Number(port || 80) }
}

/** Writes the records of a run to Cloud Logging, the run record last: where it stands, all others do. */
export class LogDelivery implements Delivery {
  readonly what = 'the records'
  readonly to: string
  /** The same record has the same `insertId`. */
  readonly isRepeatable = true
  readonly #log: RecordLog

  constructor(log: RecordLog) {
    this.to = log.to
    this.#log = log
  }

  async deliver(run: JudgedRun | FailedRun): Promise<Receipt> {
    if (run.kind === 'judged') await this.#log.write(entriesOf(run))
    await this.#log.write([entryOf(run.record)])
    return { problems: [] }
  }

  async note(record: DeliveryRecord | EventRecord): Promise<Receipt> {
    await this.#log.write([entryOf(record)])
    return { problems: [] }
  }
}

async function* entriesOf(run: JudgedRun): AsyncGenerator<LogEntry> {
  for await (const line of run.ledger.lines()) yield entryOfLine(line)
}
