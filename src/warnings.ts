/** Printed by Google's library where it looks for a metadata server on a machine that has none, which is no fault. */
const SUPPRESSED: ReadonlySet<string> = new Set(['MetadataLookupWarning'])

/** Keeps Node from printing warnings that would only puzzle; all others are printed as ever. */
export function suppressWarnings(process: NodeJS.Process): void {
  const printers = process.listeners('warning')
  process.removeAllListeners('warning')
  for (const print of printers) {
    process.on('warning', (warning) => {
      if (!SUPPRESSED.has(warning.name)) print(warning)
    })
  }
}
