import { describe, expect, test } from 'vitest'
import { formOf } from './negotiate.ts'

describe('an answer takes the form of', () => {
  test.each([
    [undefined, 'json', 'object'],
    ['*/*', 'json', 'object'],
    ['application/vnd.kubernetes.protobuf,application/json', 'json', 'object'],
    ['application/yaml', 'yaml', 'object'],
    ['application/json;as=Table;v=v1;g=meta.k8s.io,application/json', 'json', 'table'],
    ['application/json;as=Table;v=v7;g=meta.k8s.io,application/json', 'json', 'object'],
    ['application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1', 'json', 'partial'],
    ['application/yaml;q=0.5,application/json;q=0.9', 'json', 'object'],
  ])('%s', (accept, encoding, shape) => {
    expect(formOf(accept)).toMatchObject({ encoding, shape })
  })

  test('nothing that is acceptable', () => {
    expect(formOf('application/vnd.kubernetes.protobuf')).toBeUndefined()
    expect(formOf('text/html')).toBeUndefined()
  })
})
