import { EXIT } from '../src/commands/terminal.js'

/** What the operator does, day by day; the messages follow it. */
export function operatingText(): string {
  return `# Operate

The messages at the end of this page are made from the code by \`npm run docs\`. How to set the auditor up is in
[deploy.md](deploy.md), what each setting means in [configuration.md](configuration.md).

## Every day

Nothing, as long as a digest comes. Its first line says what matters: *incomplete* means that something which could
change a verdict was not read, and the section *Not read* names it with its fix. A quiet day is one line.

| what happened | what to do |
|---|---|
| the digest says *incomplete* | grant or enable what each gap names; if it stays that way with good reason, write it under \`known-gaps\` in the policy, with somebody who approved it and an end |
| the digest says that the audit failed | do what its message says; \`gemini-key-audit doctor\` first |
| no digest | look at the alerts: silence, a failed run, failed attempts of Cloud Scheduler; see [below](#no-digest-came) |
| a key is called overdue that is not | look at its record: \`evidence\` says what was read when, \`findings[].because\` which facts make the rule apply |
| keys become *unknown* | a right was taken away, or a project refuses; verdicts that are known from earlier runs stand beside it as \`previousVerdict\` |
| an exemption is about to end | the digest names it 14 days before; extend it in the policy, or let it end |
| a deadline moves | set it under \`deadlines\` in the policy, with source, reason and who approved it; the next version of this program brings Google's new date |

## No digest came

1. Is there a run record of today? \`labels.record="run"\` in the log. If so, its delivery records say what became of
   Slack, and why.
2. Did Cloud Scheduler call? \`resource.type="cloud_scheduler_job"\` in the log: 401 and 403 mean that its service
   account may not call the service, 429 that another run was still going.
3. Did the function start? The log of the Cloud Run service holds what it wrote to standard error: a fault of the
   program leaves its stack there, and nothing else is written there.

## Running it by hand

The same run again, so that only what was not delivered yet is delivered (with an archive):

\`\`\`sh
gcloud scheduler jobs run gemini-key-audit --location=europe-west1
\`\`\`

A run that Cloud Scheduler is told to make now is another run, with its own time; it is compared with the one before.
From a workstation, \`gemini-key-audit audit\` prints and tells nobody, and \`--preview-slack\` shows the digest.

Exit statuses of the command: ${EXIT.done} done; ${EXIT.failed} failed; ${EXIT.usage} wrong usage or configuration;
${EXIT.found} something named by \`--fail-on\` was found, or \`verify\` found a break.

## When time runs out

A run stops reading when \`AUDIT_TIME_BUDGET\` is used up, judges and tells what it has, and names the rest as gaps with
the reason \`OUT_OF_TIME\`. The most urgent projects are read first, and the next run begins with those that were left.
If it happens every day: narrow the scope into several audits, ask Google for more quota, or see
[scale.md](scale.md) for the way of reading that serves the size.

A process that is told to end (SIGTERM) stops reading in the same way; the reason is then \`STOPPED\`.

## Keeping it

- **The token of Slack** is replaced by a new version of the secret and a deployment that names it.
- **The archive** grows by one folder a run; nothing in it is ever deleted or overwritten by this program. With a
  retention policy, let a lifecycle rule delete what is older than you have to keep; \`verify --from\` then begins at the
  first run that is left.
- **Log and archive** prove each other: run \`gemini-key-audit verify\` from time to time, as an auditor would
  ([auditors.md](auditors.md)).
- **Upgrading** and going back are in [deploy.md](deploy.md#upgrade-and-roll-back).
`
}
