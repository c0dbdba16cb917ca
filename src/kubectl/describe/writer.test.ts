import { expect, test } from 'vitest'
import { DescriptionWriter } from './writer.ts'

test('neighbouring lines share the width of their columns', () => {
  const w = new DescriptionWriter()
  w.field(0, 'Name', 'web')
  w.field(0, 'Namespace', 'default')
  w.line(0, 'Containers:')
  w.field(1, 'Image', 'nginx')
  w.line(1, 'a\tb\tc')
  w.line(1, 'aaaaaaa\tbbb\tc')
  expect(`${w}`).toBe(`Name:       web
Namespace:  default
Containers:
  Image:   nginx
  a        b    c
  aaaaaaa  bbb  c
`)
})

test('a flush ends the columns', () => {
  const w = new DescriptionWriter()
  w.field(0, 'A', 1)
  w.flush()
  w.field(0, 'Long name', 2)
  expect(`${w}`).toBe('A:  1\nLong name:  2\n')
})
