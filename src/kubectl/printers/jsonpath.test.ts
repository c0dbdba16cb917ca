import { expect, test } from 'vitest'
import { renderJsonPath, selectPath } from './jsonpath.ts'

const DATA = {
  kind: 'List',
  items: [
    {
      metadata: { name: 'a', labels: { 'app.kubernetes.io/name': 'x' } },
      status: { phase: 'Running', n: 1 },
    },
    { metadata: { name: 'b' }, status: { phase: 'Pending', n: 2 } },
    { metadata: { name: 'c' }, status: { phase: 'Running', n: 3 } },
  ],
}

test.each([
  ['{.kind}', 'List'],
  ['{.items[*].metadata.name}', 'a b c'],
  ['{.items[0].metadata.name}', 'a'],
  ['{.items[-1].metadata.name}', 'c'],
  ['{.items[0:2].metadata.name}', 'a b'],
  ['{.items[?(@.status.phase=="Running")].metadata.name}', 'a c'],
  ['{.items[?(@.status.n>1)].metadata.name}', 'b c'],
  [
    '{range .items[*]}{.metadata.name}{"\\t"}{.status.phase}{"\\n"}{end}',
    'a\tRunning\nb\tPending\nc\tRunning\n',
  ],
  ['{.items[0].metadata.labels.app\\.kubernetes\\.io/name}', 'x'],
  ["{.items[0].metadata.labels['app\\.kubernetes\\.io/name']}", 'x'],
  ['{..name}', 'a b c'],
  ['{.items[0].status}', '{"n":1,"phase":"Running"}'],
  ["{.items[1]['metadata.name', 'status.phase']}", ''],
  ['{.nothing}', ''],
  ['name={.items[1].metadata.name};', 'name=b;'],
  ['{$.kind}', 'List'],
])('jsonpath %s gives %j', (template, text) => {
  expect(renderJsonPath(template, DATA)).toBe(text)
})

test('a path without braces is taken for one', () => {
  expect(selectPath('metadata.name', DATA.items[0])).toEqual(['a'])
})

test.each(['{range .items[*]}{.x}', '{.items[0}', '{.items[*].x'])('jsonpath %s is refused', template => {
  expect(() => renderJsonPath(template, DATA)).toThrow(/error parsing jsonpath/)
})
