/** Every command. A new one is a file here and a line in the list; its file is loaded only when it is called. */
import type { Command } from 'commander'

interface CommandEntry {
  readonly name: string
  /** Gives what adds the command to the program. */
  readonly load: () => Promise<(program: Command) => void>
}

export const COMMANDS: readonly CommandEntry[] = [
  { name: 'bench', load: async () => (await import('./bench.ts')).addBenchCommand },
  { name: 'play', load: async () => (await import('./play.ts')).addPlayCommand },
  { name: 'run', load: async () => (await import('./run.ts')).addRunCommand },
  { name: 'serve', load: async () => (await import('./serve.ts')).addServeCommand },
]
