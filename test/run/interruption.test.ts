import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { Stopped } from '../../src/google/time-limit.js'
import { Interruption, type Process } from '../../src/run/interruption.js'

/** A process that hears signals and notes which it sends itself. */
function stage(reraise: boolean) {
  const emitter = new EventEmitter()
  const killed: string[] = []
  const heard: string[] = []
  const hear = (signal: NodeJS.Signals) => heard.push(signal)
  emitter.on('SIGTERM', hear)
  const process: Process = {
    pid: 7,
    on: (signal, listener) => emitter.on(signal, listener),
    off: (signal, listener) => emitter.off(signal, listener),
    listeners: (signal) => emitter.listeners(signal) as ReturnType<Process['listeners']>,
    kill: (pid, signal) => killed.push(`${pid} ${signal}`),
  }
  const send = (signal: NodeJS.Signals) => emitter.emit(signal, signal)
  return { send, killed, heard, interruption: new Interruption(process, { reraise }) }
}

describe('a signal of the machine', () => {
  it('stops the reading of every run, and says which it was', () => {
    const { send, interruption, heard, killed } = stage(true)
    const runs = [interruption.watch(), interruption.watch()]
    assert.deepEqual(
      runs.map(({ signal }) => signal.aborted),
      [false, false],
    )
    send('SIGTERM')
    for (const { signal } of runs) {
      assert.ok(signal.reason instanceof Stopped)
      assert.equal(signal.reason.by, 'SIGTERM')
    }
    assert.deepEqual([heard, killed], [[], []])
  })

  it('is handed on when the last run has ended, where others end the process', () => {
    const { send, interruption, killed } = stage(true)
    const [one, other] = [interruption.watch(), interruption.watch()]
    send('SIGTERM')
    one.end()
    one.end()
    assert.deepEqual(killed, [])
    other.end()
    assert.deepEqual(killed, ['7 SIGTERM'])
  })

  it('is not handed on where the process ends by itself', () => {
    const { send, interruption, killed } = stage(false)
    const run = interruption.watch()
    send('SIGINT')
    run.end()
    assert.deepEqual(killed, [])
  })

  it('ends the process at once when it comes a second time', () => {
    const { send, interruption, killed, heard } = stage(false)
    interruption.watch()
    send('SIGINT')
    send('SIGTERM')
    assert.deepEqual(killed, ['7 SIGTERM'])
    send('SIGTERM')
    assert.deepEqual(heard, ['SIGTERM'], 'whoever listened before hears it again')
  })

  it('goes to the earlier listeners before a run and after it', () => {
    const { send, interruption, killed, heard } = stage(true)
    send('SIGTERM')
    interruption.watch().end()
    send('SIGTERM')
    assert.deepEqual([heard, killed], [['SIGTERM', 'SIGTERM'], []])
  })

  it('stops a run before it begins, once it has come', () => {
    const { send, interruption } = stage(true)
    const first = interruption.watch()
    send('SIGTERM')
    const { signal } = interruption.watch()
    assert.ok(signal.aborted && signal.reason instanceof Stopped)
    first.end()
  })

  it('always has a listener, since Node loses a signal that comes while there is none', () => {
    const fewest: number[] = []
    const emitter = new EventEmitter()
    emitter.on('SIGTERM', () => undefined)
    const note = (done: unknown) => {
      fewest.push(emitter.listenerCount('SIGTERM'))
      return done
    }
    const process: Process = {
      pid: 7,
      on: (signal, listener) => note(emitter.on(signal, listener)),
      off: (signal, listener) => note(emitter.off(signal, listener)),
      listeners: (signal) => emitter.listeners(signal) as ReturnType<Process['listeners']>,
      kill: () => undefined,
    }
    new Interruption(process, { reraise: true }).watch().end()
    assert.ok(fewest.length > 0)
    assert.ok(Math.min(...fewest) > 0)
  })
})
