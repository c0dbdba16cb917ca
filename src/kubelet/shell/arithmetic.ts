/** `$((...))`: sums of whole numbers and variables with + - * / % and parentheses. */
import { ShellSyntaxError } from './parse.ts'

/** The value; `lookup` gives a variable's text. Throws {@link ShellSyntaxError}. */
export function arithmetic(text: string, lookup: (name: string) => string): number {
  const tokens = text.match(/\d+|[A-Za-z_]\w*|[-+*/%()]|\S/g) ?? []
  let at = 0
  const primary = (): number => {
    const token = tokens[at++]
    if (token === '-') return -primary()
    if (token === '(') {
      const value = sum()
      if (tokens[at++] !== ')') throw new ShellSyntaxError('arithmetic syntax error')
      return value
    }
    if (token !== undefined && /^\d+$/.test(token)) return Number(token)
    if (token !== undefined && /^\w+$/.test(token)) return Number.parseInt(lookup(token), 10) || 0
    throw new ShellSyntaxError('arithmetic syntax error')
  }
  const product = (): number => {
    let value = primary()
    for (let op = tokens[at]; op === '*' || op === '/' || op === '%'; op = tokens[at]) {
      at++
      const right = primary()
      if (op !== '*' && right === 0) throw new ShellSyntaxError('divide by zero')
      value = op === '*' ? value * right : op === '/' ? Math.trunc(value / right) : value % right
    }
    return value
  }
  const sum = (): number => {
    let value = product()
    for (let op = tokens[at]; op === '+' || op === '-'; op = tokens[at]) {
      at++
      value = op === '+' ? value + product() : value - product()
    }
    return value
  }
  const value = sum()
  if (at < tokens.length) throw new ShellSyntaxError('arithmetic syntax error')
  return value
}
