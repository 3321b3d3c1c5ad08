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
  hold: 'renew, holdBack',
  Hopeless: 'CircuitBreaker',
  Lane: 'QuotaQueue',
  Lanes: 'QuotaQueues',
  Term: 'TimeLimit',
  term: 'timeLimit',
  TERM: 'TIME_LIMIT',
  Patience: 'RetryPolicy, WaitBudget',
  patience: 'retryPolicy, waitBudget',
  PATIENCE: 'TIME_LIMIT',
  patient: 'limited',
  PATIENT: 'TIME_LIMIT, DEFAULT_WAIT',
  IMPATIENCE: 'INTERACTIVE_RETRY_POLICY',
  Marks: 'BitSet',
  Rows: 'Uint32Table',
  Slots: 'HashIndex',
  nameless: 'unnamed',
  Part: 'MessageBlock, ModulePart',
  Parts: 'RunDependencies, ReadingContext',
  Completion: 'KeyEnrichment',
  Inquiry: 'PerProjectQuery',
  KeySorting: 'KeyDispatch',
  Outcomes: 'ConfirmationResults',
  Walk: 'FolderWalk',
  Standing: 'GeminiApiStatus, ClaimState',
  Kind: 'ValueType, Found',
  tell: 'deliverAll, printLine, report, remark',
  told: 'remark',
  Telling: 'DeliveryContext, SlackDeliveryOptions',
  Told: 'Explanation',
  telling: 'options, delivered',
  tellingOf: 'deliveredOf',
  saidOf: 'statementText',
  newsOf: 'headlineText, makeNews',
  wayOff: 'chooseRemedy',
  fitted: 'truncatedToEntry, fitColumns',
  concealed: 'redacted',
  development: 'trend',
  weigh: 'severity, weightOf',
  tellers: 'delivery-trials',
  Surroundings: 'HandlerDependencies',
  surroundings: 'dependencies',
  SURROUNDINGS: 'dependencies',
  UNTOLD: 'SUPPRESSED',
  leaveOutWarnings: 'suppressWarnings',
  handsOn: 'reraise',
  turnOf: 'tieBreakOf',
  Posture: 'SecurityCenterFinding',
  posture: 'finding',
  posturesOf: 'securityCenterFindingsOf',
  postureId: 'findingId',
  PostureSource: 'FindingSource',
  postureSource: 'findingSource',
  StoredPosture: 'StoredFinding',
  untold: 'undelivered',
}

/** File names of the same kind. */
const OLD_FILES: readonly string[] = [
  'development',
  'elements',
  'exported',
  'held-keys',
  'holding',
  'judged',
  'judgement',
  'life',
  'looked',
  'posture',
  'posture-source',
  'shapes',
  'tell',
  'tellers',
  'wait-budget',
  'weigh',
]

/** Files in which a name stays, since records or files that were written long ago have it. */
const KEPT: Readonly<Record<string, readonly string[]>> = {
  // The field of the archive's manifests with the trend; its format does not change.
  'src/history/manifest.ts': ['development'],
  'src/history/archive.ts': ['development'],
  'src/history/recent.ts': ['development'],
  'test/history/recent.test.ts': ['development'],
}

const THIS = 'test/names.test.ts'

const FILES = ['src', 'simulator', 'test', 'bench', 'scripts']
  .flatMap(filesOf)
  .filter((file) => !file.includes('/generated/'))

/** What is no name: comments, texts, and regular expressions where no value stands before them. */
const NO_NAME = [
  String.raw`\/\*[\s\S]*?\*\/|\/\/.*`,
  String.raw`'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"`,
  String.raw`(?<=(?:[=(,:[!&|?{};+]|=>|\breturn|^)\s*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/\w*`,
].join('|')

const TOKEN = new RegExp(`${NO_NAME}|[\`{}]|#?[A-Za-z_$][\\w$]*`, 'gm')

/** The text of a template, up to its end or to a value in it. */
const TEMPLATE_TEXT = /(?:\\[\s\S]|\$(?!\{)|[^`\\$])*(?:`|\$\{)/y

/** Every name in the code of a file, whether it is declared there or used: also of methods, `#fields` and parameters. */
function namesIn(source: string): readonly string[] {
  const names: string[] = []
  /** For each open brace, whether a template goes on behind it. */
  const braces: boolean[] = []
  const token = new RegExp(TOKEN)
  for (let found = token.exec(source); found !== null; found = token.exec(source)) {
    const [text] = found
    if (text === '{') braces.push(false)
    if (text === '`' || (text === '}' && braces.pop() === true)) {
      TEMPLATE_TEXT.lastIndex = token.lastIndex
      const [passed = ''] = TEMPLATE_TEXT.exec(source) ?? []
      token.lastIndex += passed.length
      if (passed.endsWith('{')) braces.push(true)
    }
    if (/^[#\w$]/.test(text)) names.push(text.replace('#', ''))
  }
  return names
}

describe('names', () => {
  it('that were replaced are nowhere in the code', () => {
    const found = FILES.filter((file) => file !== THIS).flatMap((file) =>
      [...new Set(namesIn(readFileSync(file, 'utf8')))]
        .filter((name) => Object.hasOwn(OLD_NAMES, name) && !(KEPT[file] ?? []).includes(name))
        .map((name) => `${file} has ${name}: ${OLD_NAMES[name]}`),
    )
    assert.deepEqual(found, [])
  })

  it('that are kept are there', () => {
    for (const [file, names] of Object.entries(KEPT)) {
      const there = namesIn(readFileSync(file, 'utf8'))
      for (const name of names) assert.ok(there.includes(name), `${file} has no ${name}`)
    }
  })

  it('of files are none that were replaced', () => {
    const nameOf = (file: string) => basename(file, extname(file)).replace(/\.test$/, '')
    assert.deepEqual(
      FILES.filter((file) => OLD_FILES.includes(nameOf(file))),
      [],
    )
  })

  const cases: readonly (readonly [what: string, source: string, names: readonly string[]])[] = [
    ['types and constants', 'class Agenda {}\nconst told = 1', ['class', 'Agenda', 'const', 'told']],
    ['methods', '{ async *weigh() {} }', ['async', 'weigh']],
    ['fields', 'this.#tell = 1', ['this', 'tell']],
    ['parameters', '(term: Term) => 1', ['term', 'Term']],
    ['destructured names', 'const { policy: telling } = 1', ['const', 'policy', 'telling']],
    ['values in templates', `\`hold \${term + \`\${told} hold\`} hold\` + tell`, ['term', 'told', 'tell']],
    ['no texts', `'told' + "it's told"`, []],
    ['no comments', '/* told\n told */ // told', []],
    ['no regular expressions', 'name.match(/told[/\'"`]/g)', ['name', 'match']],
    ['what is divided', 'all / term / 2', ['all', 'term']],
  ]
  for (const [what, source, names] of cases) {
    it(`are seen: ${what}`, () => assert.deepEqual(namesIn(source), names))
  }
})
