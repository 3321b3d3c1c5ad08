import { readFile } from 'node:fs/promises'
import { titleOf } from '../config/config.js'
import { OPTIONS } from '../config/options.js'
import { ConfigError, systemCode } from '../errors.js'
import type { GoogleClient } from '../google/client.js'
import { readPolicyObject } from '../google/storage.js'
import { gsPathOf } from '../gs-path.js'
import type { Day } from '../model.js'
import { parsePolicy } from '../policy/file.js'
import { builtInPolicy, type Policy } from '../policy/policy.js'

/**
 * The policy that a run is judged by: the built-in one, a file's, or that of `gs://BUCKET/OBJECT`. Throws a
 * `ConfigError` when it cannot be read or is wrong: judging by another policy than the one that was meant
 * would be a default used in silence.
 */
export async function readPolicy(
  source: string | undefined,
  { asOf, today }: { readonly asOf: Day; readonly today: Day },
  google: GoogleClient,
): Promise<Policy> {
  if (source === undefined) return builtInPolicy()
  return parsePolicy(await readText(source, google), source, asOf, today)
}

async function readText(source: string, google: GoogleClient): Promise<string> {
  if (!source.startsWith('gs://')) return readLocal(source)
  const place = gsPathOf(source)
  if (place === undefined || place.path === '') {
    throw new ConfigError('POLICY_UNREADABLE', [
      `${titleOf(OPTIONS.policy)} must be a file or gs://BUCKET/OBJECT, not ${JSON.stringify(source)}`,
    ])
  }
  return readPolicyObject(google, place.bucket, place.path)
}

async function readLocal(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const code = systemCode(error) ?? 'unknown error'
    throw new ConfigError('POLICY_UNREADABLE', [
      `${titleOf(OPTIONS.policy)}: reading ${path} failed (${code}); name a file that can be read`,
    ])
  }
}
