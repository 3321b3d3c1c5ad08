import type { Answer } from './recorded.js'

const PROJECT = 'projects/auditor-prod'
const NAME = 'gemini-key-audit'
const RUNTIME = `${NAME}-run@auditor-prod.iam.gserviceaccount.com`

/** The identity of the build. */
export const BUILDER = `serviceAccount:${NAME}-build@auditor-prod.iam.gserviceaccount.com`

/** The role of the organization. */
export const ROLE = 'organizations/123456789012/roles/geminiKeyAuditor'

/** What gcloud lists once everything has been made. */
export const EVERYTHING: readonly Answer[] = [
  {
    to: 'iam service-accounts list',
    with: ['run', 'cron', 'build']
      .map((what) => `gemini-key-audit-${what}@auditor-prod.iam.gserviceaccount.com\n`)
      .join(''),
  },
  { to: 'secrets list', with: 'gemini-key-audit-slack\n' },
  { to: 'storage buckets list', with: 'auditor-prod-gemini-key-audit\n' },
  { to: '--show-deleted', with: '' },
  {
    to: 'iam roles list --project=auditor-prod',
    with: ['Archive', 'Doctor']
      .map((what) => `projects/auditor-prod/roles/geminiKeyAuditor${what}\n`)
      .join(''),
  },
  { to: 'iam roles list --organization', with: `${ROLE}\n` },
  { to: 'logging buckets list', with: '_Default\ngemini-key-audit\n' },
  { to: 'logging sinks list', with: '_Default\ngemini-key-audit\n' },
  { to: 'sinks describe _Default', with: 'gemini-key-audit\n' },
  { to: 'metrics list', with: 'gemini-key-audit-runs\ngemini-key-audit-attempts\n' },
  { to: 'policies list', with: 'projects/auditor-prod/alertPolicies/42\n' },
  { to: 'run services list', with: 'gemini-key-audit\n' },
  { to: 'pubsub topics list', with: 'gemini-key-audit-feed\n' },
  { to: 'pubsub subscriptions list', with: 'gemini-key-audit-feed\n' },
  { to: 'scheduler jobs list', with: 'gemini-key-audit\n' },
  {
    to: 'organizations get-iam-policy',
    with: [
      `serviceAccount:${RUNTIME} ${ROLE}`,
      'user:ada@acme.example roles/owner',
      `${BUILDER} roles/run.builder`,
      '',
    ].join('\n'),
  },
  {
    // the third column is the condition's title; where there is none, its separator is there all the same
    to: 'projects get-iam-policy',
    with: [
      `serviceAccount:${RUNTIME} ${ROLE} `,
      'user:ada@acme.example roles/owner ',
      `${BUILDER} roles/run.builder gemini-key-audit-sources`,
      '',
    ].join('\n'),
  },
]

/** Google's own answers from which gcloud makes these listings: one for all of them, since it reads what it knows. */
export const WIRE = {
  accounts: ['run', 'cron', 'build'].map((what) => ({
    email: `${NAME}-${what}@auditor-prod.iam.gserviceaccount.com`,
  })),
  roles: [
    { name: `${PROJECT}/roles/geminiKeyAuditorArchive` },
    { name: `${PROJECT}/roles/geminiKeyAuditorDoctor` },
  ],
  buckets: [
    { name: `${PROJECT}/locations/europe-west1/buckets/_Default` },
    { name: `${PROJECT}/locations/europe-west1/buckets/${NAME}` },
  ],
  sinks: [{ name: '_Default' }, { name: NAME }],
  exclusions: [{ name: NAME, filter: 'x' }],
  metrics: [{ name: `${NAME}-runs` }, { name: `${NAME}-attempts` }],
  secrets: [{ name: `projects/12/secrets/${NAME}-slack` }],
  items: [{ kind: 'storage#bucket', name: `auditor-prod-${NAME}` }],
  jobs: [{ name: `${PROJECT}/locations/europe-west1/jobs/${NAME}` }],
  topics: [{ name: `${PROJECT}/topics/${NAME}-feed` }],
  subscriptions: [{ name: `${PROJECT}/subscriptions/${NAME}-feed` }],
  alertPolicies: [
    { name: `${PROJECT}/alertPolicies/42`, userLabels: { service: NAME, about: 'silence' } },
    { name: `${PROJECT}/alertPolicies/43`, userLabels: { service: 'another', about: 'silence' } },
  ],
  bindings: [
    { role: ROLE, members: [`serviceAccount:${RUNTIME}`] },
    { role: 'roles/owner', members: ['user:ada@acme.example'] },
    {
      role: 'roles/run.builder',
      members: [BUILDER],
      condition: { title: `${NAME}-sources`, expression: 'true' },
    },
  ],
}
