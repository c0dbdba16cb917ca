/**
 * kubectl's JSONPath templates: `{.items[*].metadata.name}`, `{range ...}{end}`, filters, slices, recursive
 * descent, quoted text. Mirrors k8s.io/client-go/util/jsonpath; functions and regular expressions are refused.
 */
import { canonicalJson } from '../../api/index.ts'
import { KubectlError } from '../kubectl-error.ts'
import { comparePath, type Filter, parsePath, type Step } from './jsonpath-parse.ts'

type Node =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'path'; readonly steps: readonly Step[]; readonly source: string }
  | {
      readonly type: 'range'
      readonly steps: readonly Step[]
      readonly source: string
      readonly body: readonly Node[]
    }

/** Renders `template` (with or without its outer braces) against `data`. */
export function renderJsonPath(template: string, data: unknown, allowMissing = true): string {
  const text =
    /^\s*\{[\s\S]*\}\s*$/.test(template) || template.includes('{') ? template : `{${relaxed(template)}}`
  const nodes = parseTemplate(text)
  return render(nodes, data, data, allowMissing)
}

/** The values a single path such as `.metadata.name` selects, for custom columns and sorting. */
export function selectPath(path: string, data: unknown): unknown[] {
  const inner = path.replace(/^\{([\s\S]*)\}$/, '$1')
  return select(parsePath(relaxed(inner)), [data], data, true)
}

/** `metadata.name` is taken for `.metadata.name`. */
function relaxed(path: string): string {
  return /^[.@$[]/.test(path) ? path : `.${path}`
}

function parseTemplate(text: string): Node[] {
  const stack: { nodes: Node[]; steps?: readonly Step[]; source?: string }[] = [{ nodes: [] }]
  let at = 0
  while (at < text.length) {
    const open = text.indexOf('{', at)
    if (open < 0) {
      stack.at(-1)!.nodes.push({ type: 'text', text: text.slice(at) })
      break
    }
    if (open > at) stack.at(-1)!.nodes.push({ type: 'text', text: text.slice(at, open) })
    const close = closingBrace(text, open)
    for (const action of splitActions(text.slice(open + 1, close).trim())) pushAction(stack, action)
    at = close + 1
  }
  if (stack.length > 1) throw bad('unterminated range')
  return stack[0]!.nodes
}

function pushAction(
  stack: { nodes: Node[]; steps?: readonly Step[]; source?: string }[],
  action: string,
): void {
  const top = stack.at(-1)!
  if (action === 'end') {
    const { steps, source, nodes: body } = stack.pop()!
    if (!steps) throw bad('not in range, nothing to end')
    stack.at(-1)!.nodes.push({ type: 'range', steps, source: source!, body })
  } else if (/^range\s/.test(action)) {
    const source = action.slice(5).trim()
    stack.push({ nodes: [], steps: parsePath(relaxed(source)), source })
  } else if (/^["']/.test(action)) {
    top.nodes.push({ type: 'text', text: unquote(action) })
  } else {
    top.nodes.push({ type: 'path', steps: parsePath(relaxed(action)), source: action })
  }
}

function closingBrace(text: string, open: number): number {
  let quote = ''
  for (let i = open + 1; i < text.length; i++) {
    const char = text[i]!
    if (quote) {
      if (char === '\\') i++
      else if (char === quote) quote = ''
    } else if (char === '"' || char === "'") quote = char
    else if (char === '}') return i
  }
  throw bad('unclosed action')
}

/** One pair of braces may hold quoted texts and paths side by side. */
function splitActions(inner: string): string[] {
  if (inner === '') return []
  const parts = inner.match(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|range\s+[^\s]+|(?:\[[^\]]*\]|[^\s"'])+/g)
  return parts ?? []
}

function unquote(text: string): string {
  const inner = text.slice(1, -1)
  return inner.replace(/\\(.)/g, (_, char: string) => ({ n: '\n', t: '\t', r: '\r' })[char] ?? char)
}

function render(nodes: readonly Node[], current: unknown, root: unknown, allowMissing: boolean): string {
  let out = ''
  for (const node of nodes) {
    if (node.type === 'text') {
      out += node.text
    } else if (node.type === 'path') {
      out += select(node.steps, [current], root, allowMissing).map(printed).join(' ')
    } else {
      for (const item of select(node.steps, [current], root, allowMissing)) {
        out += render(node.body, item, root, allowMissing)
      }
    }
  }
  return out
}

/** Values as jsonpath prints them: scalars bare, the rest as compact JSON with its keys sorted. */
export function printed(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? canonicalJson(value) : String(value)
}

function select(
  steps: readonly Step[],
  start: readonly unknown[],
  root: unknown,
  allowMissing: boolean,
): unknown[] {
  let values: unknown[] = [...start]
  for (const step of steps) {
    if (step.type === 'root') values = [root]
    else values = values.flatMap(value => applyStep(step, value, root, allowMissing))
  }
  return values
}

function applyStep(step: Step, value: unknown, root: unknown, allowMissing: boolean): unknown[] {
  switch (step.type) {
    case 'root':
      return [root]
    case 'field': {
      if (!isRecord(value) || !(step.name in value)) {
        if (allowMissing) return []
        throw bad(`${step.name} is not found`)
      }
      return [value[step.name]]
    }
    case 'wildcard':
      return Array.isArray(value) ? value : isRecord(value) ? sortedValues(value) : []
    case 'recursive':
      return descend(value)
    case 'slice':
      return Array.isArray(value) ? slice(value, step) : []
    case 'union':
      return step.paths.flatMap(path => select(path, [value], root, true))
    case 'filter':
      return Array.isArray(value) ? value.filter(item => passes(step.filter, item, root)) : []
  }
}

function slice(items: readonly unknown[], step: { from?: number; to?: number; step: number }): unknown[] {
  const wrap = (n: number) => (n < 0 ? n + items.length : n)
  const from = wrap(step.from ?? 0)
  const to = Math.min(wrap(step.to ?? items.length), items.length)
  const taken: unknown[] = []
  for (let i = from; i < to; i += step.step) if (i >= 0) taken.push(items[i])
  return taken
}

function descend(value: unknown): unknown[] {
  const below = Array.isArray(value) ? value : isRecord(value) ? sortedValues(value) : []
  return [value, ...below.flatMap(descend)]
}

function passes(filter: Filter, item: unknown, root: unknown): boolean {
  const left = select(filter.left, [item], root, true)[0]
  if (!filter.operator) return left !== undefined
  const right =
    filter.right?.type === 'path' ? select(filter.right.steps, [item], root, true)[0] : filter.right?.value
  return left !== undefined && comparePath(filter.operator, left, right)
}

function sortedValues(record: Record<string, unknown>): unknown[] {
  return Object.keys(record)
    .sort()
    .map(key => record[key])
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function bad(why: string): KubectlError {
  return new KubectlError(`error: error parsing jsonpath: ${why}`)
}
