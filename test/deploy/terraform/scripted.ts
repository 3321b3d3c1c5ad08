import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { split } from 'shlex'
import { parse } from 'yaml'
import { flagsOf, recorded } from '../recorded.js'
import { keyed } from './planned.js'

/** What a script's plan would make where nothing is there yet, a sentence each, in the words of `madeBy`. */
export function madeByScript(words: readonly string[]): readonly string[] {
  const { stdout, status, stderr } = recorded([...words, '--plan'])
  assert.equal(status, 0, stderr)
  const commands = stdout.split('\n').filter((line) => line.startsWith('gcloud '))
  const made = commands.flatMap((line) => {
    const said = split(line).slice(1)
    const [verbs, says] = SAYS.find(([start]) => start.every((word, index) => said[index] === word)) ?? []
    return verbs === undefined || says === undefined ? [`not described: ${line}`] : says(said, flagsOf(said))
  })
  return [...new Set(made)].sort()
}

type Flags = Readonly<Record<string, string>>
type Says = (words: readonly string[], flags: Flags) => readonly string[]

const nothing: Says = () => []
const last = (text: string | undefined) => (text ?? '').split('/').at(-1) ?? ''
const days = (text: string | undefined) => Number((text ?? '').replace('d', '')) * 86_400

const bound =
  (to: (words: readonly string[], flags: Flags) => string): Says =>
  (words, flags) => {
    const { '--member': member = '', '--role': role, '--condition': condition } = flags
    const [, title, expression] = /^title=([^,]*),expression=(.*)$/s.exec(condition ?? '') ?? []
    const who = member.includes('gcp-sa-cloudasset') ? 'an agent of Google' : member
    const only = title === undefined ? '' : `, only if ${title}: ${expression}`
    return [`${who} has ${role} on ${to(words, flags)}${only}`]
  }

const role = (of: string, id: string, file: string | undefined) => {
  const { title, description, stage, includedPermissions } = parse(readFileSync(file ?? '', 'utf8'))
  return `role ${of}/roles/${id}: ${title}, ${description}, ${stage}: ${includedPermissions.toSorted().join(' ')}`
}

