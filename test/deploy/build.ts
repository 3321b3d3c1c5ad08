import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { type Answer, flagsOf, type Recorded, recorded } from './recorded.js'

interface Step {
  readonly id: string
  readonly name: string
  readonly script?: string
  readonly entrypoint?: string
  readonly args?: readonly string[]
}

interface Build {
  readonly substitutions: Readonly<Record<string, string>>
  readonly serviceAccount: string
  readonly options: Readonly<Record<string, unknown>>
  readonly steps: readonly Step[]
}

export const BUILD_TEXT = readFileSync('cloudbuild.yaml', 'utf8')
export const BUILD: Build = parse(BUILD_TEXT)

/** The project that a build of these tests runs in. */
export const PROJECT_ID = 'auditor-prod'

/** Runs the script of a step as Cloud Build does: its substitutions, all of them, are variables. */
export function runStep(
  id: string,
  substitutions: Readonly<Record<string, string>> = {},
  answers: readonly Answer[] = [],
): Recorded {
  const script = BUILD.steps.find((step) => step.id === id)?.script
  if (script === undefined) throw new Error(`cloudbuild.yaml has no step ${id} with a script`)
  return recorded(
    ['-c', script],
    { ...BUILD.substitutions, PROJECT_ID, BUILD_ID: 'build-1', ...substitutions },
    answers,
  )
}

/** The environment that the deploy step gives to the function, without the secret. */
export function deployedEnvironment(
  substitutions: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const { calls, stderr } = runStep('deploy', substitutions)
  const flag = flagsOf(calls[0] ?? [])['--set-env-vars']
  if (flag === undefined) throw new Error(`the deploy step sets no environment: ${stderr}`)
  const [, separator = '', pairs = ''] = /^\^(.)\^(.*)$/s.exec(flag) ?? []
  return Object.fromEntries(
    pairs.split(separator).map((pair) => {
      const at = pair.indexOf('=')
      return [pair.slice(0, at), pair.slice(at + 1)]
    }),
  )
}

/** What somebody gives with a build. */
export const GIVEN = {
  _SCOPE: 'organizations/123456789012',
  _SLACK_CHANNEL: 'C0123ABCD',
  _TIME_ZONE: 'Europe/Zurich',
}

/** The same for a job. */
export const JOB = { ...GIVEN, _RUN_AS: 'job', _TIME_BUDGET: '23h' }

/** What the schedule step runs last, where Cloud Scheduler lists these jobs. */
export function scheduling(jobs: string, given: Readonly<Record<string, string>> = GIVEN): readonly string[] {
  const { calls, stderr } = runStep('schedule', given, [
    { to: 'services describe', with: 'https://gemini-key-audit-abc-ew.a.run.app\n' },
    { to: 'jobs list', with: jobs },
  ])
  const last = calls.at(-1)
  if (last === undefined) throw new Error(`the schedule step calls nothing: ${stderr}`)
  return last
}
