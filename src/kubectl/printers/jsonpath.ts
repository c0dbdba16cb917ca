/**
 * kubectl's JSONPath templates: `{.items[*].metadata.name}`, `{range ...}{end}`, filters, slices, recursive
 * descent, quoted text. Mirrors k8s.io/client-go/util/jsonpath; functions and regular expressions are refused.
 */
import {
  JsonPathError,
  parsePath,
  printedValue,
  relaxedPath as relaxed,
  type Step,
  select,
  selectPath as selectByPath,
} from '../../api/index.ts'
import { KubectlError } from '../kubectl-error.ts'

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
  return parsing(() => rendered(template, data, allowMissing))
}

function rendered(template: string, data: unknown, allowMissing: boolean): string {
  const text =
    /^\s*\{[\s\S]*\}\s*$/.test(template) || template.includes('{') ? template : `{${relaxed(template)}}`
  const nodes = parseTemplate(text)
  return render(nodes, data, data, allowMissing)
}

/** The values a single path such as `.metadata.name` selects, for custom columns and sorting. */
export function selectPath(path: string, data: unknown): unknown[] {
  return parsing(() => selectByPath(path, data))
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
      out += select(node.steps, [current], root, allowMissing).map(printedValue).join(' ')
    } else {
      for (const item of select(node.steps, [current], root, allowMissing)) {
        out += render(node.body, item, root, allowMissing)
      }
    }
  }
  return out
}

/** kubectl's words for what is wrong with a path. */
function parsing<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw error instanceof JsonPathError ? bad(error.message) : error
  }
}

function bad(why: string): KubectlError {
  return new KubectlError(`error: error parsing jsonpath: ${why}`)
}
