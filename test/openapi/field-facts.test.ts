/** Two tables tell of lists and maps: the documents' (`scripts/openapi`) and server-side apply's (`src/api/apply`). */
import { expect, test } from 'vitest'
import { FIELD_FACTS } from '../../scripts/openapi/field-facts.ts'
import { TYPE_FACTS } from '../../src/api/apply/list-types.ts'

/** `Type.field: map:name`, for all that is special to ownership, in the documents' terms. */
function published(): Set<string> {
  const found = new Set<string>()
  for (const types of Object.values(FIELD_FACTS)) {
    for (const [type, fields] of Object.entries(types)) {
      for (const [field, facts] of Object.entries(fields)) {
        const [fact = ''] = facts.split(' ')
        const isType = field === '*'
        if (
          fact.startsWith('map:') ||
          fact === 'set' ||
          fact === 'atomic-map' ||
          (isType && fact === 'atomic')
        )
          found.add(`${type}.${field}: ${fact}`)
      }
    }
  }
  return found
}

function applied(): Set<string> {
  const found = new Set<string>()
  for (const [name, facts] of Object.entries(TYPE_FACTS)) {
    // Two versions of one type are told apart by name there.
    const type = name.replace(/^V\d(?=[A-Z])/, '')
    if (facts.isAtomic) found.add(`${type}.*: atomic`)
    for (const field of facts.atomicMaps ?? []) found.add(`${type}.${field}: atomic-map`)
    for (const field of facts.sets ?? []) found.add(`${type}.${field}: set`)
    for (const [field, keys] of Object.entries(facts.keys ?? {})) {
      found.add(`${type}.${field}: map:${keys.join(',')}`)
    }
  }
  return found
}

test('both tables say the same of every list and map', () => {
  const [documents, apply] = [published(), applied()]
  expect(documents.size).toBeGreaterThan(80)
  expect([...documents].filter(fact => !apply.has(fact)).sort()).toEqual([])
  expect([...apply].filter(fact => !documents.has(fact)).sort()).toEqual([])
})
