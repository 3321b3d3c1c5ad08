import { readFileSync } from 'node:fs'

/** A package that the program needs at run time, as the lock file names it. */
export interface LockedPackage {
  readonly name: string
  readonly version: string
  /** SPDX expression, as the package says. */
  readonly license: string
  /** Subresource integrity of its archive. */
  readonly integrity: string
}

interface LockEntry {
  readonly version: string
  readonly license?: string
  readonly integrity: string
  readonly dev?: boolean
}

const FOLDER = 'node_modules/'

/** Every package that is installed beside the program, for all platforms, by name and version. */
export function lockedPackages(): readonly LockedPackage[] {
  const lock: { readonly packages: Readonly<Record<string, LockEntry>> } = JSON.parse(
    readFileSync('package-lock.json', 'utf8'),
  )
  const found = Object.entries(lock.packages)
    .filter(([path, { dev }]) => path !== '' && dev !== true)
    .map(([path, { version, license = 'unknown', integrity }]) => ({
      name: path.slice(path.lastIndexOf(FOLDER) + FOLDER.length),
      version,
      license,
      integrity,
    }))
  const once = new Map(found.map((each) => [`${each.name}@${each.version}`, each]))
  return [...once].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, each]) => each)
}
