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
| the digest says that the audit failed | do what its message says; where it names the doctor, ask that first |
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
3. Did the function start? The log of the Cloud Run service holds what it wrote to standard error: what it said with
   each answer 500, also where neither log nor Slack could be written, and the stack of a fault of the program.

## Running it by hand

\`\`\`sh
gcloud scheduler jobs run gemini-key-audit --location=europe-west1
\`\`\`

This is a run of its own, with its own time: it reads anew, and is compared with the one before. The same run again,
which with an archive delivers only what was not delivered yet, is what Cloud Scheduler's own retries ask for, by their
\`X-CloudScheduler-ScheduleTime\`; it is believed for 3 hours.
From a workstation, \`gemini-key-audit audit\` prints and tells nobody, and \`--preview-slack\` shows the digest.

Exit statuses of the command: ${EXIT.done} done; ${EXIT.failed} failed; ${EXIT.usage} wrong usage or configuration;
${EXIT.found} something named by \`--fail-on\` was found, or \`verify\` found a break.

## When time runs out

A run stops reading when \`AUDIT_TIME_BUDGET\` is used up, judges and tells what it has, and names the rest as gaps with
the reason \`OUT_OF_TIME\`: "out of time after 812 of 3,000 projects". The next run begins with the projects that were
left, the longest waiting first. Then, and on every other day, the most urgent projects are read first: by what the run
before found in them (overdue and in use, overdue, due and in use, not judged, due), then those with the Gemini API on,
and of these the ones with a key without restriction. Without an archive nothing is known of earlier runs: the order
among equals is another one in each run, so that it is not always the same projects that are left. The usual 25 minutes
leave five of the 30 that the function has, for judging, remembering and telling; leave more where writing a great many
records takes longer. If it happens every day: narrow the scope into several audits, ask Google for more quota, or see
[scale.md](scale.md) for the way of reading that serves the size.

## When the process is told to end

The first SIGTERM or SIGINT stops the reading in the same way, with the reason \`STOPPED\`: "stopped by SIGTERM after
812 of 3,000 projects". What is being told already is told to its end. A second signal ends the process at once. Cloud
Run ends it 10 seconds after the first.

- The command shows, and with \`--deliver\` delivers and remembers, what was read, and exits with ${EXIT.failed}.
- The function tells what was read and answers 500 with \`retry: true\`, so that Cloud Scheduler asks again; the next
  attempt reads anew, and the newest run record is valid.
- A run that Cloud Scheduler repeats *and* the archive remembers is neither judged nor remembered: it would stay as poor
  as it was when it was stopped, since a repeated run delivers what was judged first. It is told as failed, and the next
  attempt reads the organization anew. Once a run is remembered, the next attempt delivers that.

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
