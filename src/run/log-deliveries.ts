import { GoogleAuth } from 'google-auth-library'
import type { Config } from '../config/config.js'
import { DEFAULTS, type OptionValues } from '../config/options.js'
import type { Delivery } from '../deliver/delivery.js'
import { DeliveryError } from '../deliver/delivery.js'
import { LogDelivery, RecordLog, type RecordLogOptions } from '../deliver/logging.js'
import type { LogTrial } from '../doctor/check.js'
import { adviceText, type Explanation } from '../errors.js'
import { type Credentials, credentialsFileProblem, credentialsFor } from '../google/credentials.js'
import { originOf } from './archive-stores.js'
import type { RequestLimits } from './request-limits.js'

type Env = Readonly<Record<string, string | undefined>>

/** The project that simulated credentials belong to, where no variable names another. */
const SIMULATED_PROJECT = 'simulator'

/** The delivery of records to Cloud Logging; where nobody's leave is found, one that says so. */
export async function logDelivery(
  values: OptionValues,
  env: Env,
  { logging }: Pick<RequestLimits, 'logging'>,
): Promise<Delivery> {
  const { logName = DEFAULTS.logName } = values
  const owner = await logOwner(values, env).catch(() => undefined)
  if (owner !== undefined) {
    const limits = logging === undefined ? {} : { limits: logging }
    return new LogDelivery(new RecordLog({ ...owner, logName, ...originOf(values), ...limits }))
  }
  return new Undeliverable(await noLog(env, `logging:logs/${logName}`))
}

/** Whose log it is, and by whose leave. Google's library throws where it finds no credentials or no project. */
async function logOwner(
  values: OptionValues,
  env: Env,
): Promise<Pick<RecordLogOptions, 'project' | 'authClient'>> {
  const credentials = credentialsFor(values.googleApiUrl)
  const project = values.logProject ?? (await projectOf(credentials, env))
  return {
    project,
    authClient: credentials instanceof GoogleAuth ? await credentials.getClient() : credentials,
  }
}

function projectOf(credentials: Credentials, env: Env): string | Promise<string> {
  if (credentials instanceof GoogleAuth) return credentials.getProjectId()
  return env['GOOGLE_CLOUD_PROJECT'] ?? SIMULATED_PROJECT
}

/** How the doctor tries the log. */
export async function logTrial(values: Config, env: Env, timeout: number): Promise<LogTrial> {
  const { logName } = values
  const owner = await logOwner(values, env).catch(() => undefined)
  if (owner === undefined) {
    const error = await noLog(env, `logging:logs/${logName}`)
    const rehearse = () => Promise.reject(error)
    return { project: 'projects/LOG_PROJECT', logName, rehearse }
  }
  const log = new RecordLog({ ...owner, logName, ...originOf(values), limits: { timeout } })
  return { project: `projects/${owner.project}`, logName, rehearse: () => log.rehearse() }
}

async function noLog(env: Env, to: string): Promise<DeliveryError> {
  const problem = await credentialsFileProblem(env)
  const explanation =
    problem === undefined
      ? NO_CREDENTIALS
      : { code: 'CREDENTIALS_FILE', cause: problem, advice: { say: 'correct it or unset it' } }
  const { cause, advice } = explanation
  const message = `Finding the project and the credentials for the records failed: ${cause}; ${adviceText(advice)}.`
  return new DeliveryError(to, false, message, explanation)
}

const NO_CREDENTIALS: Explanation = {
  code: 'CREDENTIALS',
  cause: 'there are no Application Default Credentials, or they name no project',
  advice: {
    say: 'set LOG_PROJECT, and give the function a service account or run',
    command: 'gcloud auth application-default login',
  },
}

/** A place of which is known beforehand that it cannot be reached; it says so each time. */
class Undeliverable implements Delivery {
  readonly what = 'the records'
  readonly isRepeatable = true

  constructor(readonly error: DeliveryError) {}

  get to(): string {
    return this.error.to
  }

  deliver(): Promise<never> {
    return Promise.reject(this.error)
  }

  note(): Promise<never> {
    return Promise.reject(this.error)
  }
}
