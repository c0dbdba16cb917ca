/** Flags of programs, as Go's flag package reads them: `-name=value`, `--name value`. */

/** The value of a flag; undefined when it is not given. */
export function flag(argv: readonly string[], name: string): string | undefined {
  for (let i = 1; i < argv.length; i++) {
    const match = /^--?([^=]+)(?:=(.*))?$/s.exec(argv[i]!)
    if (match?.[1] === name) return match[2] ?? argv[i + 1]
  }
  return undefined
}
