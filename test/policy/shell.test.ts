import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { commandLine, withInput } from '../../src/policy/shell.js'

/** What a POSIX shell makes of a script. */
function run(script: string): string {
  const { status, stdout, stderr } = spawnSync('sh', ['-c', script], { encoding: 'utf8' })
  assert.equal(status, 0, stderr)
  return stdout
}

// No program can be given U+0000.
const words = fc
  .oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom(...'\'"\\$`!*?~#&;|<>(){}[] \n\t=-a') }),
  )
  .map((text) => text.replaceAll('\0', ''))

/** Enough for one shell, since starting one takes longer than what it is given here. */
function manyOf<Value>(values: fc.Arbitrary<Value>): fc.Arbitrary<Value[]> {
  return fc.array(values, { minLength: 20, maxLength: 40, size: 'max' })
}

describe('A command line', () => {
  it('gives every word to the program as it is', () => {
    fc.assert(
      fc.property(manyOf(fc.array(words, { minLength: 1, maxLength: 5 })), (lines) => {
        const script = lines.map((some) => `${commandLine('printf', '%s\\036', ...some)}\n`).join('')
        assert.equal(run(script), lines.map((some) => some.map((word) => `${word}\u001e`).join('')).join(''))
      }),
      { numRuns: 5 },
    )
  })

  const readable: readonly [words: readonly string[], line: string][] = [
    [['gcloud', '--project=acme-web'], 'gcloud --project=acme-web'],
    [['it’s', "it's"], `'it’s' 'it'"'"'s'`],
    [['', '~', '$(rm -rf /)', '`id`', 'a b'], `'' '~' '$(rm -rf /)' '\`id\`' 'a b'`],
    [['a;b', '!!', '#x'], `'a;b' '!!' '#x'`],
  ]
  for (const [some, line] of readable) {
    it(`for ${JSON.stringify(some)} is ${line}`, () => {
      assert.equal(commandLine(...some), line)
    })
  }

  it('may hold shell syntax of the program’s own', () => {
    assert.equal(run(commandLine('printf', '%s', { shell: '"$(printf x)"' }, 'y')), 'xy')
  })
})

describe('Input of a command', () => {
  it('reaches it as it is', () => {
    fc.assert(
      fc.property(manyOf(words), (texts) => {
        const script = texts.map((text) => `${withInput('cat', text)}\n`).join('')
        assert.equal(run(script), texts.map((text) => `${text}\n`).join(''))
      }),
      { numRuns: 5 },
    )
  })

  it('never holds the mark that ends it', () => {
    assert.throws(() => withInput('cat', 'a\nEND_OF_INPUT\nrm -rf /'), RangeError)
    assert.equal(run(withInput('cat', '- END_OF_INPUT')), '- END_OF_INPUT\n')
  })
})
