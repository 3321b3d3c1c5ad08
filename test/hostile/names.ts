import fc from 'fast-check'

/** What a shell makes when it obeys one of these names. */
export const CANARY = 'canary-of-the-shell'

/** Names that mean something to whoever shows, keeps or runs them, by whom they are meant for. */
export const INJECTIONS = {
  slack: [
    '<!channel>',
    '<!here|here>',
    '<@U0123ABCD>',
    '<#C0456|general>',
    '<https://evil.example|Click here>',
    '<javascript:alert(1)|x>',
    '*bold* _it_ ~no~ `code` ```block```',
    '&lt;!channel&gt; &amp;lt;',
    '@channel @everyone :tada: https://evil.example',
    '>quoted\n>again',
  ],
  csv: [
    '=cmd|"/c calc"!A1',
    '+1+1',
    '-1+1',
    '@SUM(1)',
    '\t=1',
    '\r=1',
    'a"b""c',
    'a,b;c\td',
    'x;=1+1',
    'x;"=1+1"',
    'x\n=1+1\r\n+2',
    '"',
    '=',
    ';@x',
    'a\t=HYPERLINK("https://evil.example","x")',
    '＝1',
  ],
  html: [
    '<script>window.obeyed=1</script>',
    '</script><script>window.obeyed=1</script>',
    '<img src=x onerror="window.obeyed=1">',
    '" onmouseover="window.obeyed=1" x="',
    "' autofocus onfocus='window.obeyed=1' x='",
    '<!--',
    '-->',
    '<!-- <script>',
    ']]>',
    '\u2028window.obeyed=1\u2029',
    'javascript:window.obeyed=1',
    '</title></style></textarea><svg onload=window.obeyed=1>',
    '&lt;b&gt;&#0;&colon;',
    '{{window.obeyed=1}}{{7*7}}',
    '<base href="https://evil.example/"><link rel=stylesheet href="https://evil.example/x">',
  ],
  terminal: [
    '\u001b[31mred\u001b[0m',
    '\u001b[2J\u001b[H',
    '\u001b]8;;https://evil.example\u001b\\link\u001b]8;;\u001b\\',
    '\u001b]52;c;ZXZpbA==\u0007',
    '\u001b]0;title\u0007',
    '\u001bP+q544e\u001b\\',
    '\u001b[201~rm -rf',
    '\u009b31mC1\u009d0;t\u009c\u0085\u0090',
    '\u202eesrever\u202c',
    '\u2066isolate\u2069',
    'a\u200bb\u2060c\ufeffd\u00ad',
    '\u0000nul\u0008\u0008\u007f',
    'over\rwritten',
    'bell\u0007\u000b\u000c',
    '\u{e0001}\u{e0041}tag',
  ],
  log: [
    'x\n{"severity":"INFO"}',
    'x\r\n2026-11-23T07:00:00Z ERROR forged',
    'a'.repeat(5_000),
    '\ud83d'.repeat(3),
    '\ud800',
    '\udfff\ud800',
    '😀'.repeat(300),
    '\uffff\ufffe',
    '\u2028',
  ],
  shell: [
    `$(touch ${CANARY})`,
    `\`touch ${CANARY}\``,
    `'; touch ${CANARY}; '`,
    `"; touch ${CANARY}; "`,
    `\ntouch ${CANARY}\n`,
    `| touch ${CANARY} &`,
    `&& touch ${CANARY} #`,
    `\\'; touch ${CANARY} #`,
    `\nEND_OF_INPUT\ntouch ${CANARY}\n`,
    `' "$(touch ${CANARY})" '`,
    '-h',
    '--impersonate-service-account=evil@example.com',
    '--flags-file=/etc/passwd',
    '$HOME ~ * ? [a] {b,c} !! ^x',
    `>(touch ${CANARY})`,
    `!touch ${CANARY}`,
  ],
  prototype: [
    '__proto__',
    'constructor',
    'toString',
    'valueOf',
    'hasOwnProperty',
    'prototype',
    '__defineGetter__',
    'then',
    'toJSON',
    'length',
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>

export const PROTOTYPE_NAMES: readonly string[] = INJECTIONS.prototype

const ALL: readonly string[] = Object.values(INJECTIONS).flat()

/** Names of people who mean harm, alone, within others, and put together; and what nobody has thought of. */
export const names: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...ALL) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom('', 'Maps ', ' '), fc.constantFrom(...ALL), fc.constantFrom('', ' web', '\n'))
      .map((parts) => parts.join('')),
  },
  {
    weight: 2,
    arbitrary: fc
      .array(fc.constantFrom(...ALL.filter(({ length }) => length < 200)), { minLength: 2, maxLength: 3 })
      .map((parts) => parts.join('')),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.constantFrom('', 'Maps web', 'Übersetzer', '地図', '👩‍👩‍👧 family') },
)
