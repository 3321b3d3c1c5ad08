import assert from 'node:assert/strict'
import { DamagedArchive } from '../../src/history/manifest.js'
import { runsBefore } from '../../src/history/recent.js'
import type { Instant } from '../../src/model.js'
import { chartRun } from '../../src/records/trend.js'
import { day, instant, judged, RUN, runOf } from '../report/samples.js'

const at = (date: string): Instant => instant(`2026-11-${date}T07:00:00Z`)

/** An archive that has a folder for each of these runs, and remembers what the last of the judged ones says. */
function archiveWith(
  folders: readonly string[],
  judgedOn: readonly string[],
  damaged: readonly string[] = [],
) {
  const recordOn = (date: string) =>
    runOf([judged()], [], { run: { ...RUN, asOf: day(`2026-11-${date}`), time: at(date) } })
  return {
    runs: async () => folders.map(at),
    manifest: async (_audit: string, run: Instant) => {
      const date = run.slice(8, 10)
      if (damaged.includes(date)) throw new DamagedArchive(run, 'its digest is another one')
      if (!judgedOn.includes(date)) return undefined
      const before = judgedOn.slice(0, judgedOn.indexOf(date))
      return { record: recordOn(date), development: before.map((each) => chartRun(recordOn(each))) }
    },
  }
}

const failedOn = (date: string) => ({ day: day(`2026-11-${date}`), failed: true })

async function shortly(
  folders: readonly string[],
  judgedOn: readonly string[],
  damaged: readonly string[] = [],
) {
  const archive = archiveWith(folders, judgedOn, damaged)
  const runs = await runsBefore(archive, { audit: RUN.audit, time: at('23') })
  return {
    judged: runs.flatMap((run) => ('failed' in run ? [] : [run.day.slice(8)])),
    failed: runs.filter((run) => 'failed' in run),
  }
}

describe('the runs before one', () => {
  it('are those that the newest remembered run carries, and itself', async () => {
    assert.deepEqual(await shortly(['20', '21', '22', '23'], ['20', '21', '22']), {
      judged: ['20', '21', '22'],
      failed: [],
    })
  })

  it('have failed where a run left a folder and is not remembered', async () => {
    assert.deepEqual(await shortly(['19', '20', '21', '22'], ['19', '21']), {
      judged: ['19', '21'],
      failed: [failedOn('20'), failedOn('22')],
    })
  })

  it('have not failed on a day on which another run judged keys, or where the memory is damaged', async () => {
    const archive = archiveWith(['19', '20', '21'], ['19', '21'], ['20'])
    const again = {
      ...archive,
      runs: async () => [...(await archive.runs()), instant('2026-11-21T09:00:00Z')],
    }
    const runs = await runsBefore(again, { audit: RUN.audit, time: at('23') })
    assert.deepEqual(
      runs.filter((run) => 'failed' in run),
      [],
    )
  })

  it('are none where nothing is remembered', async () => {
    assert.deepEqual(await shortly(['20', '21'], []), { judged: [], failed: [] })
  })
})
