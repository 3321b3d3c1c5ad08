import { weekday } from '../../calendar.js'
import type { JudgedRun } from '../../history/judged-run.js'
import type { ChartRun } from '../../records/trend.js'
import { chartPng } from '../../report/chart/png.js'
import { chartText } from '../../report/chart/words.js'
import { withItself } from '../charted.js'
import type { SlackFile } from './channel.js'

/** The chart of a week, or why there is none although it is due; neither where it is not. */
export interface WeeklyChart {
  readonly picture?: SlackFile
  readonly remark?: string
}

/**
 * The chart for the thread: on Mondays, from three runs on. Never rejects: a chart that cannot be made is
 * told, and holds up nothing.
 */
export async function weeklyChart(
  run: JudgedRun,
  runsBefore: (run: JudgedRun) => Promise<readonly ChartRun[]>,
): Promise<WeeklyChart> {
  const { asOf, asOfOverridden } = run.run
  if (asOfOverridden || weekday(asOf) !== 'Monday') return {}
  try {
    const facts = {
      runs: withItself(run, await runsBefore(run)),
      deadlines: run.record.policy.deadlines,
    }
    const content = await chartPng(facts)
    if (content === undefined) return {}
    const title = `Affected keys by rule until ${asOf}`
    return {
      picture: { name: `gemini-key-audit-${asOf}.png`, title, content, says: chartText(facts) ?? title },
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { remark: `The chart of this week could not be made: ${why}` }
  }
}
