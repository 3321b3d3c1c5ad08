import { OPTIONS } from '../src/config/options.js'
import {
  EXPORT_MINUTES,
  exportedBytes,
  LINE_BYTES,
  minutesOf,
  requestsOf,
  type Size,
  slowest,
  total,
  WAYS,
  type Way,
} from '../src/doctor/size-check.js'
import { PART_BYTES } from '../src/google/download.js'
import { allowance, QUOTAS } from '../src/google/quotas.js'
import { markdownTable } from './markdown.js'
import { dollars, PRICES } from './prices.js'
import { crossover, PACE, SIZES } from './scale.js'

const GIB = 2 ** 30
const RUNS_IN_MONTH = 30
/** What `docs/deploy.md` sets: one processor, half a GiB, records kept for 400 days. */
const DEPLOYED = { cpus: 1, memory: 0.5, retentionDays: 400 } as const
/** Bytes of a key's entry with what Cloud Logging adds, measured on a generated organization. */
const ENTRY_BYTES = { quiet: 1_700, latent: 2_400, affected: 4_800 } as const
/** The shares of that organization: quiet keys are those that `--records relevant` leaves out. */
const SHARES = { quiet: 0.73, latent: 0.26, affected: 0.01 } as const
/** What the function itself adds to the least time, judging and delivery included. */
const JUDGING = 1.15

const count = (value: number) => Math.round(value).toLocaleString('en')
const minutes = (value: number) => (value < 0.1 ? 'below 0.1' : value.toFixed(1))
const money = (value: number) => (value < 0.005 ? '$0.00' : `$${value.toFixed(2)}`)
const volume = (bytes: number) =>
  bytes < GIB / 10 ? `${(bytes / 2 ** 20).toFixed(1)} MiB` : `${(bytes / GIB).toFixed(2)} GiB`

const SIZE_HEAD = ['keys', 'projects', 'with Gemini'] as const
const sizeCells = ({ keys, projects, gemini }: Size) => [count(keys), count(projects), count(gemini)]

function wayRows(size: Size): string[][] {
  return WAYS.map((way) => {
    const requests = requestsOf(way, size)
    const { quota, minutes: longest } = slowest(requests, PACE)
    return [
      ...sizeCells(size),
      `\`${way}\``,
      count(total(requests)),
      `${quota}: ${count(requests[quota] ?? 0)} at ${count(allowance(quota, PACE))} a minute, ${minutes(longest)} min`,
      minutes(minutesOf(way, size, PACE)),
      way === 'export' ? volume(exportedBytes(size)) : '–',
    ]
  })
}

/** Bytes that a run writes to Cloud Logging. */
function logged({ keys }: Size, records: 'all' | 'relevant'): number {
  const { quiet, latent, affected } = SHARES
  const relevant = latent * ENTRY_BYTES.latent + affected * ENTRY_BYTES.affected
  return keys * (records === 'all' ? quiet * ENTRY_BYTES.quiet + relevant : relevant)
}

/** Dollars a month for the records once the oldest are as old as they are kept. */
function recordsCost(size: Size, records: 'all' | 'relevant'): number {
  const month = (logged(size, records) * RUNS_IN_MONTH) / GIB
  const keptMonths = (DEPLOYED.retentionDays - 30) / 30
  return dollars(PRICES.logged, month) + dollars(PRICES.kept, month * keptMonths)
}

function functionCost(way: Way, size: Size): number {
  const seconds = minutesOf(way, size, PACE) * 60 * JUDGING * RUNS_IN_MONTH
  return dollars(PRICES.cpu, seconds * DEPLOYED.cpus) + dollars(PRICES.memory, seconds * DEPLOYED.memory)
}

/** Written once, read in parts, listed twice, and kept for an hour at most; deleting is free. */
function exportCost(size: Size): number {
  const gib = exportedBytes(size) / GIB
  const written = 2 + Math.ceil(exportedBytes(size) / GIB)
  const read = Math.ceil(exportedBytes(size) / PART_BYTES)
  const run =
    (dollars(PRICES.classA, written + 2) + dollars(PRICES.classB, read)) / 1000 + dollars(PRICES.stored, gib)
  return run * RUNS_IN_MONTH
}

