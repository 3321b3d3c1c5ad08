import type { ApiTarget, Restrictions } from '../../model.js'
import { commandLine, type Word, withInput } from '../shell.js'

/** A flag of gcloud with its value, as a flags file has it. */
type Flag = readonly [name: string, value: readonly string[] | Readonly<Record<string, unknown>>]

/**
 * A gcloud command that sets restrictions. Methods, and values in which a comma or caret would mean something
 * to gcloud, are given in a flags file on standard input: on the command line gcloud takes `methods=list` for
 * the methods l, i, s and t.
 *
 * @see https://cloud.google.com/sdk/gcloud/reference/topic/flags-file
 */
export function withRestrictions(command: readonly Word[], restrictions: Restrictions): string {
  const flags = flagsOf(restrictions)
  const hasMethods = restrictions.apiTargets.some(({ methods }) => methods.length > 0)
  return !hasMethods && flags.every(isPlain)
    ? commandLine(...command, ...flags.map(plain))
    : withInput(commandLine(...command, '--flags-file=-'), flags.map(inFile).join('\n'))
}

function flagsOf(restrictions: Restrictions): readonly Flag[] {
  const lists: readonly Flag[] = [
    ['--allowed-referrers', restrictions.allowedReferrers],
    ['--allowed-ips', restrictions.allowedIps],
    ['--allowed-bundle-ids', restrictions.allowedBundleIds],
  ]
  return [
    ...restrictions.apiTargets.map(targetFlag),
    ...lists.filter(([, values]) => values.length !== 0),
    ...restrictions.allowedApplications.map(
      ({ sha1Fingerprint, packageName }): Flag => [
        '--allowed-application',
        { sha1_fingerprint: sha1Fingerprint, package_name: packageName },
      ],
    ),
  ]
}

function targetFlag({ service, methods }: ApiTarget): Flag {
  return ['--api-target', methods.length === 0 ? { service } : { service, methods }]
}

/** Printable characters that mean nothing to gcloud's lists and mappings. */
const PLAIN = /^[!-+\--\]_-~]+$/

function isPlain([, value]: Flag): boolean {
  return Object.values(value).every((each) => typeof each === 'string' && PLAIN.test(each))
}

function plain([name, value]: Flag): string {
  const parts = Array.isArray(value) ? value : Object.entries(value).map(([key, each]) => `${key}=${each}`)
  return `${name}=${parts.join(',')}`
}

/** One entry of a flags file: YAML, written as JSON so that every string is quoted, and on one line. */
function inFile([name, value]: Flag): string {
  const json = JSON.stringify({ [name]: value }, undefined, 1).replace(/\n */g, ' ')
  return `- ${json.replace(UNPRINTABLE, escaped)}`
}

/** What JSON leaves as it is and YAML forbids or takes for a line break, or what changes the direction of writing. */
const UNPRINTABLE = /[\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffe\uffff]/g

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
