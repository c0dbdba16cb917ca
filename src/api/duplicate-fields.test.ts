import { expect, test } from 'vitest'
import { duplicateFields } from './duplicate-fields.ts'

const cases: [string, string[]][] = [
  ['{}', []],
  ['{"a":1,"b":{"a":2},"c":[{"a":1},{"a":2}]}', []],
  ['{"a":1,"a":2,"a":3}', ['a']],
  ['{"spec":{"replicas":1, "replicas" : 2}}', ['spec.replicas']],
  ['{"spec":{"containers":[{"name":"a"},{"image":"x","image":"y"}]}}', ['spec.containers[1].image']],
  ['{"a":"{\\"b\\":1,\\"b\\":2}","c":"a: b, [", "d":["a","a"]}', []],
  ['{"a":[[1,2],[{"x":1,"x":2}]]}', ['a[1][0].x']],
]
test.each(cases)('%s', (json, paths) => {
  expect(duplicateFields(json)).toEqual(paths)
})