function moneyRows(): string[][] {
  return SIZES.map((size) => [
    ...sizeCells(size),
    ...WAYS.map((way) => {
      const fits = minutesOf(way, size, PACE) <= LONGEST_RUN
      return fits
        ? money(functionCost(way, size) + (way === 'export' ? exportCost(size) : 0))
        : 'does not fit'
    }),
    volume(logged(size, 'all')),
    money(recordsCost(size, 'all')),
    volume(logged(size, 'relevant')),
    money(recordsCost(size, 'relevant')),
  ])
}

/** Minutes that a run may read unless it is set otherwise. */
const LONGEST_RUN = Number.parseInt(OPTIONS.timeBudget.default ?? '', 10)

/** The largest organization of the table that a way reads in time. */
function largest(way: Way): string {
  const size = SIZES.findLast((each) => minutesOf(way, each, PACE) <= LONGEST_RUN)
  return size === undefined ? 'none' : `${count(size.keys)} keys in ${count(size.projects)} projects`
}

/** What each way of reading costs by size: requests, minutes, money. */
export function scaleTables(): Readonly<Record<string, string>> {
  const prices = Object.values(PRICES).map((price) => [
    price.what,
    `$${price.dollars} per ${price.per}`,
    'free' in price ? `${count(price.free)} a month` : '–',
    `[page](${price.source}), ${price.read}`,
  ])
  return {
    'ways-of-reading': `| \`AUDIT_INVENTORY\` | finds projects and keys by | for |
| --- | --- | --- |
| \`auto\`, \`assets\` | the listing of Cloud Asset Inventory, ${count(allowance('listAssets', PACE))} pages of 1,000 a minute | nearly everybody |
| \`projects\` | Resource Manager, then \`keys.list\` for each project | where asset inventory may not be used, up to a few thousand projects |
| \`export\` | one request, by which Google writes the inventory to Cloud Storage | organizations whose listing takes too long, and where others spend its quota |`,
    'time-budget': String(LONGEST_RUN),
    largest: WAYS.map((way) => `- \`${way}\`: ${largest(way)}`).join('\n'),
    'scale-terms': `The least that each way takes, at the usual pace of ${PACE}% of each quota and counted without latency. The slowest quota
decides: the others are spent at the same time. Of \`projects\` it is the most that can be: a candidate key in each
project. The bytes are ${LINE_BYTES.key} for a key and ${LINE_BYTES.project} for a project, as the simulator writes them.`,
    'requests-by-size': markdownTable(
      [...SIZE_HEAD, 'way', 'requests', 'slowest quota', 'least minutes', 'exported'],
      SIZES.flatMap(wayRows),
    ),
    crossover: `An export takes ${EXPORT_MINUTES} minutes in this table: Google says that it "usually finishes within 5 minutes", and promises nothing.
Projects are confirmed while a listing goes on, and only after an export. So an export is the faster way from
${count(crossover().assets)} projects and keys together on, and ${count(crossover().perGemini)} more for each project with the Gemini API. It costs
[no request of ListAssets](${QUOTAS.listAssets.source}), which others in the calling project may need.`,
    'money-terms': `A month of ${RUNS_IN_MONTH} runs, in US dollars at list prices: the function with ${DEPLOYED.cpus} processor and ${DEPLOYED.memory * 1024} MiB for the least
minutes and ${Math.round((JUDGING - 1) * 100)}% more, an export's storage and operations, and the records with ${DEPLOYED.retentionDays} days of retention, once the oldest are
that old. Free amounts are taken off; they count for a project or a billing account together with all else in it. The
asset inventory, API Keys, Service Usage, Resource Manager, Organization Policy and the reading of metrics cost nothing;
Secret Manager, Cloud Scheduler and the archive cost cents.`,
    money: markdownTable(
      [
        ...SIZE_HEAD,
        ...WAYS.map((way) => `function, \`${way}\``),
        'written a run, `all`',
        'records, `all`',
        'written a run, `relevant`',
        'records, `relevant`',
      ],
      moneyRows(),
    ),
    'bytes-of-records': `The records are counted as ${count(ENTRY_BYTES.quiet)} bytes for a key that \`--records relevant\` leaves out, ${count(ENTRY_BYTES.latent)} for a latent and ${count(ENTRY_BYTES.affected)} for
an affected one, with ${SHARES.quiet * 100}%, ${SHARES.latent * 100}% and ${SHARES.affected * 100}% of the keys: measured on a generated organization; yours differs.`,
    prices: markdownTable(['what', 'price', 'free', 'source and when it was read'], prices),
  }
}
