import { pathToFileURL } from 'node:url'
import * as commands from '../src/commands/main.js'
import * as eventHandlers from '../src/function/event-handler.js'
import * as handlers from '../src/function/handler.js'
import * as attempts from '../src/run/attempt.js'

// With TEST_BUILT in the environment the tests drive the program as it is built, instead of its sources.
const isBuilt = (process.env['TEST_BUILT'] ?? '') !== ''

async function programOf<Module>(sources: Module, file: string): Promise<Module> {
  return isBuilt ? import(pathToFileURL(`dist/${file}`).href) : sources
}

/** One attempt of a run: what both entries call. */
export const attempt: typeof attempts.attempt = async (...args) =>
  (await programOf(attempts, 'attempt.js')).attempt(...args)

/** The command. */
export const main: typeof commands.main = async (...args) =>
  (await programOf(commands, 'main.js')).main(...args)

/** The function. */
export const createHandler: typeof handlers.createHandler =
  (...args) =>
  async (request, response) =>
    (await programOf(handlers, 'handler.js')).createHandler(...args)(request, response)

/** The function of single changes. */
export const createEventHandler: typeof eventHandlers.createEventHandler = (...args) => {
  const created = programOf(eventHandlers, 'event-handler.js').then((program) =>
    program.createEventHandler(...args),
  )
  return async (event) => (await created)(event)
}
