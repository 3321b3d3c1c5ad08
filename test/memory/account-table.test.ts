import assert from 'node:assert/strict'
import type { HeldRole } from '../../src/account.js'
import { AccountTable } from '../../src/memory/account-table.js'

const byName = (one: HeldRole, other: HeldRole) => (one.role < other.role ? -1 : 1)
const role = (name: string, on = 'projects/1'): HeldRole => ({ role: name, on })

describe('the table of accounts', () => {
  it('counts the keys of each account, whatever the case of its address', () => {
    const table = new AccountTable(byName, 3)
    for (const email of ['a@x', ' A@X', 'b@x']) table.note(email, email !== 'b@x')
    assert.deepEqual([...table.wanted()], [[0, 'a@x']])
    assert.deepEqual([table.keysOf(0), table.keysOf(1)], [2, 1])
    assert.deepEqual([table.find('A@x'), table.find('b@x'), table.find('c@x')], [0, 1, undefined])
  })

  it('wants an account that matters to one key and not to another', () => {
    const table = new AccountTable(byName, 3)
    for (const isWanted of [false, true, false]) table.note('a@x', isWanted)
    assert.equal([...table.wanted()].length, 1)
  })

  it('knows nothing of an account of which nothing was read', () => {
    const table = new AccountTable(byName, 3)
    table.note('a@x', true)
    assert.equal(table.stateOf(0), 'unknown')
    assert.ok(Number.isNaN(table.madeAt(0)))
    assert.deepEqual(table.rolesOf(0), { roles: [], more: 0 })
  })

  it('keeps when an account was made where a later answer does not say it', () => {
    const table = new AccountTable(byName, 3)
    table.note('a@x', true)
    table.setState(0, 'disabled', 7)
    table.setState(0, 'active')
    assert.deepEqual([table.stateOf(0), table.madeAt(0)], ['active', 7])
  })

  it('names the first roles of each account, each once, and counts the others', () => {
    const table = new AccountTable(byName, 3)
    table.note('a@x', true)
    for (let number = 9_999; number >= 1_000; number -= 1) {
      for (let time = 0; time < 2; time += 1) table.addRole(0, role(`roles/${number}`))
    }
    assert.deepEqual(table.rolesOf(0), {
      roles: [role('roles/1000'), role('roles/1001'), role('roles/1002')],
      more: 8_997,
    })
    const conditional = { ...role('roles/1000'), conditional: true } as const
    table.addRole(0, conditional)
    table.addRole(0, role('roles/1000', 'projects/2'))
    assert.equal(table.rolesOf(0).more, 8_999)
  })

  it('finds each of many accounts', () => {
    const table = new AccountTable(byName, 3)
    for (let number = 0; number < 20_000; number += 1) table.note(`key-${number}@x`, true)
    for (let number = 0; number < 20_000; number += 1) assert.equal(table.find(`key-${number}@x`), number)
  })
})
