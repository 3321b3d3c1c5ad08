import { cloudEvent, http } from '@google-cloud/functions-framework'
import { LARGEST_BODY, LARGEST_EVENT, limitBodies } from './function/body-limit.js'
import { createEventHandler } from './function/event-handler.js'
import { createHandler } from './function/handler.js'
import { Interruption } from './run/interruption.js'
import { suppressWarnings } from './warnings.js'

/** The function of this process: the framework serves one, by its flag or its variable. */
const target =
  process.argv.findLast((flag) => flag.startsWith('--target='))?.slice('--target='.length) ??
  process.env['FUNCTION_TARGET']

suppressWarnings(process)
limitBodies(target === 'keyChanged' ? LARGEST_EVENT : LARGEST_BODY)

const dependencies = {
  env: process.env,
  now: () => new Date(),
  interruption: new Interruption(process, { reraise: true }),
  report: (error: unknown) =>
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`),
}

http('audit', createHandler(dependencies))
cloudEvent('keyChanged', createEventHandler(dependencies))
