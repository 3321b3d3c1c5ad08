// npm run bench:large: the peak of the process, with the heap that the deployment allows it, in organizations whose
// keys or projects hold much more than usual ones, in each way of reading.
import { parseArgs } from 'node:util'
import { deployedHeap } from '../deployed-heap.js'
import { type Measured, measure, Simulator } from '../processes.js'

const SIZES = [
  'projects=1,keys=300,referrers=1200,characters=40',
  'projects=1,keys=300,referrers=1200,characters=160',
  'projects=1,keys=300,referrers=1200,characters=500',
  'projects=6,keys=50,referrers=1200,characters=40',
  'projects=6,keys=50,referrers=1200,characters=160',
  'projects=6,keys=50,referrers=1200,characters=500',
  'projects=1,keys=3,labels=3000',
]

const { values } = parseArgs({
  options: {
    size: { type: 'string', multiple: true, default: SIZES },
    inventory: { type: 'string', default: 'assets,projects,export' },
    heap: { type: 'string', default: deployedHeap() },
  },
})

const rows: Record<string, Measured | string> = {}
for (const size of values.size) {
  const simulator = await Simulator.start({ BENCH_SIZE: size }, 'large/simulator.ts')
  try {
    for (const inventory of values.inventory.split(',')) {
      const name = `${size}, ${inventory}`
      rows[name] = await measure('audit.mjs', {
        NODE_OPTIONS: values.heap,
        BENCH_DIST: new URL('../../dist/', import.meta.url).href,
        AUDIT_SCOPE: simulator.scope,
        GOOGLE_API_URL: simulator.origin,
        AUDIT_PACE: 'off',
        AUDIT_INVENTORY: inventory,
        AUDIT_EXPORT: 'gs://exports/audit',
        AUDIT_TIME_BUDGET: '20m',
        LOG_PROJECT: simulator.project,
      }).catch((error: unknown) => String(error))
      console.error(name, rows[name])
    }
  } finally {
    await simulator.stop()
  }
}
console.log(`NODE_OPTIONS=${values.heap}`)
console.table(rows)
