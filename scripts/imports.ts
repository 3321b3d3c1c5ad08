import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const IMPORT = /(?:from|import\()\s*'([^']+)'/g

/** An import, also of types alone: from which file, to which file, or to which package. */
export interface Import {
  readonly from: string
  readonly to: string
}

/** The TypeScript below a folder, but for what a build puts there. */
export function filesOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.includes('generated/'))
    .map((file) => join(folder, file))
    .sort()
}

export function importsOf(files: readonly string[]): readonly Import[] {
  return files.flatMap((from) =>
    [...readFileSync(from, 'utf8').matchAll(IMPORT)].map(([, target = '']) => ({
      from,
      to: target.startsWith('.') ? join(dirname(from), target).replace(/\.js$/, '.ts') : target,
    })),
  )
}

/** Files that import each other, directly or through others: each circle once, as the way around it. */
export function circlesIn(imports: readonly Import[]): readonly (readonly string[])[] {
  const next = new Map<string, string[]>()
  for (const { from, to } of imports) next.set(from, [...(next.get(from) ?? []), to])
  const done = new Set<string>()
  const circles: string[][] = []
  const visit = (file: string, way: readonly string[]): void => {
    const met = way.indexOf(file)
    if (met >= 0) circles.push(way.slice(met))
    if (met >= 0 || done.has(file)) return
    for (const to of next.get(file) ?? []) visit(to, [...way, file])
    done.add(file)
  }
  for (const file of next.keys()) visit(file, [])
  return circles
}
