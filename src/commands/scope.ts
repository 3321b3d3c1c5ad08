import { readSettings, type Settings } from '../config/config.js'
import { OPTIONS } from '../config/options.js'
import { ApiError, isOfCredentials } from '../google/errors.js'
import { listed } from '../report/wording.js'
import { visibleOrganizations } from '../run/assemble.js'
import type { Loudness } from './progress.js'
import { printLine, type Terminal } from './terminal.js'

/** How many of several organizations are named. */
const NAMED = 5

/**
 * The settings with a scope: where nobody has named one, the organization that the credentials see, if it is
 * just one. Nothing is asked while other settings are wrong, since one of them may say where Google is.
 */
export async function withScope(
  settings: Settings,
  { err }: Pick<Terminal, 'err'>,
  loudness: Loudness = 'normal',
): Promise<Settings> {
  const given = settings.flags.scope ?? settings.env[OPTIONS.scope.variable] ?? ''
  const { values, problems } = readSettings(settings)
  if (given.trim() !== '' || problems.length > 1) return settings
  try {
    const organizations = await visibleOrganizations(values)
    const [only, ...others] = organizations
    if (only === undefined || others.length > 0)
      return { ...settings, absent: { scope: unclear(organizations.map(({ name }) => name)) } }
    if (loudness !== 'quiet')
      await printLine(
        err,
        `Scope: ${only.name} (${only.domain}), the only organization that these credentials see.`,
      )
    return { ...settings, flags: { ...settings.flags, scope: only.name } }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return { ...settings, absent: { scope: `${error.because} (${error.reason}); ${nextStep(error)}` } }
  }
}

function unclear(names: readonly string[]): string {
  if (names.length === 0)
    return 'the credentials see no organization; name what is audited, such as projects/ID'
  const more = names.length > NAMED ? [`${names.length - NAMED} more`] : []
  const seen = listed([...names.slice(0, NAMED), ...more])
  return `the credentials see ${names.length} organizations (${seen}); name those that are audited`
}

/** Without credentials a scope helps nothing; whatever else went wrong, it need not be searched for. */
function nextStep(error: ApiError): string {
  return isOfCredentials(error) ? error.fix : 'name what is audited'
}
