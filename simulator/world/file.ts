import { readFile } from 'node:fs/promises'
import { LineCounter, parseDocument } from 'yaml'
import type * as z from 'zod'
import { SettingsError } from '../settings-error.js'
import { contradictionsOf } from './contradictions.js'
import { generate } from './generate.js'
import { isGenerated, sizeOf } from './generated-name.js'
import { type WorldFile, worldSchema } from './schema.js'
import { settle } from './settle.js'
import type { World } from './world.js'

type Path = readonly PropertyKey[]

/**
 * A world from the text of a world file, its relative times counted from `now`.
 * @throws SettingsError with every problem: file and line, the field, what is allowed.
 */
export function readWorld(text: string, source: string, now: Date): World {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const broken = document.errors.map(
    (error) => `${source}:${lines.linePos(error.pos[0]).line}: ${firstLine(error.message)}`,
  )
  if (broken.length > 0) throw new SettingsError(broken)
  const where = (path: Path) => `${source}:${lineOf(document, lines, path)}: ${fieldOf(path)}`
  return settle(check(document.toJS(), where), now)
}

/** A world from a YAML file. @throws SettingsError as `readWorld`, and where the file cannot be read. */
export async function readWorldFile(path: string, now: Date): Promise<World> {
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw new SettingsError([`${path}: the world cannot be read: ${error.message}`])
  })
  return readWorld(text, path, now)
}

function check(value: unknown, where: (path: Path) => string): WorldFile {
  const result = worldSchema.safeParse(value)
  if (!result.success) {
    const placed = result.error.issues.flatMap((issue) => placesOf(issue).map((path) => ({ path, issue })))
    throw new SettingsError(placed.map(({ path, issue }) => `${where(path)}: ${issue.message}`))
  }
  const contradictions = contradictionsOf(result.data)
  if (contradictions.length > 0) {
    throw new SettingsError(contradictions.map(({ path, message }) => `${where(path)}: ${message}`))
  }
  return result.data
}

/** Unknown names stand below the object that has them. */
function placesOf(issue: z.core.$ZodIssue): readonly Path[] {
  return issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path]
}

/** The line of the innermost node on the path that is there; a missing field is reported where it should be. */
function lineOf(document: ReturnType<typeof parseDocument>, lines: LineCounter, path: Path): number {
  for (let depth = path.length; depth >= 0; depth -= 1) {
    const node = document.getIn(path.slice(0, depth), true)
    if (isPlaced(node)) return lines.linePos(node.range[0]).line
  }
  return 1
}

function isPlaced(node: unknown): node is { readonly range: readonly [number, number, number] } {
  return typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)
}

/** `projects[2].keys[0].created`; the whole file for an empty path. */
function fieldOf(path: Path): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('')
  return text.replace(/^\./, '') || 'the file'
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? text
}

/**
 * The world that a `--world` option names: a file, or `generated:keys=20000,projects=2000`. Relative times are
 * counted from `now`.
 * @throws SettingsError with every problem where it is none.
 */
export async function openWorld(name: string, now: Date): Promise<World> {
  return isGenerated(name) ? generate(sizeOf(name), now) : readWorldFile(name, now)
}
