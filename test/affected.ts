import { type Affected, AffectedCount } from '../src/records/affected.js'
import type { KeyRecord } from '../src/records/key-record.js'

/** What a digest says of these keys. */
export function affectedOf(records: Iterable<KeyRecord>): Affected {
  const count = new AffectedCount()
  for (const record of records) count.add(record)
  return count.affected
}
