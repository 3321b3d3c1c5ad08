import type { Asked } from './asked.js'
import type { Floor } from './floor.js'
import type { Measured } from './processes.js'

/** Prints how often each operation was asked. */
export function asked({ urls, refused, count }: Asked): void {
  const kinds = Object.entries(urls).sort(([a], [b]) => (a < b ? -1 : 1))
  console.table(kinds.map(([operation, { length }]) => ({ operation, requests: length })))
  console.log(`${refused} requests refused by a quota, ${count} log entries written`)
}

/** Prints medians, and those of the ratios of each run to its own other processes. */
export function unpaced(rows: readonly Readonly<Record<string, Measured>>[]): void {
  console.log(`Medians of ${rows.length} runs; the simulator works beside them and gives both the same bytes`)
  const names = Object.keys(rows[0] ?? {})
  const measured = names.map((name) => [name, figures((of) => median(rows.map((row) => of(row[name]))))])
  const ratios = names.slice(1).map((name) => {
    const ratio = (of: Of) => median(rows.map((row) => of(row['audit']) / of(row[name])))
    return [`audit / ${name}`, figures((of) => Number(ratio(of).toFixed(2)))]
  })
  console.table(Object.fromEntries([...measured, ...ratios]))
}

/** Prints what the quotas allow at best, at the pace that was used and without any, and what it took. */
export function paced(
  audit: Measured,
  best: { pace: string; minute: number; atPace: readonly Floor[]; atMost: readonly Floor[] },
): void {
  console.log(`A quota's minute lasts ${best.minute / 1000} s here`)
  for (const [pace, floors] of [
    [best.pace, best.atPace],
    ['100', best.atMost],
  ] as const) {
    console.log(`At best at ${pace}% of the quotas:`)
    console.table(floors.map(({ what, requests, milliseconds }) => ({ what, requests, ms: milliseconds })))
    const [floor] = floors
    const ratio = audit.milliseconds / (floor?.milliseconds ?? Number.NaN)
    console.log(`audit: ${audit.milliseconds} ms, ${ratio.toFixed(3)} times ${floor?.milliseconds} ms`)
  }
  console.log(`audit: ${audit.cpu} ms of CPU, ${audit.peakMiB} MiB at most`)
}

type Of = (measured: Measured | undefined) => number

function figures(value: (of: Of) => number) {
  return {
    ms: value((measured) => measured?.milliseconds ?? Number.NaN),
    'CPU ms': value((measured) => measured?.cpu ?? Number.NaN),
    'peak MiB': value((measured) => measured?.peakMiB ?? Number.NaN),
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
