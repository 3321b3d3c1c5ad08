/** What came in at the simulator since the last reset. */
export interface Asked {
  /** The addresses that were asked, by operation, in their order; refused ones left out. */
  readonly urls: Readonly<Record<string, readonly string[]>>
  /** Requests beyond a quota. */
  readonly refused: number
  /** Log entries that were written. */
  readonly count: number
  /** The first thousand of them, as they were sent. */
  readonly entries: readonly unknown[]
}

/** As many entries as were written, with the payloads that were kept: what another writer can write. */
export function asSent({ count, entries }: Asked) {
  const payloads = entries.map((entry) => {
    const { jsonPayload: data, severity, timestamp, labels } = Object(entry)
    return { metadata: { severity, timestamp, labels }, data }
  })
  return { count, payloads }
}
