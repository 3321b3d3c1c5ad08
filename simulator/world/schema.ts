import * as z from 'zod'
import { DURATION_FORMS, isDuration, isMoment, MOMENT_FORMS } from './moments.js'
import { LAGS, PROJECT_STATES, READS, REFUSALS, TOKEN_STATES } from './world.js'

/** An object whose message for an unknown name lists the names that there are. */
function shape<Fields extends z.core.$ZodShape>(fields: Fields) {
  return z.strictObject(fields, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `unknown name; allowed: ${Object.keys(fields).join(', ')}`
        : undefined,
  })
}

const moment = z
  .union([z.string(), z.date().transform((date) => date.toISOString())])
  .refine(isMoment, `not a time; allowed: ${MOMENT_FORMS}`)
const duration = z.string().refine(isDuration, `not a duration; allowed: ${DURATION_FORMS}`)
const number = z
  .union([z.int().positive().transform(String), z.string()])
  .refine((text) => /^\d+$/.test(text), 'not a number; allowed: decimal digits')
const days = z.int().positive()

/** Names and texts as they are written; zod's record would drop a name such as `__proto__`. */
const texts = z.custom<Readonly<Record<string, string>>>(
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((text) => typeof text === 'string'),
  'not a map; allowed: names with texts',
)

/** A service without a dot is completed: `maps-backend` says `maps-backend.googleapis.com`. */
const service = z.string().transform((name) => (name.includes('.') ? name : `${name}.googleapis.com`))
const target = z.union([service, shape({ service, methods: z.array(z.string()).optional() })])
const projectId = z
  .string()
  .regex(
    /^([a-z0-9.-]+:)?[a-z][a-z0-9-]{3,28}[a-z0-9]$/,
    'not a project ID; allowed: 6 to 30 of a-z, 0-9 and -',
  )

const restrictionFields = {
  targets: z.array(target).optional(),
  referrers: z.array(z.string()).optional(),
  ips: z.array(z.string()).optional(),
  android: z.array(shape({ package: z.string(), sha1: z.string() })).optional(),
  ios: z.array(z.string()).optional(),
  /** Wire form instead of the five above, for shapes that they cannot say. */
  restrictions: z.record(z.string(), z.unknown()).nullable().optional(),
}

const traffic = shape({
  service: service.default('generativelanguage.googleapis.com'),
  method: z.string().optional(),
  code: z.int().min(100).max(599).default(200),
  daily: z.int().positive(),
  from: moment.default('70d ago'),
  to: moment.default('now'),
  /** One single day, instead of `from` and `to`. */
  on: moment.optional(),
  every: days.default(1),
  at: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/, 'not a time of day; allowed: HH:MM or HH:MM:SS, UTC')
    .default('00:30'),
})

const key = shape({
  id: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'not a key ID; allowed: at most 63 of a-z, 0-9 and -')
    .optional(),
  uid: z.string().optional(),
  name: z.string().max(63).optional(),
  created: moment.default('300d ago'),
  updated: moment.optional(),
  deleted: moment.optional(),
  serviceAccountEmail: z.string().optional(),
  annotations: texts.optional(),
  ...restrictionFields,
  traffic: z.array(traffic).default([]),
  lag: z.enum(LAGS).default('none'),
  stale: shape(restrictionFields).optional(),
  /** The inventory leaves its restrictions out for their size, and says so. */
  truncated: z.boolean().default(false),
  wire: z.record(z.string(), z.unknown()).default({}),
})

const project = shape({
  id: projectId,
  number: number.optional(),
  name: z.string().optional(),
  state: z.enum(PROJECT_STATES).default('ACTIVE'),
  folder: number.optional(),
  labels: texts.default({}),
  created: moment.default('900d ago'),
  services: z.array(service).default([]),
  missingFromSearch: z.array(service).default([]),
  partialTraffic: z.boolean().default(false),
  lag: z.enum(LAGS).default('none'),
  wire: z.record(z.string(), z.unknown()).default({}),
  keys: z.array(key).default([]),
})

/** Services that a folder or the organization enables for everything below it. */
const enabling = { services: z.array(service).default([]), missingFromSearch: z.array(service).default([]) }

const folder = shape({
  number,
  name: z.string(),
  parent: number.optional(),
  created: moment.default('1500d ago'),
  ...enabling,
})

const denial = shape({
  read: z.enum(READS).optional(),
  permission: z.string().optional(),
  service: service.optional(),
  project: projectId.optional(),
  folder: number.optional(),
  reason: z.enum(REFUSALS).default('denied'),
}).refine(
  ({ read, permission, service: api }) => [read, permission, api].filter(Boolean).length === 1,
  'what is denied? allowed: one of read, permission, service',
)

const policy = shape({
  constraint: z.string(),
  project: projectId.optional(),
  folder: number.optional(),
  enforce: z.boolean().default(true),
  allowedServices: z.array(service).default([]),
})

const serviceAccount = shape({
  email: z.string(),
  state: z.enum(['active', 'disabled', 'missing']).default('active'),
  created: moment.optional(),
})

/** Without project and folder on the organization; with a project also on a resource in it. */
const binding = shape({
  role: z.string(),
  members: z.array(z.string()),
  project: projectId.optional(),
  folder: number.optional(),
  /** Such as `//storage.googleapis.com/acme-files`. */
  resource: z.string().startsWith('//').optional(),
  condition: z.string().optional(),
})

const channel = shape({
  id: z.string().regex(/^[CG][A-Z0-9]{2,}$/, 'not a channel ID; allowed: C or G, then A-Z and 0-9'),
  name: z.string(),
  private: z.boolean().default(false),
  member: z.boolean().default(true),
  archived: z.boolean().default(false),
  losesReplies: z.boolean().default(false),
})

const token = shape({
  token: z.string(),
  scopes: z.array(z.string()),
  state: z.enum(TOKEN_STATES).default('active'),
})

/** A world file as it is written, times still relative. */
export const worldSchema = shape({
  organization: shape({ number, domain: z.string().default('example.com'), ...enabling }),
  caller: shape({ project: projectId, serviceAccount: z.string().optional() }).optional(),
  inventory: shape({
    showsServiceAccounts: z.boolean().default(false),
    delay: duration.default('2h'),
  }).prefault({}),
  folders: z.array(folder).default([]),
  projects: z.array(project).default([]),
  denied: z.array(denial).default([]),
  policies: z.array(policy).default([]),
  serviceAccounts: z.array(serviceAccount).default([]),
  bindings: z.array(binding).default([]),
  slack: shape({
    team: z.string().default('Simulated'),
    bot: z.string().default('gemini-key-audit'),
    channels: z.array(channel).default([]),
    tokens: z.array(token).default([]),
  }).prefault({}),
  log: shape({
    retentionDays: days.default(400),
    own: z.string().nullable().default('gemini-key-audit'),
    inDefault: z.boolean().default(false),
  }).prefault({}),
  sources: z.array(number).default([]),
  buckets: z
    .array(shape({ name: z.string(), retention: duration.optional(), locked: z.boolean().default(false) }))
    .default([]),
})

export type WorldFile = z.infer<typeof worldSchema>
export type ProjectEntry = WorldFile['projects'][number]
export type KeyEntry = ProjectEntry['keys'][number]
export type TrafficEntry = KeyEntry['traffic'][number]
export type RestrictionEntry = Pick<KeyEntry, keyof typeof restrictionFields>
