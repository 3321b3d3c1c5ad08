import assert from 'node:assert/strict'
import { ChangedTree } from './changed-tree.js'

const PROGRAM = 'test/end-to-end/added-parts.ts'

describe('A delivery that is added as CONTRIBUTING.md says', function () {
  this.timeout(240_000)
  let tree: ChangedTree

  before(async () => {
    tree = await ChangedTree.with()
    await tree.write('src/deliver/note.ts', DELIVERY)
    await tree.insert('src/run/deliveries.ts', DELIVERIES, DELIVERY_LINE)
    await tree.insert('src/run/deliveries.ts', "import { gsPathOf } from '../gs-path.js'\n", DELIVERY_IMPORT)
    await tree.insert('src/config/options.ts', 'export const OPTIONS = {\n', OPTION)
  })

  after(() => tree.remove())

  it('satisfies the compiler', async () => {
    await assert.doesNotReject(tree.compile())
  })

  it('gets the run, by a setting that the help names', async () => {
    await tree.node('src/cli.ts', 'demo', '--out', 'out')
    const record = JSON.parse((await tree.read('out/records.ndjson')).trim().split('\n').at(-1) ?? '')
    assert.equal(await tree.read('out/note.txt'), `${record.counts.keys} keys\n`)
    assert.match(await tree.node('src/cli.ts', 'audit', '--help'), /NOTE_FILE .*Where a note goes/)
  })
})

describe('A request to Google that is added as CONTRIBUTING.md says', function () {
  this.timeout(240_000)
  let tree: ChangedTree

  const made = async () => JSON.parse(await tree.node(PROGRAM))

  before(async () => {
    tree = await ChangedTree.with([PROGRAM, 'test/golden/doctor/ill.txt'])
    await tree.insert('src/google/calls.ts', 'export const CALLS = {\n', CALL)
    await tree.append('src/google/resourcemanager.ts', REQUEST)
  })

  after(() => tree.remove())

  it('is missed by the doctor until a check covers it, which a test notices', async () => {
    assert.deepEqual((await made()).uncovered, ['listTagBindings'])
    await tree.append('src/doctor/project-checks.ts', CHECK)
    await tree.insert('src/doctor/checks.ts', 'export const CHECKS = {\n', '  tagBindingsList,\n')
    await tree.insert('src/doctor/checks.ts', "import { size } from './size-check.js'\n", CHECK_IMPORT)
    const { uncovered, role, doctor } = await made()
    assert.deepEqual(uncovered, [])
    assert.match(role, /resourcemanager\.tagBindings\.list/)
    assert.match(doctor, /tagBindings\.list/)
    await assert.doesNotReject(tree.compile())
  })
})

const DELIVERY = `
import { writeFile } from 'node:fs/promises'
import type { FailedRun, JudgedRun } from '../history/judged-run.js'
import { type Delivery, DeliveryError, type Receipt } from './delivery.js'

/** Writes how many keys there are into a file. */
export class NoteDelivery implements Delivery {
  readonly what = 'the note'
  readonly isRepeatable = true
  readonly to: string

  constructor(readonly file: string) {
    this.to = \`note:\${file}\`
  }

  async deliver({ record }: JudgedRun | FailedRun): Promise<Receipt> {
    const keys = record.outcome === 'failed' ? 'failed' : \`\${record.counts.keys} keys\`
    try {
      await writeFile(this.file, \`\${keys}\\n\`)
      return { problems: [] }
    } catch {
      const explanation = { code: 'UNWRITTEN', cause: 'the file cannot be written', advice: { say: 'name another' } }
      throw new DeliveryError(this.to, false, 'Writing the note failed; name another file.', explanation)
    }
  }
}
`
const DELIVERIES = `  return [
    ...(values.logProject === 'none' ? [] : [await logDelivery(values, env, limits)]),
`
const DELIVERY_LINE = `    ...(values.noteFile === undefined ? [] : [new NoteDelivery(values.noteFile)]),
`
const DELIVERY_IMPORT = `import { NoteDelivery } from '../deliver/note.js'
`
const OPTION = `  noteFile: option({
    variable: 'NOTE_FILE',
    default: 'out/note.txt',
    parse: anyText,
    description: 'Where a note goes.',
  }),
`
const CALL = `  listTagBindings: {
    ...RESOURCES,
    operation: 'tagBindings.list',
    quota: 'readProjects',
    permission: 'resourcemanager.tagBindings.list',
    doing: 'Listing the tags of',
  },
`
const REQUEST = `
/** The tags of a project. */
export async function listTagBindings(client: GoogleClient, project: string) {
  const { tagBindings } = await api(client)
  const parent = \`//cloudresourcemanager.googleapis.com/\${project}\`
  return client.ask({
    call: CALLS.listTagBindings,
    subject: project,
    send: (options) => tagBindings.list({ parent }, options),
    schema: z.looseObject({ tagBindings: z.array(z.looseObject({ tagValue: z.string() })).default([]) }),
  })
}
`
const CHECK_IMPORT = `import { tagBindingsList } from './project-checks.js'
`
const CHECK = `
import { listTagBindings } from '../google/resourcemanager.js'

export const tagBindingsList = onProjects(
  {
    call: 'tagBindings.list',
    covers: ['listTagBindings'],
    needs: 'Shows the tags of projects.',
    otherwise: 'A warning.',
  },
  (google, project) => listTagBindings(google, project),
)
`
