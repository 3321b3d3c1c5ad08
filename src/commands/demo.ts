import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Simulator } from '../../simulator/simulator.js'
import { policyAsOf } from '../../simulator/world/moments.js'
import { makeFolder, PRIVATE, privateFile } from '../history/folder.js'
import { type JudgedRun, keysOf, recordsOf } from '../history/judged-run.js'
import { commandLine } from '../policy/shell.js'
import type { KeyRecord } from '../records/key-record.js'
import { byUrgency } from '../records/urgency.js'
import { csv } from '../report/csv.js'
import { digest } from '../report/digest/digest.js'
import { ndjson } from '../report/json.js'
import { table } from '../report/table.js'
import { counted } from '../report/wording.js'
import { attempt } from '../run/attempt.js'
import { complain } from './audit.js'
import { writeReport } from './output-file.js'
import { digestText } from './print.js'
import { SAMPLE_POLICY, SAMPLE_WORLD, settingsFor, startWorld } from './sample.js'
import { faultsBy, type SimulateFlags } from './simulate.js'
import { EXIT, type ExitStatus, isColorful, type Terminal, widthOf, write } from './terminal.js'

export interface DemoFlags extends Pick<SimulateFlags, 'fault' | 'seed'> {
  /** A directory. */
  readonly out: string
}

/**
 * `gemini-key-audit demo`: one audit of the sample organization, delivered to the simulator's Cloud Logging and
 * Slack, and shown. Leaves records, CSV and the Slack message in a directory.
 */
export async function runDemo(flags: DemoFlags, terminal: Terminal): Promise<ExitStatus> {
  const { out } = flags
  const now = terminal.now()
  await makeFolder(out)
  const policy = join(out, 'policy.yaml')
  const sample = await readFile(SAMPLE_POLICY, 'utf8')
  await writeFile(policy, policyAsOf(sample, now.toISOString().slice(0, 10)), PRIVATE)
  const simulator = await startWorld(SAMPLE_WORLD, terminal.now, faultsBy(flags))
  try {
    const archive = join(out, 'archive')
    const env = {
      ...settingsFor(simulator),
      AUDIT_POLICY: policy,
      AUDIT_PACE: 'off',
      AUDIT_ARCHIVE: archive,
      AUDIT_SCC: SOURCE,
    }
    const outcome = await attempt({ flags: {}, env }, { now: terminal.now, deliver: true })
    await complain(outcome, terminal)
    if (outcome.run.kind === 'failed') return EXIT.failed
    await show(outcome.run, terminal)
    await write(
      terminal.out,
      `${findingsText(simulator)}\n${await keep(outcome.run, simulator.slackMessages(), out)}`,
    )
    return outcome.undelivered.length === 0 ? EXIT.done : EXIT.failed
  } finally {
    await simulator.stop()
  }
}

/** The source of Security Command Center in the sample organization. */
const SOURCE = 'organizations/314159265358/sources/5'

/** What Security Command Center holds. */
function findingsText({ findings }: Pick<Simulator, 'findings'>): string {
  const all = [...findings.values()]
  const muted = all.filter(({ mute }) => mute === 'MUTED').length
  const active = all.filter(({ state }) => state === 'ACTIVE').length
  return `\nSecurity Command Center: ${counted(active, 'active finding')}, ${muted} of them muted as exempt\n`
}

async function show(run: JudgedRun, terminal: Terminal): Promise<void> {
  const { message, thread } = digest({ ...run, run: run.record })
  const replies = `(and ${counted(thread.length, 'message')} in its thread, with what to do for each of the most urgent keys)`
  await write(terminal.out, `What Slack got\n\n${digestText({ message, thread: [] })}\n${replies}\n\n`)
  const keys: KeyRecord[] = []
  for await (const key of keysOf(run)) keys.push(key)
  const size = { width: widthOf(terminal), color: isColorful(terminal) }
  await write(terminal.out, `Every key of the organization\n\n${table(keys.sort(byUrgency), size)}\n`)
}

async function keep(run: JudgedRun, messages: readonly object[], out: string): Promise<string> {
  const files = {
    records: join(out, 'records.ndjson'),
    keys: join(out, 'keys.csv'),
    slack: join(out, 'slack.json'),
    report: join(out, 'report.html'),
  }
  const archive = join(out, 'archive')
  await writeReport(run, files.report, { flags: {}, env: { AUDIT_ARCHIVE: archive } })
  await pipeline(ndjson(recordsOf(run)), privateFile(files.records))
  await pipeline(csv(keysOf(run)), privateFile(files.keys))
  await writeFile(files.slack, `${JSON.stringify(messages, withoutContent, 2)}\n`, PRIVATE)
  return [
    `The report          ${files.report} (open it in a browser)`,
    `Compliance records  ${files.records}`,
    `All keys            ${files.keys}`,
    `Slack messages      ${files.slack}`,
    `The policy          ${join(out, 'policy.yaml')}`,
    `Remembered runs     ${archive}`,
    `To list them        ${commandLine('npx', 'gemini-key-audit', 'history', '--archive', archive)}`,
    '',
  ].join('\n')
}

/** Files lie beside the messages, and are no text. */
function withoutContent(name: string, value: unknown): unknown {
  return name === 'content' ? undefined : value
}
