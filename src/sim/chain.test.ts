import { describe, expect, test } from 'vitest'
import { Chain, type Linked } from './chain.ts'

interface Bead extends Linked<Bead> {
  readonly name: string
}

function bead(name: string): Bead {
  return { name, before: undefined, after: undefined }
}

function namesOf(chain: Chain<Bead>): string {
  let names = ''
  for (let at = chain.first; at; at = at.after) names += at.name
  let backwards = ''
  for (let at = chain.last; at; at = at.before) backwards = at.name + backwards
  expect(backwards).toBe(names)
  return names
}

describe('a chain', () => {
  test('keeps the order of arrival', () => {
    const chain = new Chain<Bead>()
    for (const name of 'abc') chain.add(bead(name))
    expect(namesOf(chain)).toBe('abc')
  })

  test.each([
    ['a', 'bcd'],
    ['b', 'acd'],
    ['d', 'abc'],
    ['ad', 'bc'],
    ['abcd', ''],
  ])('without %s it is %s', (gone, left) => {
    const chain = new Chain<Bead>()
    const beads = [...'abcd'].map(bead)
    for (const one of beads) chain.add(one)
    for (const one of beads) if (gone.includes(one.name)) expect(chain.remove(one)).toBe(true)
    expect(namesOf(chain)).toBe(left)
  })

  test('says of one that is in no chain that it was not there', () => {
    const chain = new Chain<Bead>()
    const [one, other] = [bead('a'), bead('b')]
    chain.add(one)
    expect(chain.remove(other)).toBe(false)
    expect(chain.remove(one)).toBe(true)
    expect(chain.remove(one)).toBe(false)
    chain.add(one)
    expect(namesOf(chain)).toBe('a')
  })
})
