// A simulator of a large organization, in a process of its own; the one who started it ends it by any message.
import { startSimulator } from '../../simulator/simulator.js'
import { largeWorld, sizeIn } from './worlds.js'

const { BENCH_SIZE = '' } = process.env

const world = largeWorld(sizeIn(BENCH_SIZE), new Date())
const simulator = await startSimulator({ world, log: 'counted', exporting: { polls: 1 } })
process.on('message', () => process.exit())
process.on('disconnect', () => process.exit())
process.send?.({
  origin: simulator.origin,
  scope: `organizations/${world.organization.number}`,
  project: world.caller.project,
})
