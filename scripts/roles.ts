import { CALLS, type Call, EVENT_CALLS } from '../src/google/calls.js'
import { LOG_CALLS } from '../src/google/logconfig.js'
import { SCC_CALLS } from '../src/google/securitycenter.js'

const ALL_CALLS: readonly Call[] = Object.values({ ...CALLS, ...LOG_CALLS, ...SCC_CALLS })

/** A custom role of `deploy/roles`, whose file is named after its ID. */
interface Role {
  /** What it is for, at most 100 characters. */
  readonly title: string
  /** At most 300 characters. */
  readonly description: string
  /** Why the role stands where it stands. */
  readonly level: readonly string[]
  /** Of a role that holds a part of another one's permissions: the calls that it is for. */
  readonly calls?: readonly Call[]
}

/**
 * Every custom role that running the auditor takes.
 * @see https://cloud.google.com/iam/docs/custom-roles-permissions-support
 */
const ROLES = {
  geminiKeyAuditor: {
    title: 'Gemini key auditor',
    description:
      'Lists API keys, projects, folders, enabled services, request counts, organization policies, service accounts and who holds which role. Reads no key string, changes nothing.',
    level: [
      'A role of the organization: resourcemanager.projects.list and resourcemanager.folders.list cannot be in a role',
      'of a project. Bound on what is audited: the organization, or a folder of it.',
    ],
  },
  geminiKeyAuditorArchive: {
    title: 'Gemini key auditor: archive',
    description: 'Reads, lists and adds objects. Neither overwrites nor deletes.',
    level: ["A role of the auditor's project, bound on the bucket of the archive alone."],
  },
  geminiKeyAuditorDoctor: {
    title: 'Gemini key auditor: doctor',
    description: 'Sees where the log goes and how long it is kept. Reads no log.',
    level: ["A role of the auditor's project, bound there; only `gemini-key-audit doctor` needs it."],
  },
  geminiKeyAuditorExport: {
    title: 'Gemini key auditor: export',
    description: 'Exports the asset inventory to a bucket. Only for AUDIT_INVENTORY=export.',
    level: ['A role of the organization, bound on what is audited: the organization, or a folder of it.'],
  },
  geminiKeyAuditorExportFiles: {
    title: 'Gemini key auditor: files of exports',
    description: 'Reads and deletes the files of exports. Only for AUDIT_INVENTORY=export.',
    level: [
      "A role of the auditor's project, bound on the bucket of AUDIT_EXPORT alone, never on the archive's.",
    ],
  },
  geminiKeyAuditorEvents: {
    title: 'Gemini key auditor: single changes',
    description:
      'Reads one project: its API keys, whether an API is on, request counts, organization policies. Only for the function keyChanged.',
    level: ['A role of the organization, bound on what is audited: the organization, or a folder of it.'],
    calls: EVENT_CALLS,
  },
  geminiKeyAuditorFindings: {
    title: 'Gemini key auditor: findings',
    description:
      'Lists, writes and mutes findings of Security Command Center. Only for AUDIT_SCC. Changes no key and no other resource.',
    level: ['A role of the organization, bound on the organization, where the sources of findings are.'],
  },
} as const satisfies Record<string, Role>

type RoleId = keyof typeof ROLES

/** The files of `deploy/roles` by their paths, as `gcloud iam roles create --file` takes them. */
export function roleFiles(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    (Object.keys(ROLES) as RoleId[]).map((id) => [`deploy/roles/${id}.yaml`, roleFile(id, ROLES[id])]),
  )
}

function roleFile(id: RoleId, { title, description, level, calls: own }: Role): string {
  const calls = own ?? ALL_CALLS.filter(({ role }) => role.endsWith(`/roles/${id}`))
  return `# Made from src/google/calls.ts by \`npm run docs\`: exactly the permissions that the calls need.
${level.map((line) => `# ${line}`).join('\n')}
title: ${JSON.stringify(title)}
description: ${JSON.stringify(description)}
stage: GA
includedPermissions:
${permissionsOf(calls).join('\n')}
`
}

/** Each permission once, with every call that needs it. */
function permissionsOf(calls: readonly Call[]): readonly string[] {
  const needed = new Map<string, string[]>()
  for (const { permission, service, operation } of calls) {
    needed.set(permission, [...(needed.get(permission) ?? []), `${service} ${operation}`])
  }
  return [...needed].map(([permission, by]) => `  - ${permission} # ${[...new Set(by)].join(', ')}`)
}
