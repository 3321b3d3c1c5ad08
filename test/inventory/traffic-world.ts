import assert from 'node:assert/strict'
import type { KnownUsage, Usage } from '../../src/model.js'
import { type Read, type ReadOptions, read } from './reading.js'

/** One project with the Gemini API and these keys, beside the auditor's own. */
export const projectWith = (keys: string, more = '') => `
organization: {number: 9}
caller: {project: auditor}
projects:
  - {id: auditor, number: 101, services: [cloudasset, apikeys, monitoring]}
  - {id: with-gemini, number: 102, services: [generativelanguage, translate], ${more} keys: [${keys}]}
`

/** The traffic of a key by its display name. */
export function usageOf(found: Read, name: string): Usage {
  return (found.keys.get(name) ?? assert.fail(`${name} was not read`)).usage
}

/** The traffic of a key by its display name, which has to be known. */
export function knownUsage(found: Read, name: string): KnownUsage {
  const usage = usageOf(found, name)
  if ('unknown' in usage) assert.fail(`${name}: ${usage.unknown}`)
  return usage
}

/** Why the traffic of a key is not known. */
export function unknownUsage(found: Read, name: string): string {
  const usage = usageOf(found, name)
  return 'unknown' in usage ? usage.unknown : assert.fail(`the traffic of ${name} is known`)
}

/** Reads a project whose only key, named `key`, has this traffic. */
export async function trafficOf(lines: string, options: ReadOptions = {}): Promise<KnownUsage> {
  const found = await read(projectWith(`{name: key, traffic: [${lines}]}`), options)
  assert.deepEqual(found.gaps, [])
  return knownUsage(found, 'key')
}
