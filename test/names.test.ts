import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { basename, extname } from 'node:path'
import { filesOf } from '../scripts/imports.js'

/** Names that meant several things, or nothing to a newcomer, each with the one that took its place. */
const OLD_NAMES: Readonly<Record<string, string>> = {
  BucketPlace: 'BucketStore',
  DirectoryPlace: 'DirectoryStore',
  Place: 'ArchiveStore, ProjectStatus, Position',
  PLACES: 'PLACEHOLDERS',
  Agenda: 'Backlog',
  Turn: 'Lease',
  HeldTurn: 'RenewingLease',
  Turns: 'DeliveryClaims',
  hold: 'renew',
  Hopeless: 'CircuitBreaker',
  Lane: 'QuotaQueue',
  Lanes: 'QuotaQueues',
  Term: 'TimeLimit',
  Patience: 'RetryPolicy, WaitBudget',
  Marks: 'BitSet',
  Rows: 'Uint32Table',
  Slots: 'HashIndex',
  nameless: 'unnamed',
  Part: 'MessageBlock',
  Parts: 'RunDependencies, ReadingContext',
  Completion: 'KeyEnrichment',
  Inquiry: 'PerProjectQuery',
  KeySorting: 'KeyDispatch',
  Outcomes: 'ConfirmationResults',
  Walk: 'FolderWalk',
  Standing: 'GeminiApiStatus, ClaimState',
  Kind: 'ValueType',
  tell: 'deliverAll, printLine',
  told: 'remark',
  Telling: 'DeliveryContext, SlackDeliveryOptions',
  Told: 'Explanation',
  saidOf: 'statementText',
  newsOf: 'headlineText, makeNews',
  wayOff: 'chooseRemedy',
  fitted: 'truncatedToEntry, fitColumns',
  concealed: 'redacted',
  development: 'trend',
  weigh: 'severity',
  tellers: 'delivery-trials',
  Surroundings: 'HandlerDependencies',
  handsOn: 'reraise',
}

/** File names of the same kind. */
const OLD_FILES: readonly string[] = [
  'development',
  'elements',
  'exported',
  'held-keys',
  'holding',
  'life',
  'shapes',
  'tell',
  'tellers',
  'weigh',
]

const FILES = ['src', 'simulator', 'test', 'bench', 'scripts']
  .flatMap(filesOf)
  .filter((file) => !file.includes('/generated/'))

/** What a file declares: types, classes, functions, constants and variables, not the names in its text. */
function declaredIn(source: string): readonly string[] {
  const declarations = /\b(?:class|interface|type|enum|function\*?|const|let)\s+(\w+)/g
  return [...source.matchAll(declarations)].map(([, name = '']) => name)
}

describe('names', () => {
  it('declare nothing under a name that was replaced', () => {
    const found = FILES.flatMap((file) =>
      declaredIn(readFileSync(file, 'utf8'))
        .filter((name) => Object.hasOwn(OLD_NAMES, name))
        .map((name) => `${file} declares ${name}: ${OLD_NAMES[name]}`),
    )
    assert.deepEqual(found, [])
  })

  it('of files are none that were replaced', () => {
    const nameOf = (file: string) => basename(file, extname(file)).replace(/\.test$/, '')
    assert.deepEqual(
      FILES.filter((file) => OLD_FILES.includes(nameOf(file))),
      [],
    )
  })

  it('that were replaced would be found', () => {
    const source = `export class ${'Agenda'} {}\nconst ${'told'} = 1, text = 'told'\nfunction* ${'weigh'}() {}`
    assert.deepEqual(declaredIn(source), ['Agenda', 'told', 'weigh'])
  })
})
