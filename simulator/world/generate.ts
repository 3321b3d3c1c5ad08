import { timestampOf } from '../wire/timestamp.js'
import { accountOf, accountOfKey } from './accounts.js'
import { generatedKey } from './generated-key.js'
import type { Size } from './generated-name.js'
import { pick, randomOf } from './random.js'
import type { Binding, Folder, Key, Project, ServiceAccount, World } from './world.js'

const ORGANIZATION = {
  number: '271828182845',
  domain: 'generated.example',
  services: [],
  missingFromSearch: [],
}
const FIRST_NUMBER = 800_000_000_000
const ID = /^generated-(\d+)$/
/** Services that any project may have; the Gemini API comes on top. */
const SETS: readonly [readonly string[], ...(readonly string[])[]] = [
  ['maps-backend.googleapis.com', 'places-backend.googleapis.com'],
  ['storage.googleapis.com', 'bigquery.googleapis.com'],
  ['translate.googleapis.com'],
  ['fcm.googleapis.com', 'identitytoolkit.googleapis.com'],
]

/** Enabled in the project of the caller, the first one: the APIs that an audit calls. */
const CALLED: readonly string[] = [
  'apikeys.googleapis.com',
  'cloudasset.googleapis.com',
  'cloudresourcemanager.googleapis.com',
  'iam.googleapis.com',
  'logging.googleapis.com',
  'monitoring.googleapis.com',
  'orgpolicy.googleapis.com',
  'serviceusage.googleapis.com',
  'storage.googleapis.com',
]

/**
 * A world of the given size. Nothing but the size is kept: each project and key is made anew, and the same,
 * whenever it is asked for, so that a million keys take no memory.
 */
export function generate(size: Size, now: Date): World {
  const folders = foldersOf(size, now)
  const position = (name: string) => {
    const number = ID.exec(name)?.[1] ?? (/^\d+$/.test(name) ? Number(name) - FIRST_NUMBER : undefined)
    const found = number === undefined ? -1 : Number(number)
    return found >= 0 && found < size.projects ? found : undefined
  }
  return {
    now,
    organization: ORGANIZATION,
    caller: { project: String(FIRST_NUMBER), serviceAccount: 'auditor@generated-0.iam.gserviceaccount.com' },
    inventory: { showsServiceAccounts: false, delay: 7_200_000 },
    folders,
    projectCount: size.projects,
    projectAt: (at) => projectAt(size, folders, at, now),
    projectNamed: (name) => {
      const at = position(name)
      return at === undefined ? undefined : projectAt(size, folders, at, now)
    },
    keysOf: (project) => keysAt(size, Number(project.number) - FIRST_NUMBER, now),
    accountsOf: (project) => accountsAt(size, project, now),
    bindingsIn: (place) => bindingsAt(size, position(place.replace('projects/', '')), now),
    denied: [],
    policies: [],
    slack: {
      team: 'Generated',
      botName: 'gemini-key-audit',
      tokens: [],
      channels: [
        { id: 'C0GENERATED', name: 'security', isPrivate: false, isMember: true, isArchived: false },
      ],
    },
    log: { retentionDays: 400, own: 'gemini-key-audit' },
    buckets: [{ name: 'generated-archive', retention: 0, isLocked: false }],
  }
}

/** Tens of folders: every tenth below the organization, with the nine after it below that one. */
function foldersOf(size: Size, now: Date): readonly Folder[] {
  const count = Math.min(50, Math.ceil(size.projects / 100))
  const createTime = timestampOf(new Date(now.getTime() - 1500 * 86_400_000))
  const top = `organizations/${ORGANIZATION.number}`
  return Array.from({ length: count }, (_none, index): Folder => {
    const above = index % 10 === 0 ? [] : [`folders/${9000 + index - (index % 10)}`]
    const ancestors = [...above, top]
    return {
      number: String(9000 + index),
      displayName: `folder-${index}`,
      parent: ancestors[0] ?? top,
      ancestors,
      createTime,
      services: [],
      missingFromSearch: [],
    }
  })
}

