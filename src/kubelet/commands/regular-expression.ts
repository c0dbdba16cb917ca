/** POSIX regular expressions, as `grep`, `sed` and `awk` are given them. */

/** A POSIX regular expression as JavaScript's; basic ones want their operators escaped. */
export function expression(source: string, isExtended: boolean, flags = ''): RegExp | undefined {
  let text = source
    .replace(/\[\[:(\w+):\]/g, (_, name: string) => `[${CLASSES[name] ?? ''}`)
    .replace(/\[:(\w+):\]/g, (_, name: string) => CLASSES[name] ?? '')
  if (!isExtended) {
    text = text.replace(
      /\\([(){}|+?])|([(){}|+?])|(\\.)/g,
      (_, escaped: string | undefined, plain: string | undefined, other: string) =>
        escaped ?? (plain === undefined ? other : `\\${plain}`),
    )
    text = text.replace(/^\*/, '\\*')
  }
  text = text.replace(/\\[<>]/g, '\\b')
  try {
    return new RegExp(text, flags)
  } catch {
    return undefined
  }
}

const CLASSES: Readonly<Record<string, string>> = {
  digit: '0-9',
  alpha: 'A-Za-z',
  alnum: 'A-Za-z0-9',
  space: '\\s',
  blank: ' \\t',
  upper: 'A-Z',
  lower: 'a-z',
  punct: '!-\\/:-@\\[-`{-~',
}
