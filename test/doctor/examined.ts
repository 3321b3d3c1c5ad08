import type { SimulatorOptions } from '../../simulator/simulator.js'
import type { World } from '../../simulator/world/world.js'
import { readConfig } from '../../src/config/config.js'
import { type Diagnosis, diagnose } from '../../src/doctor/diagnosis.js'
import type { Line } from '../../src/doctor/diagnosis-lines.js'
import type { Instant } from '../../src/model.js'
import { siteFor } from '../../src/run/doctor-dependencies.js'
import { NOW, onStage, type Stage } from '../end-to-end/stage.js'
import { worldOf } from '../simulator/simulated.js'

/** An organization in which everything that a run may ask is asked. */
export const ORGANIZATION = `
organization: {number: 99, domain: small.example}
caller: {project: auditor-1, serviceAccount: auditor@auditor-1.iam.gserviceaccount.com}
folders: [{number: 7, name: web}]
projects:
  - {id: auditor-1, number: 101, services: [apikeys, cloudasset, cloudresourcemanager, serviceusage, logging]}
  - id: gemini-1
    number: 102
    folder: 7
    services: [generativelanguage]
    keys: [{name: Chat, uid: chat, traffic: [{daily: 3}]}]
  - id: latent-1
    number: 103
    folder: 7
    keys: [{name: Later, uid: later, targets: [generativelanguage]}]
buckets: [{name: archive, retention: 400d}, {name: exports}]
`

export const SLACK = 'slack: {team: Small, channels: [{id: C0456, name: security}]}'

export interface Examined {
  readonly diagnosis: Diagnosis
  /** What is not as a run needs it. */
  readonly wrong: readonly Line[]
}

/** What the doctor says of a stage. */
export async function examine(
  { env }: Pick<Stage, 'env'>,
  clock: () => Date = () => NOW,
  isScopeFound = false,
): Promise<Examined> {
  const config = readConfig({ flags: {}, env: { AUDIT_ARCHIVE: 'gs://archive/audits', ...env } })
  const now = () => clock().toISOString() as Instant
  const diagnosis = await diagnose(await siteFor(config, env, { now, isScopeFound }))
  const wrong = diagnosis.checks.filter(({ result }) => result !== 'works' && result !== 'untried')
  return { diagnosis, wrong }
}

/** The doctor on a world of its own. */
export async function examined(
  more: string | World,
  env: Record<string, string> = {},
  options: Partial<SimulatorOptions> = {},
): Promise<Examined> {
  let found: Examined | undefined
  const world = typeof more === 'string' ? worldOf(`${ORGANIZATION}\n${more}`) : more
  await onStage(
    world,
    async (stage) => {
      found = await examine({ env: { ...stage.env, ...env } })
      if (stage.simulator.violations.length > 0) throw new Error(JSON.stringify(stage.simulator.violations))
    },
    options,
  )
  if (found === undefined) throw new Error('nothing was examined')
  return found
}

/** A line for a test: `check result`. */
export function brief({ check, result }: Line): string {
  return `${check} ${result}`
}
