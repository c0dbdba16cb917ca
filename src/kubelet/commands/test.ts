/** `test`, `[` and `[[`: comparisons of texts, numbers and files. */
import type { TreeNode } from '../files/tree.ts'
import type { ContainerProcess, Program } from '../program.ts'
import { complain, pathOf } from './support.ts'

export const test: Program = function* (process) {
  const [name = '', ...words] = process.argv
  const close = name === '[' ? ']' : name === '[[' ? ']]' : undefined
  if (close && words.pop() !== close) {
    complain(process, `missing ${close}`)
    return 2
  }
  const judge = new Judge(process, words)
  const verdict = judge.all()
  if (verdict !== undefined) return verdict ? 0 : 1
  complain(process, judge.complaint)
  return 2
}

class Judge {
  complaint = 'syntax error'
  readonly #process: ContainerProcess
  readonly #words: readonly string[]
  #at = 0

  constructor(process: ContainerProcess, words: readonly string[]) {
    this.#process = process
    this.#words = words
  }

  all(): boolean | undefined {
    if (this.#words.length === 0) return false
    const verdict = this.#or()
    return this.#at < this.#words.length ? undefined : verdict
  }

  #or(): boolean | undefined {
    let left = this.#and()
    while (left !== undefined && (this.#takes('-o') || this.#takes('||'))) {
      const right = this.#and()
      if (right === undefined) return undefined
      left = left || right
    }
    return left
  }

  #and(): boolean | undefined {
    let left = this.#not()
    while (left !== undefined && (this.#takes('-a') || this.#takes('&&'))) {
      const right = this.#not()
      if (right === undefined) return undefined
      left = left && right
    }
    return left
  }

  #not(): boolean | undefined {
    if (this.#words[this.#at] === '!' && this.#at + 1 < this.#words.length) {
      this.#at++
      const verdict = this.#not()
      return verdict === undefined ? undefined : !verdict
    }
    return this.#primary()
  }

  #primary(): boolean | undefined {
    const words = this.#words
    const [first = '', operator, second] = words.slice(this.#at)
    if (first === '(' && words.includes(')', this.#at + 1)) {
      this.#at++
      const verdict = this.#or()
      return this.#takes(')') ? verdict : undefined
    }
    if (operator !== undefined && second !== undefined) {
      const verdict = this.#binary(first, operator, second)
      if (verdict !== undefined) {
        this.#at += 3
        return verdict
      }
      if (this.complaint !== 'syntax error') return undefined
    }
    if (operator !== undefined && /^-[a-zA-Z]$/.test(first) && !/^-[ao]$/.test(operator)) {
      this.#at += 2
      return this.#unary(first, operator)
    }
    this.#at++
    return first !== ''
  }

  #binary(left: string, operator: string, right: string): boolean | undefined {
    switch (operator) {
      case '=':
      case '==':
        return left === right
      case '!=':
        return left !== right
      case '=~':
        return new RegExp(right).test(left)
      case '<':
        return left < right
      case '>':
        return left > right
    }
    const compare = NUMBERS[operator]
    if (!compare) return undefined
    for (const text of [left, right]) {
      if (/^\s*[-+]?\d+\s*$/.test(text)) continue
      this.complaint = `${text}: bad number`
      return undefined
    }
    return compare(Number(left), Number(right))
  }

  #unary(operator: string, operand: string): boolean | undefined {
    if (operator === '-n') return operand !== ''
    if (operator === '-z') return operand === ''
    if (operator === '-t') return this.#process.isTty
    const isLink = operator === '-L' || operator === '-h'
    const found = this.#process.files.node(pathOf(this.#process, operand), isLink)
    const node = found.ok ? found.value : undefined
    const check = FILES[operator]
    if (!check) return undefined
    return node !== undefined && check(node)
  }

  #takes(word: string): boolean {
    if (this.#words[this.#at] !== word) return false
    this.#at++
    return true
  }
}

const NUMBERS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '-eq': (a, b) => a === b,
  '-ne': (a, b) => a !== b,
  '-lt': (a, b) => a < b,
  '-le': (a, b) => a <= b,
  '-gt': (a, b) => a > b,
  '-ge': (a, b) => a >= b,
}

const FILES: Readonly<Record<string, (node: TreeNode) => boolean>> = {
  '-e': () => true,
  '-f': node => node.type === 'file',
  '-d': node => node.type === 'directory',
  '-s': node => node.type === 'directory' || (node.type === 'file' && node.content !== ''),
  '-L': node => node.type === 'link',
  '-h': node => node.type === 'link',
  '-c': node => node.type === 'device',
  '-r': () => true,
  '-w': () => true,
  '-x': node => node.type === 'directory' || (node.mode & 0o111) !== 0,
}
