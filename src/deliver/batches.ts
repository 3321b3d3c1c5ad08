import type { LogEntry } from '../records/entries.js'

export interface BatchLimits {
  readonly entries: number
  /** Bytes of the entries as JSON. */
  readonly bytes: number
}

/** Room for what an entry carries besides its payload: names, labels, resource. */
const ENVELOPE = 1024

/** The entries in their order, gathered into batches within the limits; an entry alone may be larger. */
export async function* batches(
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
