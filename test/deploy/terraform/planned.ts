/** A resource as a plan shows it before it is made. */
export interface Planned {
  /** Within its module: `google_storage_bucket.archive`. */
  readonly address: string
  readonly type: string
  // biome-ignore lint/suspicious/noExplicitAny: each type has its own
  readonly values: any
}

interface PlannedModule {
  readonly address?: string
  readonly resources?: readonly Planned[]
  readonly child_modules?: readonly PlannedModule[]
}

/** What `terraform show -json` says of a plan: the resources of each module that the root calls, by its name. */
export function modulesIn(shown: string): ReadonlyMap<string, readonly Planned[]> {
  const { planned_values } = JSON.parse(shown) as { planned_values: { root_module: PlannedModule } }
  const modules = planned_values.root_module.child_modules ?? []
  return new Map(
    modules.map((module) => [
      (module.address ?? '').replace(/^module\./, ''),
      resourcesIn(module).map((one) => ({ ...one, address: one.address.replace(/^(module\.[^.]+\.)+/, '') })),
    ]),
  )
}

function resourcesIn({ resources = [], child_modules = [] }: PlannedModule): readonly Planned[] {
  return [...resources, ...child_modules.flatMap(resourcesIn)]
}

/** What each resource amounts to, a sentence each, in the words of `madeByScript`. */
export function madeBy(planned: readonly Planned[]): readonly string[] {
  return planned.flatMap(({ type, values }) => SAYS[type]?.(values) ?? [`${type} is not described`]).sort()
}

// biome-ignore lint/suspicious/noExplicitAny: as above
type Values = any

const bound = (to: string, { role, member, condition = [] }: Values) =>
  condition.reduce(
    (text: string, { title, expression }: Values) => `${text}, only if ${title}: ${expression}`,
    `${member ?? 'an agent of Google'} has ${role} on ${to}`,
  )

const SAYS: Readonly<Record<string, (values: Values) => readonly string[]>> = {
  google_project_service: ({ project, service }) => [`API ${service} in ${project}`],
  google_service_account: ({ email, display_name }) => [`account ${email}, ${display_name}`],
  google_project_iam_custom_role: (v) => [role(`projects/${v.project}`, v)],
  google_organization_iam_custom_role: (v) => [role(`organizations/${v.org_id}`, v)],
  google_project_iam_member: (v) => [bound(`projects/${v.project}`, v)],
  google_organization_iam_member: (v) => [bound(`organizations/${v.org_id}`, v)],
  google_folder_iam_member: (v) => [bound(v.folder, v)],
  google_service_account_iam_member: (v) => [bound(v.service_account_id.split('/').at(-1), v)],
  google_secret_manager_secret: ({ secret_id, replication: [{ user_managed }] }) => {
    const [{ replicas }] = user_managed
    return replicas.map(
      ({ location, customer_managed_encryption: [own] = [] }: Values) =>
        `secret ${secret_id} in ${location}${keyed(own?.kms_key_name)}`,
    )
  },
  google_secret_manager_secret_iam_member: (v) => [bound(`secret ${v.secret_id}`, v)],
  google_storage_bucket: (v) => [
    `bucket ${v.name} in ${v.location.toLowerCase()}, uniform ${v.uniform_bucket_level_access}, public ${v.public_access_prevention}` +
      (v.retention_policy ?? [])
        .map((one: Values) => `, kept ${one.retention_period} s${one.is_locked ? ', locked' : ''}`)
        .join('') +
      keyed(v.encryption?.[0]?.default_kms_key_name) +
      (v.soft_delete_policy ?? [])
        .map((one: Values) => `, soft ${one.retention_duration_seconds} s`)
        .join(''),
    ...(v.lifecycle_rule ?? []).map(
      ({ action: [action], condition: [condition] }: Values) =>
        `bucket ${v.name}: ${action.type} after ${condition.age} days`,
    ),
  ],
  google_storage_bucket_iam_member: (v) => [bound(`bucket ${v.bucket}`, v)],
  google_pubsub_topic: (v) => [
    `topic ${v.name} in ${v.message_storage_policy[0].allowed_persistence_regions}${keyed(v.kms_key_name)}`,
  ],
  google_pubsub_topic_iam_member: (v) => [bound(`topic ${v.topic}`, v)],
  google_cloud_asset_organization_feed: (v) => [feed(`organization ${v.org_id}`, v)],
  google_cloud_asset_folder_feed: (v) => [feed(`folder ${v.folder}`, v)],
  google_cloud_asset_project_feed: (v) => [feed(`project ${v.project}`, v)],
  google_logging_project_bucket_config: (v) => [
    `log bucket ${v.bucket_id} in ${v.location}, ${v.retention_days} days, analytics ${v.enable_analytics}, ${v.description}` +
      `${v.locked ? ', locked' : ''}${keyed(v.cmek_settings?.[0]?.kms_key_name)}`,
  ],
  google_logging_project_sink: (v) => [`sink ${v.name} to ${v.destination} of ${v.filter}`],
  google_logging_project_exclusion: (v) => [`exclusion ${v.name} from _Default of ${v.filter}`],
  google_logging_metric: ({ name }) => [`metric ${name}`],
  google_monitoring_alert_policy: (v) => [
    `alert ${v.user_labels.about} of ${v.user_labels.service} to ${(v.notification_channels ?? []).join(',')}`,
  ],
}

const feed = (of: string, v: Values) => {
  const [{ pubsub_destination }] = v.feed_output_config
  const [{ title, expression }] = v.condition
  const types = [...v.asset_types].sort().join(' ')
  return `feed ${v.feed_id} of ${of} to ${pubsub_destination[0].topic}, by ${v.billing_project}: ${types}, ${v.content_type}, ${title}: ${expression}`
}

const role = (of: string, { role_id, title, description, stage, permissions }: Values) =>
  `role ${of}/roles/${role_id}: ${title}, ${description}, ${stage}: ${[...permissions].sort().join(' ')}`

export const keyed = (key: string | undefined): string => (key ? `, with ${key}` : '')
