import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { startSimulator } from '../../simulator/simulator.js'
import { openWorld } from '../../simulator/world/file.js'
import { truthOf } from '../../simulator/world/truth.js'
import type { World } from '../../simulator/world/world.js'
import { TOOL } from '../../src/version.js'
import { gcloudVersion } from './gcloud.js'
import type { Comparison, Results, Row } from './results.js'
import { ASSETS, KEYS_BY_PROJECT, OURS, type Way } from './ways.js'

/** Projects with the Gemini API whose keys may not be listed. */
const DENIED = 2

async function compare(name: string): Promise<Comparison> {
  const { world, denied } = withDenials(await openWorld(name, new Date()))
  const simulator = await startSimulator({ world })
  const rows: Row[] = []
  try {
    for (const way of [KEYS_BY_PROJECT, ASSETS, OURS]) {
      const before = total(simulator.requests)
      const { ran, shown } = await way.run(simulator)
      const { milliseconds, peakMiB, commands, outputs, complaints } = ran
      const said = [...outputs, ...complaints].join('\n')
      const row: Row = {
        way: way.name,
        milliseconds,
        peakMiB,
        commands,
        requests: total(simulator.requests) - before,
        unreadNamed: denied.filter((project) => names(said, project, way)).length,
        ...shown,
      }
      rows.push(row)
      console.error(row)
    }
  } finally {
    await simulator.stop()
  }
  return { world: name, projects: world.projectCount, truth: counted(world), rows }
}

interface DeniedProject {
  readonly id: string
  readonly number: string
}

/** The first projects with the Gemini API keep their keys to themselves. */
function withDenials(world: World): { world: World; denied: readonly DeniedProject[] } {
  const denied: DeniedProject[] = []
  for (let at = 0; denied.length < DENIED; at += 1) {
    const { id, number, services } = world.projectAt(at)
    if (services.includes('generativelanguage.googleapis.com')) denied.push({ id, number })
  }
  const denials = denied.map(
    ({ number }) => ({ read: 'keys', reason: 'denied', below: `projects/${number}` }) as const,
  )
  return { world: { ...world, denied: [...world.denied, ...denials] }, denied }
}

/** Whether a project is named as one that could not be read; a listing names it for another reason. */
function names(said: string, { id, number }: DeniedProject, way: Way): boolean {
  const refusals =
    way === OURS ? [`"projects/${number}"`] : [`projects/${id}`, `projects/${number}`, `[${id}]`]
  const lines = said.split('\n').filter((line) => way === OURS || /ERROR|denied/i.test(line))
  return lines.some((line) => refusals.some((refusal) => line.includes(refusal)))
}

function counted(world: World): Comparison['truth'] {
  const keys = [...truthOf(world)].filter(({ state }) => state === 'live' || state === 'deleted')
  return { keys: keys.length, inaccessible: DENIED }
}

function total(requests: ReadonlyMap<string, number>): number {
  return [...requests.values()].reduce((sum, count) => sum + count, 0)
}

const { values } = parseArgs({
  options: {
    projects: { type: 'string', default: '200,2000' },
    write: { type: 'string' },
  },
})
const version = gcloudVersion()
if (version === undefined) {
  console.log('Skipped: gcloud is not installed, and it is what is compared with.')
} else {
  const comparisons: Comparison[] = []
  for (const projects of values.projects.split(',').map(Number)) {
    comparisons.push(
      await compare(`generated:keys=${projects * 5},projects=${projects},gemini=${projects / 5}`),
    )
  }
  const results: Results = {
    measured: new Date().toISOString().slice(0, 10),
    versions: { gcloud: version, [TOOL.name]: TOOL.version, node: process.versions.node },
    machine: `${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'})`,
    comparisons,
  }
  console.log(JSON.stringify(results, null, 2))
  if (values.write !== undefined) writeFileSync(values.write, `${JSON.stringify(results, null, 2)}\n`)
}
