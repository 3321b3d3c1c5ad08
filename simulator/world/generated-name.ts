import { SettingsError } from '../settings-error.js'

/** How large a generated world is, and how it is mixed. Shares are percentages. */
export interface Size {
  readonly keys: number
  readonly projects: number
  /** Projects in which the Gemini API is enabled. */
  readonly gemini: number
  /** Further projects that hold a key restricted to the Gemini API, without having it enabled. */
  readonly stray: number
  /** Percentage of keys without API restriction. */
  readonly unrestricted: number
  /** Percentage of keys for the Gemini API that are bound to a service account. */
  readonly auth: number
  /** Percentage of deleted keys. */
  readonly deleted: number
  readonly seed: number
}

const PREFIX = 'generated:'
const SIZES = ['keys', 'projects', 'gemini', 'stray', 'unrestricted', 'auth', 'deleted', 'seed'] as const
const PERCENTAGES: readonly string[] = ['unrestricted', 'auth', 'deleted']
const KEYS_PER_PROJECT = 300

/** Whether the name asks for a generated world: `generated:keys=20000,projects=2000`. */
export function isGenerated(name: string): boolean {
  return name.startsWith(PREFIX)
}

/** The size that a name such as `generated:keys=20000,projects=2000,seed=7` says. @throws SettingsError. */
export function sizeOf(name: string): Size {
  const said = new Map<string, number>()
  const problems: string[] = []
  for (const part of name
    .slice(PREFIX.length)
    .split(',')
    .filter((text) => text !== '')) {
    const [key = '', value = ''] = part.split('=')
    const known = SIZES.some((size) => size === key)
    if (!known) problems.push(`${name}: unknown ${key}; allowed: ${SIZES.join(', ')}`)
    else if (!/^\d{1,9}$/.test(value))
      problems.push(`${name}: ${key}=${value} is not a number; allowed: decimal digits`)
    else said.set(key, Number(value))
  }
  const size = completed(said)
  problems.push(...contradictions(name, size))
  if (problems.length > 0) throw new SettingsError(problems)
  return size
}

/** By default two in a hundred projects have the Gemini API, and ten keys lie in a project. */
function completed(said: ReadonlyMap<string, number>): Size {
  const keys = said.get('keys') ?? 20_000
  const projects = said.get('projects') ?? Math.max(1, Math.round(keys / 10))
  return {
    keys,
    projects,
    gemini: said.get('gemini') ?? Math.ceil(projects / 50),
    stray: said.get('stray') ?? Math.floor(projects / 500),
    unrestricted: said.get('unrestricted') ?? 25,
    auth: said.get('auth') ?? 20,
    deleted: said.get('deleted') ?? 2,
    seed: said.get('seed') ?? 1,
  }
}

function contradictions(name: string, size: Size): readonly string[] {
  const problems = PERCENTAGES.filter((key) =>
    Object.entries(size).some(([other, value]) => other === key && value > 100),
  ).map((key) => `${name}: ${key} is a percentage; allowed: 0 to 100`)
  if (size.projects < 1) problems.push(`${name}: projects=${size.projects}; allowed: at least 1`)
  if (size.keys > size.projects * KEYS_PER_PROJECT) {
    problems.push(
      `${name}: ${size.keys} keys in ${size.projects} projects; allowed: at most ${KEYS_PER_PROJECT} in each`,
    )
  }
  if (size.gemini + size.stray > size.projects) {
    problems.push(`${name}: gemini and stray are ${size.gemini + size.stray} projects of ${size.projects}`)
  }
  return problems
}
