import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { callFunction, onStage, smallWorld } from '../end-to-end/stage.js'

interface Metric {
  readonly filter: string
  readonly labelExtractors?: Readonly<Record<string, string>>
  readonly metricDescriptor: { readonly labels?: readonly { readonly key: string }[] }
}

interface Threshold {
  readonly filter: string
  readonly aggregations: readonly { readonly alignmentPeriod: string }[]
  readonly comparison: string
  readonly thresholdValue: number
  readonly duration: string
  readonly evaluationMissingData?: string
}

interface Alert {
  readonly displayName: string
  readonly userLabels: Readonly<Record<string, string>>
  readonly conditions: readonly { readonly conditionThreshold: Threshold }[]
  readonly alertStrategy: { readonly autoClose: string }
  readonly documentation: { readonly content: string }
}

const namesIn = (folder: string) => readdirSync(folder).map((file) => file.replace('.yaml', ''))
const metric = (name: string): Metric => parse(readFileSync(`deploy/metrics/${name}.yaml`, 'utf8'))
const alert = (name: string): Alert => parse(readFileSync(`deploy/alerts/${name}.yaml`, 'utf8'))
const seconds = (duration: string) => Number(/^(\d+)s$/.exec(duration)?.[1])

/** Longest time that a condition may look back. @see https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.alertPolicies#Aggregation */
const LONGEST = 90_000

describe('the alert policies', () => {
  const names = namesIn('deploy/alerts')

  it('are four: silence, a failed run, an incomplete run, failed attempts', () => {
    assert.deepEqual(names.sort(), ['failed-attempts', 'failed-run', 'incomplete-run', 'silence'])
    assert.match(
      readFileSync('deploy/setup.sh', 'utf8'),
      /^alerts='silence failed-run incomplete-run failed-attempts'$/m,
    )
  })

  for (const name of names) {
    it(`${name}: looks at a metric that setup makes, within Monitoring's limits, and is found again by its labels`, () => {
      const { userLabels, conditions, documentation } = alert(name)
      assert.deepEqual(userLabels, { service: 'gemini-key-audit', about: name })
      assert.match(documentation.content, /gcloud /)
      for (const { conditionThreshold: condition } of conditions) {
        const [, counted = ''] = /user\/gemini-key-audit-(\w+)"/.exec(condition.filter) ?? []
        assert.ok(namesIn('deploy/metrics').includes(counted), condition.filter)
        for (const [, label = ''] of condition.filter.matchAll(/metric\.labels\.(\w+)/g)) {
          assert.deepEqual(
            metric(counted).metricDescriptor.labels?.map(({ key }) => key),
            [label],
          )
        }
        const back = seconds(condition.aggregations[0]?.alignmentPeriod ?? '') + seconds(condition.duration)
        assert.ok(back <= LONGEST, `${back} s`)
        // Monitoring refuses missing data together with no duration.
        if (condition.evaluationMissingData !== undefined) assert.ok(seconds(condition.duration) > 0)
      }
    })
  }

  it('of a job look at what Cloud Run counts, within Monitoring’s limits, and take the place of the service’s', () => {
    const ofJob = (name: string): Alert => parse(readFileSync(`deploy/job-alerts/${name}.yaml`, 'utf8'))
    assert.deepEqual(namesIn('deploy/job-alerts').sort(), ['failed-executions', 'silence'])
    for (const name of namesIn('deploy/job-alerts')) {
      const { userLabels, conditions, documentation } = ofJob(name)
      assert.deepEqual(userLabels, { service: 'gemini-key-audit', about: name })
      assert.match(documentation.content, /gcloud run jobs executions list/)
      for (const { conditionThreshold: condition } of conditions) {
        assert.match(
          condition.filter,
          /^metric\.type="run\.googleapis\.com\/job\/(completed_execution_count|running_executions)" AND resource\.type="cloud_run_job" AND resource\.labels\.job_name="gemini-key-audit"/,
        )
        const back = seconds(condition.aggregations[0]?.alignmentPeriod ?? '') + seconds(condition.duration)
        assert.ok(back <= LONGEST, `${back} s`)
      }
    }
    const both = ofJob('silence').conditions.map(({ conditionThreshold: one }) => one.evaluationMissingData)
    assert.deepEqual(both, ['EVALUATION_MISSING_DATA_ACTIVE', 'EVALUATION_MISSING_DATA_ACTIVE'])
  })

  it('silence: one run a day never raises it, a missing one does', () => {
    const { conditionThreshold: condition } = alert('silence').conditions[0] ?? assert.fail()
    const window = seconds(condition.aggregations[0]?.alignmentPeriod ?? '')
    assert.deepEqual([condition.comparison, condition.thresholdValue], ['COMPARISON_LT', 1])
    assert.equal(condition.evaluationMissingData, 'EVALUATION_MISSING_DATA_ACTIVE')
    const day = 24 * 60 * 60
    const longestRun = 30 * 60
    assert.ok(
      window + seconds(condition.duration) >= day + longestRun,
      'a run that takes its 30 minutes is in time',
    )
    assert.ok(window >= day + longestRun, 'no half hour of each day is without a run in the window')
  })

  it('failed and incomplete runs: the window holds a record that is written when the last attempt has ended', () => {
    const flags: Record<string, string | number> = parse(readFileSync('scheduler.yaml', 'utf8'))
    const attempts = Number(flags['--max-retry-attempts']) + 1
    const waits = [1, 2].map((doubled) => doubled * seconds(String(flags['--min-backoff'])))
    const latest =
      attempts * seconds(String(flags['--attempt-deadline'])) + waits.reduce((sum, wait) => sum + wait)
    for (const name of ['failed-run', 'incomplete-run']) {
      const { conditionThreshold: condition } = alert(name).conditions[0] ?? assert.fail()
      assert.ok(seconds(condition.aggregations[0]?.alignmentPeriod ?? '') > latest, name)
    }
  })
})

