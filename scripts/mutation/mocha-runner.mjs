import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin'
import {
  DryRunStatus,
  determineHitLimitReached,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner'
import Mocha from 'mocha'

/** The tests that are asked to find mutants, by their paths in `test`: those of what `stryker.config.json` mutates. */
const TESTS = [
  /^policy\/(?!commands|properties|shell).*\.test\.ts$/,
  /(^|\/)(changes|comparison|knowledge|new-gaps|digest|news|affected)\.test\.ts$/,
]

/**
 * Runs the tests for Stryker in one process, where every mutant is compiled in and one at a time is switched
 * on. Stryker's own runner for mocha does not find its way in mocha 12.
 */
class MochaRunner {
  #mocha = new Mocha({ timeout: 0, reporter: class {} })
  /** What mutated code reads: which mutant is on, which test runs, and how often mutants were reached. */
  #switches
  #isLoaded = false
  #namesTests = false

  constructor() {
    globalThis.__stryker__ ??= {}
    this.#switches = globalThis.__stryker__
  }

  /** Modules load once: Stryker starts a new process for a mutant of what runs while they do. */
  capabilities() {
    return { reloadEnvironment: false }
  }

  async init() {
    await import('../../test/environment.ts')
    this.#mocha.cleanReferencesAfterRun(false)
    for (const file of readdirSync('test', { recursive: true, encoding: 'utf8' }).toSorted()) {
      if (TESTS.some((pattern) => pattern.test(file))) this.#mocha.addFile(join('test', file))
    }
    const nameTest = (test) => {
      if (this.#namesTests) this.#switches.currentTestId = test?.fullTitle()
    }
    this.#mocha.suite.beforeEach('names the test to the mutants', function () {
      nameTest(this.currentTest)
    })
  }

  async dryRun({ coverageAnalysis, disableBail }) {
    this.#namesTests = coverageAnalysis === 'perTest'
    await this.#load()
    const tests = await this.#run(disableBail)
    this.#namesTests = false
    return { status: DryRunStatus.Complete, tests, mutantCoverage: this.#switches.mutantCoverage }
  }

  async mutantRun({ activeMutant, testFilter, disableBail, hitLimit, mutantActivation }) {
    this.#switches.hitLimit = hitLimit
    this.#switches.hitCount = hitLimit === undefined ? undefined : 0
    await this.#load(mutantActivation === 'static' ? activeMutant.id : undefined)
    this.#switches.activeMutant = activeMutant.id
    this.#mocha.grep(testFilter === undefined ? /^/ : new RegExp(testFilter.map(exactly).join('|')))
    const tests = await this.#run(disableBail)
    const endless = determineHitLimitReached(this.#switches.hitCount, hitLimit)
    return toMutantRunResult(endless ?? { status: DryRunStatus.Complete, tests })
  }

  async #load(activeMutant) {
    if (this.#isLoaded) return
    this.#switches.activeMutant = activeMutant
    await this.#mocha.loadFilesAsync()
    this.#isLoaded = true
  }

  async #run(disableBail) {
    setBail(this.#mocha.suite, !disableBail)
    const results = []
    await new Promise((resolve) => {
      const runner = this.#mocha.run(resolve)
      runner.on('pass', (test) => results.push({ ...resultOf(test), status: TestStatus.Success }))
      runner.on('fail', (test, { message }) =>
        results.push({ ...resultOf(test), status: TestStatus.Failed, failureMessage: message }),
      )
    })
    return results
  }
}

function resultOf(test) {
  const name = test.ctx?.currentTest?.fullTitle() ?? test.fullTitle()
  return { id: name, name, timeSpentMs: test.duration ?? 0 }
}

function exactly(title) {
  return `^${title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`
}

function setBail(suite, isBail) {
  suite.bail(isBail)
  for (const each of suite.suites) setBail(each, isBail)
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'mocha-12', MochaRunner)]
