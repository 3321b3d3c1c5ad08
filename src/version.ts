import { readFileSync } from 'node:fs'
import { z } from 'zod'

const manifest = z.object({ name: z.string(), version: z.string() })

/** The folder of the package: sources and built files lie one level below it. */
export const PACKAGE = new URL('../', import.meta.url)

const { name, version } = manifest.parse(JSON.parse(readFileSync(new URL('package.json', PACKAGE), 'utf8')))

/** The version in package.json, as records and `--version` have it. */
export const VERSION = version

/** What the records call this program. */
export const TOOL = { name, version } as const
