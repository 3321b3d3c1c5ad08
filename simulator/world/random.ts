/** Numbers that depend on the seeds alone; every call gives the next one, 0 included, 1 not. */
export type Random = () => number

/** A stream of numbers for one thing, determined by its seeds. */
export function randomOf(...seeds: readonly number[]): Random {
  let state = seeds.reduce((mixed, seed) => mix(mixed ^ mix(seed + 0x9e3779b9)), 0x2545f491)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    return mix(state) / 4_294_967_296
  }
}

/** One of the choices. */
export function pick<Choice>(random: Random, choices: readonly [Choice, ...Choice[]]): Choice {
  return choices[Math.floor(random() * choices.length)] ?? choices[0]
}

/** Whether an event of so many percent happens. */
export function happens(random: Random, percent: number): boolean {
  return random() * 100 < percent
}

/** An identifier in the form of a UUID. */
export function uuid(random: Random): string {
  const word = () =>
    Math.floor(random() * 0x10000)
      .toString(16)
      .padStart(4, '0')
  return `${word()}${word()}-${word()}-4${word().slice(1)}-a${word().slice(1)}-${word()}${word()}${word()}`
}

function mix(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x21f0aaad)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
  return (mixed ^ (mixed >>> 15)) >>> 0
}
