/**
 * Measures the source: `npm run measure`. A function is what Biome's layout shows as one: a line that opens a
 * body, up to the next line with the same indentation that closes it. A function of one line is not counted.
 */
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { startSimulator } from '../simulator/simulator.js'
import { openWorld } from '../simulator/world/file.js'
import { settingsFor } from '../src/commands/sample.js'
import { circlesIn, filesOf, importsOf } from './imports.js'

interface Measured {
  readonly name: string
  readonly lines: number
}

/** A line with which a function, a method or a function in an expression begins. */
const HEAD =
  /^(\s*)(?:(?:export |default |async |static |override |private |protected |get |set )*(?:function\b|(?!(?:if|for|while|switch|catch|return)\b)[#*\w.]+(?:<.*>)?\(.*(?:\{|[(,])$)|.*=> \{$)/

function functionsIn(file: string): readonly Measured[] {
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines.flatMap((line, at) => {
    const indent = HEAD.exec(line)?.[1]
    if (indent === undefined) return []
    const end = endOf(lines, at, indent)
    return end === undefined ? [] : [{ name: `${file}:${at + 1}`, lines: end - at + 1 }]
  })
}

/** The line that closes what begins at a line. A call whose arguments stand on several lines opens no body. */
function endOf(lines: readonly string[], start: number, indent: string): number | undefined {
  let opened = lines[start]?.endsWith('{') && !/\(\{$/.test(lines[start])
  for (let at = start + 1; at < lines.length; at += 1) {
    const line = lines[at] ?? ''
    if (line.trim() === '' || line.startsWith(`${indent} `)) continue
    if (!line.startsWith(indent)) return undefined
    const rest = line.slice(indent.length)
    if (opened) return rest.startsWith('}') ? at : undefined
    if (!/^[)}].*\{$/.test(rest)) return undefined
    opened = true
  }
  return undefined
}

function median(sizes: readonly Measured[]): number {
  return sizes.map(({ lines }) => lines).toSorted((a, b) => a - b)[Math.floor(sizes.length / 2)] ?? 0
}

function summary(what: string, sizes: readonly Measured[]): string {
  const longest = sizes.toSorted((a, b) => b.lines - a.lines)[0]
  return `  ${what}: ${sizes.length}, median ${median(sizes)} lines, longest ${longest?.lines} (${longest?.name})`
}

function measured(folders: readonly string[]): string {
  const files = folders.flatMap(filesOf)
  const sizes = files.map((name) => ({ name, lines: readFileSync(name, 'utf8').split('\n').length - 1 }))
  const lines = sizes.reduce((sum, each) => sum + each.lines, 0)
  return [
    `${folders.join(' and ')}: ${lines} lines`,
    summary('files', sizes),
    summary('functions', files.flatMap(functionsIn)),
    `  import circles: ${circlesIn(importsOf(files)).length}`,
  ].join('\n')
}

const TWO_PROJECTS = fileURLToPath(new URL('two-projects.yaml', import.meta.url))

interface Coverage {
  readonly result: readonly {
    readonly url: string
    readonly functions: readonly {
      readonly functionName: string
      readonly ranges: readonly { count: number }[]
    }[]
  }[]
}

/** Files and named functions of `src` that bring one key from Google's JSON to a line in Slack. */
async function entered(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'measure-'))
  const now = () => new Date()
  const simulator = await startSimulator({ world: await openWorld(TWO_PROJECTS, now()), now })
  try {
    const env = {
      ...settingsFor(simulator),
      PATH: process.env['PATH'],
      AUDIT_PACE: 'off',
      LOG_PROJECT: 'none',
      METADATA_SERVER_DETECTION: 'none',
      NODE_V8_COVERAGE: folder,
    }
    await promisify(execFile)(process.execPath, ['--import', 'tsx', 'src/cli.ts', 'audit', '--deliver'], {
      env,
    })
    if (simulator.slackMessages().length === 0) throw new Error('No line has come to Slack.')
    const found = coveredIn(folder)
    return `bringing one key from Google to Slack enters ${found.flat().length} named functions in ${found.length} files of src`
  } finally {
    await simulator.stop()
    rmSync(folder, { recursive: true })
  }
}

/** The functions that were entered, a list for each file of `src`. */
function coveredIn(folder: string): readonly (readonly unknown[])[] {
  return readdirSync(folder)
    .map((file): Coverage => JSON.parse(readFileSync(join(folder, file), 'utf8')))
    .flatMap(({ result }) => result.filter(({ url }) => url.startsWith(`file://${process.cwd()}/src/`)))
    .map(({ functions }) =>
      functions.filter(({ functionName, ranges }) => functionName !== '' && (ranges[0]?.count ?? 0) > 0),
    )
    .filter((functions) => functions.length > 0)
}

console.log(
  [measured(['src']), measured(['simulator']), measured(['src', 'simulator']), await entered()].join('\n'),
)
