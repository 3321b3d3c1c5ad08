import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { cut, withVisibleControls, withVisibleControlsInData } from '../../src/records/visible-text.js'
import { escaped } from '../../src/report/slack/message.js'

const text = fc.string({ unit: 'binary', maxLength: 60 })

describe('names from outside', () => {
  const shownAs: readonly [string, string, string][] = [
    ['escape sequences', '\u001b[31mred', '\\u001b[31mred'],
    ['the one-character form of them', '\u009b31m', '\\u009b31m'],
    ['line breaks', 'a\r\n• 0 keys', 'a\\u000d\\u000a• 0 keys'],
    ['line separators', 'a\u2028b', 'a\\u2028b'],
    ['changes of direction', '\u202egnp.exe', '\\u202egnp.exe'],
    ['tags', 'a\u{e0041}', 'a\\u{e0041}'],
    ['half a character', 'a\ud800', 'a\\ud800'],
    ['letters of every script as they are', 'Ключ مفتاح 鍵', 'Ключ مفتاح 鍵'],
    ['joined emoji as they are', '👩‍💻', '👩‍💻'],
  ]
  for (const [what, name, expected] of shownAs) {
    it(`show ${what}`, () => assert.equal(withVisibleControls(name), expected))
  }

  it('have nothing left that a terminal would obey', () => {
    fc.assert(
      fc.property(text, (name) =>
        assert.doesNotMatch(withVisibleControls(name), /[\p{Cc}\p{Bidi_Control}]/u),
      ),
    )
  })

  it('stay the same value as JSON, with nothing in it that a terminal would obey', () => {
    fc.assert(
      fc.property(text, (name) => {
        const json = withVisibleControlsInData(JSON.stringify(name))
        assert.equal(JSON.parse(json), name)
        assert.doesNotMatch(json, /(?![\t\r\n])[\p{Cc}\p{Bidi_Control}]/u)
      }),
    )
  })

  it('are cut between characters, with a mark', () => {
    assert.equal(cut('abc', 3), 'abc')
    assert.equal(cut('abcd', 3), 'ab…')
    assert.equal(cut('a😀cd', 3), 'a…')
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 50 }), (name, most) =>
        assert.ok(cut(name, most).length <= most),
      ),
    )
  })

  it('call nobody in Slack', () => {
    assert.equal(escaped('<!channel> & <@U1>', 100), '&lt;!channel&gt; &amp; &lt;@U1&gt;')
  })

  it('are escaped within the limit, whole entities only', () => {
    assert.equal(escaped('a<b', 6), 'a&lt;b')
    assert.equal(escaped('a<bc', 6), 'a&lt;…')
    assert.equal(escaped('a<<', 6), 'a&lt;…')
    assert.equal(escaped('<<', 4), '…')
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 50 }), (name, most) => {
        const safe = escaped(name, most)
        assert.ok(safe.length <= most)
        assert.doesNotMatch(safe, /[<>]|&(?!amp;|lt;|gt;)/)
      }),
    )
  })
})
