/** Results for build servers: JUnit's XML, a suite for each file, a case for each step that does something. */
import type { StepResult } from '../../scenario/index.ts'
import { outcomeOf } from './outcome.ts'
import type { FileResult } from './play-file.ts'

export function toJunit(results: readonly FileResult[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="kubarium">\n${results.map(suite).join('')}</testsuites>\n`
}

function suite(result: FileResult): string {
  const steps = (result.lesson?.results ?? []).filter(
    ({ step }) => step.type !== 'prose' && step.type !== 'shown',
  )
  const failures = steps.filter(({ failure }) => failure).length
  const cases = steps.map(step => testCase(result, step))
  if (result.error) cases.push(errorCase(result))
  const attributes = [
    `name=${quote(result.title)}`,
    `file=${quote(result.file)}`,
    `tests="${cases.length}"`,
    `failures="${failures}"`,
    `errors="${result.error ? 1 : 0}"`,
    `time="${(result.wallMs / 1000).toFixed(3)}"`,
  ]
  return `  <testsuite ${attributes.join(' ')}>\n${cases.join('')}  </testsuite>\n`
}

function testCase({ file }: FileResult, { step, failure, startedMs, endedMs }: StepResult): string {
  const name = step.type === 'command' ? `$ ${step.text}` : 'apply'
  const head = `    <testcase classname=${quote(file)} name=${quote(`${step.line}: ${name}`)} time="${((endedMs - startedMs) / 1000).toFixed(3)}"`
  if (!failure) return `${head}/>\n`
  const text = `${failure.where}\nexpected:\n${failure.expected}\ngot:\n${failure.actual}`
  return `${head}>\n      <failure message="an expectation does not hold">${xmlText(text)}</failure>\n    </testcase>\n`
}

function errorCase(result: FileResult): string {
  const kind = outcomeOf(result) === 'bug' ? 'bug' : 'unusable input'
  return `    <testcase classname=${quote(result.file)} name=${quote(kind)}>\n      <error message=${quote(kind)}>${xmlText(String(result.error))}</error>\n    </testcase>\n`
}

function quote(text: string): string {
  return `"${xmlText(text).replaceAll('"', '&quot;').replaceAll('\n', '&#10;')}"`
}

/** Characters that XML cannot hold are left out. */
function xmlText(text: string): string {
  const plain = [...text].filter(char => char >= ' ' || char === '\n' || char === '\t').join('')
  return plain.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
