import type { WorldFile } from './schema.js'

/** Names of the folder, the folders above it and the organization; nearest first. */
export function ancestorsOf(
  file: WorldFile,
  organization: string,
  folder: string | undefined,
): readonly string[] {
  const chain: string[] = []
  for (let at = folder; at !== undefined && !chain.includes(`folders/${at}`); ) {
    chain.push(`folders/${at}`)
    at = file.folders.find((candidate) => candidate.number === at)?.parent
  }
  return [...chain, organization]
}