/** Each command that a script may plan; what only looks, changes what is there or takes it away makes nothing. */
const SAYS: readonly (readonly [readonly string[], Says])[] = [
  [
    ['services', 'enable'],
    (words, flags) =>
      words
        .slice(2)
        .flatMap((word) => (word.startsWith('-') ? [] : [`API ${word} in ${flags['--project']}`])),
  ],
  [['beta', 'services', 'identity', 'create'], nothing],
  [
    ['iam', 'service-accounts', 'create'],
    (words, flags) => [
      `account ${words[3]}@${flags['--project']}.iam.gserviceaccount.com, ${flags['--display-name']}`,
    ],
  ],
  [
    ['iam', 'roles', 'create'],
    (words, flags) => {
      const of = flags['--project'] === undefined ? 'organizations' : 'projects'
      const id = flags['--project'] ?? flags['--organization']
      return [role(`${of}/${id}`, words[3] ?? '', flags['--file'])]
    },
  ],
  [['iam', 'service-accounts', 'add-iam-policy-binding'], bound((words) => words[3] ?? '')],
  [['projects', 'add-iam-policy-binding'], bound((words) => `projects/${words[2]}`)],
  [['organizations', 'add-iam-policy-binding'], bound((words) => `organizations/${words[2]}`)],
  [['resource-manager', 'folders', 'add-iam-policy-binding'], bound((words) => `folders/${words[3]}`)],
  [['secrets', 'create'], (words, flags) => [`secret ${words[2]} in ${flags['--locations']}`]],
  [['secrets', 'add-iam-policy-binding'], bound((words) => `secret ${words[2]}`)],
  [
    ['storage', 'buckets', 'create'],
    (words, flags) => [
      `bucket ${last(words[3])} in ${flags['--location']}, uniform ${'--uniform-bucket-level-access' in flags}, public ${
        '--public-access-prevention' in flags ? 'enforced' : 'inherited'
      }${flags['--retention-period'] === undefined ? '' : `, kept ${days(flags['--retention-period'])} s`}${keyed(
        flags['--default-encryption-key'],
      )}${flags['--soft-delete-duration'] === undefined ? '' : `, soft ${flags['--soft-delete-duration']} s`}`,
    ],
  ],
  [
    ['storage', 'buckets', 'update'],
    (words, flags) => {
      const file = flags['--lifecycle-file']
      const rules = file === undefined ? [] : JSON.parse(readFileSync(file, 'utf8')).rule
      return rules.map(
        ({ action, condition }: { action: { type: string }; condition: { age: number } }) =>
          `bucket ${last(words[3])}: ${action.type} after ${condition.age} days`,
      )
    },
  ],
  [['storage', 'buckets', 'add-iam-policy-binding'], bound((words) => `bucket ${last(words[3])}`)],
  [
    ['logging', 'buckets', 'create'],
    (words, flags) => [
      `log bucket ${words[3]} in ${flags['--location']}, ${flags['--retention-days']} days, analytics ${
        '--enable-analytics' in flags
      }, ${flags['--description']}${keyed(flags['--cmek-kms-key-name'])}`,
    ],
  ],
  [
    ['logging', 'sinks', 'create'],
    (words, flags) => [`sink ${words[3]} to ${words[4]} of ${flags['--log-filter']}`],
  ],
  [
    ['logging', 'sinks', 'update', '_Default'],
    (_words, flags) => {
      const [, name, filter] = /^name=([^,]*),filter=(.*)$/s.exec(flags['--add-exclusion'] ?? '') ?? []
      return name === undefined ? [] : [`exclusion ${name} from _Default of ${filter}`]
    },
  ],
  [['logging', 'metrics', 'create'], (words) => [`metric ${words[3]}`]],
  [
    ['alpha', 'monitoring', 'policies', 'create'],
    (_words, flags) => {
      const { about, service } = parse(readFileSync(flags['--policy-from-file'] ?? '', 'utf8')).userLabels
      return [`alert ${about} of ${service} to ${flags['--notification-channels'] ?? ''}`]
    },
  ],
  [
    ['pubsub', 'topics', 'create'],
    (words, flags) => [
      `topic ${words[3]} in ${flags['--message-storage-policy-allowed-regions']}${keyed(flags['--topic-encryption-key'])}`,
    ],
  ],
  [['pubsub', 'topics', 'add-iam-policy-binding'], bound((words) => `topic ${words[3]}`)],
  [
    ['asset', 'feeds', 'create'],
    (words, flags) => {
      const [kind] = ['organization', 'folder', 'project'].filter((name) => `--${name}` in flags)
      return [
        `feed ${words[3]} of ${kind} ${flags[`--${kind}`]} to ${flags['--pubsub-topic']}, by ${flags['--billing-project']}: ${flags['--asset-types']?.split(',').sort().join(' ')}, ${flags['--content-type']?.toUpperCase()}, ${flags['--condition-title']}: ${flags['--condition-expression']}`,
      ]
    },
  ],
  // made when the service has been deployed: compared with what the build plans
  [['run', 'services', 'add-iam-policy-binding'], nothing],
  [['run', 'jobs', 'add-iam-policy-binding'], nothing],
  [['pubsub', 'subscriptions', 'create'], nothing],
  // the module gets an image that is there
  [['artifacts', 'repositories', 'create'], nothing],
  ...[
    ['iam', 'service-accounts', 'list'],
    ['iam', 'roles', 'list'],
    ['iam', 'roles', 'undelete'],
    ['iam', 'roles', 'update'],
    ['projects', 'describe'],
    ['projects', 'get-iam-policy'],
    ['projects', 'remove-iam-policy-binding'],
    ['secrets', 'list'],
    ['storage', 'buckets', 'list'],
    ['logging', 'buckets', 'list'],
    ['logging', 'buckets', 'update'],
    ['logging', 'sinks', 'list'],
    ['logging', 'sinks', 'describe'],
    ['logging', 'sinks', 'update'],
    ['logging', 'metrics', 'list'],
    ['logging', 'metrics', 'update'],
    ['alpha', 'monitoring', 'policies', 'list'],
    ['alpha', 'monitoring', 'policies', 'update'],
    ['run', 'services', 'list'],
    ['run', 'services', 'describe'],
    ['pubsub', 'topics', 'list'],
    ['pubsub', 'subscriptions', 'list'],
    ['asset', 'feeds', 'list'],
    ['run', 'jobs', 'list'],
    ['artifacts', 'repositories', 'list'],
  ].map((words) => [words, nothing] as const),
]