describe('an alert on what a run reports', () => {
  for (const name of ['failed-run', 'incomplete-run', 'failed-attempts']) {
    it(`${name}: is closed before the next day's run, so that the same fault is reported again`, () => {
      const { conditions, alertStrategy } = alert(name)
      const window = seconds(conditions[0]?.conditionThreshold.aggregations[0]?.alignmentPeriod ?? '')
      assert.ok(window + seconds(alertStrategy.autoClose) < 24 * 60 * 60)
    })
  }
})

describe('the metric of runs', () => {
  it('counts the run record of a run, with its outcome, and nothing else that the run writes', async () => {
    const { filter, labelExtractors } = metric('runs')
    assert.deepEqual(labelExtractors, { outcome: 'EXTRACT(jsonPayload.outcome)' })
    await onStage(smallWorld('[{id: one, name: One}]'), async ({ simulator, env }) => {
      const counted = async () => {
        const response = await fetch(`${simulator.origin}/v2/entries:list`, {
          method: 'POST',
          headers: { authorization: 'Bearer x', 'content-type': 'application/json' },
          body: JSON.stringify({ resourceNames: [`projects/${env['LOG_PROJECT']}`], filter }),
        })
        const { entries = [] } = (await response.json()) as {
          entries?: { jsonPayload: { outcome: string } }[]
        }
        return entries.map(({ jsonPayload }) => jsonPayload.outcome)
      }
      await callFunction(env)
      assert.deepEqual(await counted(), ['complete'])
      await callFunction({ ...env, AUDIT_AS_OF: '2027-03-31' })
      assert.deepEqual(await counted(), ['complete'], 'a run for another day is none of the daily ones')
      await callFunction({ ...env, AUDIT_SCOPE: 'organizations/1' })
      assert.deepEqual((await counted()).sort(), ['complete', 'failed'])
    })
  })
})
