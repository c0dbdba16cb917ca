import { expect, test } from 'vitest'
import { QUESTIONS } from './facts.ts'
import { rewriteReferences, withBareReferences } from './references.ts'

test.each([
  ['ready(deployment/web) >= 3', 'ready("deployment/web") >= 3'],
  ['deployment/web progressing', 'progressing("deployment/web")'],
  ['!deploy/web progressing && true', '!progressing("deploy/web") && true'],
  ['phase(pod/kube-system/dns-1) == "Running"', 'phase("pod/kube-system/dns-1") == "Running"'],
  ['"pod/web" == \'pod/web\'', '"pod/web" == \'pod/web\''],
  ['total/2 > 1', 'total/2 > 1'],
  ['pod/web in x', '"pod/web" in x'],
])('%s is read as %s', (text, cel) => {
  const rewritten = rewriteReferences(text, word => word in QUESTIONS)
  expect(rewritten.cel).toBe(cel)
  expect(rewritten.origins).toHaveLength(cel.length + 1)
})

test('every character knows where it came from', () => {
  const text = 'ready(pod/web) == nope'
  const { cel, origins } = rewriteReferences(text, () => false)
  expect(origins[cel.indexOf('nope')]).toBe(text.indexOf('nope'))
  expect(origins.at(-1)).toBe(text.length)
})

test('names are shown bare again', () => {
  expect(withBareReferences('ready("deployment/web") == size("a/b")')).toBe(
    'ready(deployment/web) == size("a/b")',
  )
})
