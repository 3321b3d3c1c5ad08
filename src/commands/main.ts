import { Command, CommanderError, Option } from 'commander'
import { OPTIONS, type OptionName, type Option as OptionRow } from '../config/options.js'
import { ConfigError } from '../errors.js'
import { ArchiveError } from '../history/archive-store.js'
import { SECTION_NAMES } from '../report/period-report.js'
import { VERSION } from '../version.js'
import { type AuditFlags, FAIL_ON, runAudit } from './audit.js'
import { type DemoFlags, runDemo } from './demo.js'
import { type DoctorFlags, runDoctor } from './doctor.js'
import {
  listOf,
  milliseconds,
  oneOf,
  onThisMachine,
  outputOf,
  portNumber,
  positive,
  repeated,
  seedNumber,
} from './flag-values.js'
import { type HistoryFlags, PERIOD_FORMATS, runHistory } from './history.js'
import { OUTPUT_FORMATS } from './output-file.js'
import { FORMATS, PREVIEWS } from './print.js'
import { faultHelp, runSimulate, type SimulateFlags } from './simulate.js'
import { EXIT, type ExitStatus, printLine, type Terminal } from './terminal.js'
import { runVerify, type VerifyFlags } from './verify.js'

const STATUSES = `
Exit status: 0 done; 1 failed; 2 wrong usage or configuration; 3 what was looked for is there:
something that audit --fail-on names, or a break that verify found.`

/** The statuses of a command, by what it ends with 1 and with 3 for; the others mean the same everywhere. */
function statuses(failed: string, found?: string): string {
  return `\nExit status: 0 done; 1 ${failed}; 2 wrong usage or configuration${found ? `; 3 ${found}` : ''}.`
}

/**
 * Runs the command and resolves to its exit status. Expected mistakes become one message on standard error;
 * anything else is a bug of ours and keeps its stack.
 */
export async function main(args: readonly string[], terminal: Terminal): Promise<ExitStatus> {
  let status: ExitStatus = EXIT.done
  const program = createProgram(terminal, (result) => {
    status = result
  })
  try {
    await program.parseAsync(args.length === 0 ? ['help'] : args, { from: 'user' })
    return status
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage
    if (error instanceof ArchiveError) {
      await printLine(terminal.err, `gemini-key-audit: ${error.message}`)
      return EXIT.failed
    }
    if (error instanceof ConfigError) {
      await printLine(terminal.err, `gemini-key-audit: ${error.message}`)
      return EXIT.usage
    }
    await printLine(terminal.err, `gemini-key-audit: ${unexpected(error)}`)
    return EXIT.failed
  }
}

/** What the machine refused (a port in use, a directory that cannot be written) needs no stack; a bug does. */
function unexpected(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (!('syscall' in error && 'code' in error)) return error.stack ?? error.message
  return `${error.message}; name another ${error.syscall === 'listen' ? 'port' : 'file or directory'}`
}

function createProgram(terminal: Terminal, done: (status: ExitStatus) => void): Command {
  const program = new Command('gemini-key-audit')
    .description("Audits Google API keys against the Gemini API's move from standard keys to auth keys.")
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [COMMAND]', 'print the help of a command')
    .addHelpText('after', STATUSES)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out.write(text),
      writeErr: (text) => terminal.err.write(text),
    })
  addAudit(program, terminal, done)
  addDemo(program, terminal, done)
  addSimulate(program, terminal, done)
  addHistory(program, terminal, done)
  addVerify(program, terminal, done)
  addDoctor(program, terminal, done)
  return program
}

function addAudit(program: Command, terminal: Terminal, done: (status: ExitStatus) => void): void {
  const command = program
    .command('audit')
    .description('One audit; only prints, unless --deliver is given.')
    .option('--format <FORMAT>', `one of ${FORMATS.join(', ')}`, oneOf(FORMATS), 'table')
    .option('--deliver', 'deliver to Cloud Logging, Slack and the archive, as the function does')
    .option(
      '--output <FORMAT=FILE>',
      `write the run to a file besides, as ${OUTPUT_FORMATS.join(', ')}; may be repeated`,
      outputOf,
    )
    .option('--report <FILE>', 'write the HTML report of the run to a file: --output html=FILE')
    .addOption(
      new Option(
        '--preview-slack [FORM]',
        'print what Slack would get instead, and send nothing: text, or json with its link to Block Kit Builder',
      )
        .choices(PREVIEWS)
        .preset('text')
        .conflicts('deliver'),
    )
    .option('--quiet', 'print nothing but errors, and data where --format asks for it')
    .addOption(
      new Option(
        '--verbose',
        'tell each step of the reading and the requests by operation, on standard error',
      ).conflicts('quiet'),
    )
    .option(
      '--fail-on <LIST>',
      `exit with 3 when one of these is found: ${FAIL_ON.join(', ')}`,
      listOf(FAIL_ON),
    )
    .addHelpText(
      'after',
      `\n${variablesHelp()}\n${statuses('failed', 'something named by --fail-on was found')}`,
    )
  for (const name of Object.keys(OPTIONS) as OptionName[]) addFlag(command, name)
  command.action(async (flags: AuditFlags) => done(await runAudit(flags, terminal)))
}

/** `absent`: what it means for this command that the flag is not there, where that is not as in an audit. */
function addFlag(command: Command, name: OptionName, absent?: string): void {
  const option: OptionRow<unknown> = OPTIONS[name]
  if (option.flag === undefined) return
  const fallback = absent ?? option.default ?? option.absent ?? 'required'
  command.option(
    `${option.flag} <${option.argument}>`,
    `${option.description} (${option.variable}; ${fallback})`,
  )
}

