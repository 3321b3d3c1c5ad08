import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { APART } from './program.js'

/** A package.json, as far as it says what else is needed. */
interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

/**
 * Puts into a folder what the container holds: the built program, and of what is installed only the packages that are
 * not bundled into it, with what those need. The packages' folders, such as `node_modules/express`.
 */
export function layOut(folder: string): readonly string[] {
  mkdirSync(join(folder, 'dist'), { recursive: true })
  for (const file of readdirSync('dist').filter((name) => !name.endsWith('.map'))) {
    cpSync(join('dist', file), join(folder, 'dist', file))
  }
  for (const file of ['package.json', 'LICENSE']) cpSync(file, join(folder, file))
  const packages = [...needed(APART)].sort()
  for (const path of packages) {
    // its own dependencies that lie below it are in the list by themselves
    cpSync(path, join(folder, path), {
      recursive: true,
      dereference: true,
      filter: (source) => !source.slice(path.length).includes('node_modules'),
    })
  }
  return packages
}

/** The folders of packages and of all that they need, found as Node finds them. */
function needed(names: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>()
  const take = (name: string, from: string, isOptional: boolean): void => {
    const path = folderOf(name, from)
    if (path === undefined) {
      if (isOptional) return // of another platform
      throw new Error(`${name}, which ${from || 'the program'} needs, is not installed`)
    }
    if (found.has(path)) return
    found.add(path)
    const manifest: Manifest = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'))
    for (const other of Object.keys(manifest.dependencies ?? {})) take(other, path, false)
    for (const other of Object.keys(manifest.optionalDependencies ?? {})) take(other, path, true)
  }
  for (const name of names) take(name, '', false)
  return found
}

/** Where a package lies that is asked for in the folder of another one; the nearest wins. */
function folderOf(name: string, from: string): string | undefined {
  const places = from
    .split('/node_modules/')
    .map((_part, index, parts) => parts.slice(0, index + 1).join('/node_modules/'))
  const candidates = [
    ...places.toReversed().map((place) => join(place, 'node_modules', name)),
    join('node_modules', name),
  ]
  return candidates.find((path) => existsSync(join(path, 'package.json')))
}