function projectAt(size: Size, folders: readonly Folder[], at: number, now: Date): Project {
  const random = randomOf(size.seed, 1, at)
  const folder = folders[Math.floor((at * folders.length) / size.projects)]
  const age = Math.floor(random() * 1400) + 100
  const usual = pick(random, SETS)
  const enabled = hasGemini(size, at) ? ['generativelanguage.googleapis.com', ...usual] : usual
  return {
    number: String(FIRST_NUMBER + at),
    id: `generated-${at}`,
    displayName: `Generated ${at}`,
    state: 'ACTIVE',
    labels: { team: `team-${Math.floor(random() * 40)}` },
    ancestors: folder
      ? [`folders/${folder.number}`, ...folder.ancestors]
      : [`organizations/${ORGANIZATION.number}`],
    createTime: timestampOf(new Date(now.getTime() - age * 86_400_000)),
    services: at === 0 ? [...new Set([...enabled, ...CALLED])] : enabled,
    lag: 'none',
    missingFromSearch: [],
    partialTraffic: false,
    wire: {},
  }
}

function keysAt(size: Size, at: number, now: Date): readonly Key[] {
  const first = share(size.keys, size.projects, at)
  const next = share(size.keys, size.projects, at + 1)
  const place = { project: `generated-${at}`, gemini: hasGemini(size, at), stray: isStray(size, at) }
  return Array.from({ length: next - first }, (_none, index) =>
    generatedKey(size, first + index, index, place, now),
  )
}

/** Each auth key has an account of its own in its project, and Compute Engine's lies there as well. */
function accountsAt(size: Size, project: Project, now: Date): readonly ServiceAccount[] {
  const keys = keysAt(size, Number(project.number) - FIRST_NUMBER, now)
  const compute = accountOf(`${project.number}-compute@developer.gserviceaccount.com`, project.createTime)
  return [compute, ...keys.flatMap((key) => accountOfKey(key) ?? [])]
}

/** Google's own agents hold roles in every project; of the accounts of keys a few do. */
function bindingsAt(size: Size, at: number | undefined, now: Date): readonly Binding[] {
  if (at === undefined) return []
  const on = `projects/${FIRST_NUMBER + at}`
  const agent = `serviceAccount:service-${FIRST_NUMBER + at}@compute-system.iam.gserviceaccount.com`
  const held = keysAt(size, at, now).flatMap(({ uid, serviceAccountEmail: email }) => {
    const role = email === undefined ? undefined : HELD[Number.parseInt(uid.slice(0, 4), 16) % 20]
    return role === undefined ? [] : [{ role, members: [`serviceAccount:${email}`], on }]
  })
  return [{ role: 'roles/compute.serviceAgent', members: [agent], on }, ...held]
}

/** Of twenty accounts of keys, the roles of the first few. */
const HELD: readonly string[] = [
  'roles/editor',
  'roles/serviceusage.serviceUsageConsumer',
  'roles/storage.objectViewer',
  'roles/aiplatform.user',
]

/** Whether this project is one of those with the Gemini API: they are spread evenly. */
function hasGemini(size: Size, at: number): boolean {
  return share(size.gemini, size.projects, at + 1) > share(size.gemini, size.projects, at)
}

/** Whether this project is one of the stray ones, spread evenly over those without the Gemini API. */
function isStray(size: Size, at: number): boolean {
  if (hasGemini(size, at)) return false
  const rank = at - share(size.gemini, size.projects, at)
  const others = size.projects - size.gemini
  return share(size.stray, others, rank + 1) > share(size.stray, others, rank)
}

/** How many of `all` belong to the first `at` of `places`. */
function share(all: number, places: number, at: number): number {
  return Math.floor((all * at) / places)
}
