import { readConfig } from '../config/config.js'
import type { OptionName } from '../config/options.js'
import { diagnose } from '../doctor/diagnosis.js'
import { diagnosisText } from '../doctor/text.js'
import type { Instant } from '../model.js'
import { siteFor } from '../run/doctor-dependencies.js'
import { TOOL } from '../version.js'
import { withScope } from './scope.js'
import { EXIT, type ExitStatus, isColorful, type Terminal, write } from './terminal.js'

export type DoctorFlags = Readonly<Partial<Record<OptionName, string>>> & { readonly json?: boolean }

/** `gemini-key-audit doctor`: whether a run would go well, check by check; exits with 1 if it would fail. */
export async function runDoctor({ json, ...flags }: DoctorFlags, terminal: Terminal): Promise<ExitStatus> {
  const given = { flags, env: terminal.env }
  const settings = await withScope(given, terminal)
  const config = readConfig(settings)
  const now = () => terminal.now().toISOString() as Instant
  const site = await siteFor(config, terminal.env, { now, isScopeFound: settings !== given })
  const diagnosis = await diagnose(site)
  const text = json
    ? `${JSON.stringify({ ...diagnosis, tool: TOOL }, undefined, 2)}\n`
    : diagnosisText(diagnosis, isColorful(terminal))
  await write(terminal.out, text)
  return diagnosis.counts.fails > 0 ? EXIT.failed : EXIT.done
}
