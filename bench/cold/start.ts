import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'

/** A function that does nothing: what is left is Node's start and the framework's. */
const NOTHING = `import { http } from '@google-cloud/functions-framework'
http('audit', (_request, response) => response.status(405).end())
`

const FRAMEWORK = resolve('node_modules/@google-cloud/functions-framework/build/src/main.js')

/** Milliseconds from the start of a process that serves a folder's function until its first answer. */
async function start(folder: string): Promise<number> {
  const port = await freePort()
  const begun = performance.now()
  const child = spawn(
    process.execPath,
    [FRAMEWORK, '--target=audit', `--source=${folder}`, `--port=${port}`],
    {
      env: { ...process.env, NODE_ENV: 'production', METADATA_SERVER_DETECTION: 'none' },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  try {
    await answer(`http://127.0.0.1:${port}/`, child)
    return performance.now() - begun
  } finally {
    child.kill('SIGKILL')
    await once(child, 'close')
  }
}

/** Asks until there is an answer; GET is none that starts a run. */
async function answer(url: string, child: ChildProcess): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the function ended with ${child.exitCode}`)
    const response = await fetch(url).catch(() => undefined)
    if (response?.status === 405) return
    if (response !== undefined) throw new Error(`the function answered ${response.status}`)
    await setTimeout(2)
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('there is no free port')
  return address.port
}

/** A package whose function lies in `main`, with the packages of this one. */
function packageIn(folder: string, main: string): string {
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'cold', version: '0', type: 'module', main }),
  )
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
  return folder
}

const { values } = parseArgs({ options: { runs: { type: 'string', default: '15' } } })
const work = mkdtempSync(join(tmpdir(), 'cold-'))
try {
  const nothing = packageIn(mkdtempSync(join(work, 'nothing-')), 'index.js')
  writeFileSync(join(nothing, 'index.js'), NOTHING)
  const unbundled = packageIn(mkdtempSync(join(work, 'unbundled-')), 'dist/index.js')
  execFileSync('npx', ['tsc', '--project', 'bench/cold', '--outDir', join(unbundled, 'dist')], {
    stdio: 'inherit',
  })
  const folders = {
    'the framework alone': nothing,
    'one file a module': unbundled,
    'as it is built': resolve('.'),
  }
  const times: Record<string, number[]> = {}
  for (let run = 0; run < Number(values.runs); run += 1) {
    for (const [name, folder] of Object.entries(folders)) {
      times[name] = [...(times[name] ?? []), await start(folder)]
    }
  }
  const median = (all: readonly number[] = []) => all.toSorted((a, b) => a - b)[all.length >> 1] ?? Number.NaN
  const alone = median(times['the framework alone'])
  console.log(
    `From process start to the first byte of an answer, medians of ${values.runs} starts, taken in turn`,
  )
  console.table(
    Object.fromEntries(
      Object.entries(times).map(([name, all]) => [
        name,
        { ms: Math.round(median(all)), ratio: Number((median(all) / alone).toFixed(2)) },
      ]),
    ),
  )
  console.log('Again: npm run build && npm run bench:cold')
} finally {
  rmSync(work, { recursive: true })
}