function variablesHelp(): string {
  const rows = Object.values(OPTIONS)
    .filter((option: OptionRow<unknown>) => option.flag === undefined)
    .map(({ variable, description, absent, ...option }: OptionRow<unknown>) => {
      const fallback = option.default ?? absent ?? 'required'
      return `  ${variable.padEnd(24)} ${description} (${fallback})`
    })
  return `Set by a variable only:\n${rows.join('\n')}`
}

function addDemo(program: Command, terminal: Terminal, done: (status: ExitStatus) => void): void {
  program
    .command('demo')
    .description('One audit of a sample organization on the embedded simulator, without any account.')
    .option('--out <DIRECTORY>', 'where records and report are written', '.gemini-key-audit/demo')
    .option(
      '--fault <RULE>',
      'make a fault in the simulator, as simulate --help describes; may be repeated',
      repeated,
    )
    .option('--seed <NUMBER>', 'what faults by chance depend on (default: 1)', seedNumber)
    .addHelpText('after', statuses('failed'))
    .action(async (flags: DemoFlags) => done(await runDemo(flags, terminal)))
}

function addSimulate(program: Command, terminal: Terminal, done: (status: ExitStatus) => void): void {
  program
    .command('simulate')
    .description("Serves a simulated organization behind Google's and Slack's HTTP, until it is interrupted.")
    .option('--port <PORT>', 'port on 127.0.0.1; 0 takes a free one', portNumber, 8085)
    .option(
      '--world <WORLD>',
      'a world file, or a made one such as generated:keys=20000,projects=2000 (default: the sample)',
    )
    .option(
      '--quota [SECONDS]',
      "refuse requests beyond each API's documented quota; a quota's minute lasts 60 seconds, or as many",
      positive,
    )
    .option('--latency <MS>', 'milliseconds before each answer', positive)
    .option(
      '--events <URL>',
      'let keys and services be changed through their APIs, and report each change to this address on this machine, ' +
        'as the asset feed does through Pub/Sub',
      onThisMachine,
    )
    .option('--fault <RULE>', 'make a fault, as described below; may be repeated', repeated)
    .option('--seed <NUMBER>', 'what faults by chance depend on (default: 1)', seedNumber)
    .addHelpText('after', () => `${faultHelp()}\n${statuses('failed')}`)
    .action(async (flags: SimulateFlags) => done(await runSimulate(flags, terminal)))
}

function addHistory(program: Command, terminal: Terminal, done: (status: ExitStatus) => void): void {
  const command = program
    .command('history')
    .description(
      'The remembered runs with their counts and changes, the life of one key, or what a period brought.',
    )
    .option('--key <UID>', "a key's uid or name")
    .option('--since <DAY>', 'what became of the keys since a day, such as 2026-11-01')
    .option('--owner <OWNER>', 'with --since: only keys of this owner')
    .option('--project <PROJECT>', 'with --since: only keys of this project, by its ID or number')
    .option('--show <TABLE>', `with --since: one table, ${SECTION_NAMES.join(', ')}`, oneOf(SECTION_NAMES))
    .option(
      '--format <FORMAT>',
      `with --since: one of ${PERIOD_FORMATS.join(', ')}; csv holds one table, the days unless --show names another`,
      oneOf(PERIOD_FORMATS),
    )
    .addHelpText('after', statuses('failed, or nothing of the kind is remembered'))
  addArchiveFlags(command)
  command.action(async (flags: HistoryFlags) => done(await runHistory(flags, terminal)))
}

function addVerify(program: Command, terminal: Terminal, done: (status: ExitStatus) => void): void {
  const command = program
    .command('verify')
    .description(
      'Checks every object, digest and link of the remembered runs; exits with 3 at the first break, or where an ' +
        'object does not belong.',
    )
    .option(
      '--from <RUN>',
      'the run to begin with, such as 2026-11-23T07:00:00Z; its own link is not checked',
    )
    .option(
      '--expect-every <TIME>',
      'longest time from run to run and to now, at most 31 days, such as 26h',
      milliseconds,
    )
    .option('--all', 'go on behind a break, and say of each what it leaves unproven')
    .option(
      '--head <SHA256>',
      'the SHA-256 of a run record, or its first 12 digits as a digest in Slack shows them, which the archive has to hold',
    )
    .option('--report <FILE>', 'the HTML report of a run, to compare with the archive')
    .option('--records <FILE>', 'records exported from Cloud Logging, to compare with the archive')
    .addHelpText('after', statuses('failed', 'a break was found'))
  addArchiveFlags(command)
  command.action(async (flags: VerifyFlags) => done(await runVerify(flags, terminal)))
}

function addDoctor(program: Command, terminal: Terminal, done: (status: ExitStatus) => void): void {
  const command = program
    .command('doctor')
    .description(
      'Tries every right and API that the configuration needs, and says what is missing and how to grant it; ' +
        'exits with 1 if a run would fail.',
    )
    .option('--json', 'print JSON')
    .addHelpText('after', `\n${variablesHelp()}\n${statuses('a run would fail')}`)
  for (const name of Object.keys(OPTIONS) as OptionName[]) addFlag(command, name)
  command.action(async (flags: DoctorFlags) => done(await runDoctor(flags, terminal)))
}

function addArchiveFlags(command: Command): void {
  addFlag(command, 'archive', 'required')
  addFlag(command, 'name', 'all audits of the archive')
  addFlag(command, 'scope', 'all audits of the archive')
}
