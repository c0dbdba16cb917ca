/** `tty`, `stty`, `clear`: about the terminal a command runs in. */
import type { Program } from '../program.ts'
import { complain } from './support.ts'

export const tty: Program = function* ({ isTty, stdout }) {
  stdout.write(isTty ? '/dev/pts/0\n' : 'not a tty\n')
  return isTty ? 0 : 1
}

/** Says the size and the speed; settings are taken without effect. */
export const stty: Program = function* (process) {
  const { argv, isTty, terminal, stdout } = process
  if (!isTty || !terminal) return complain(process, 'standard input: Not a tty')
  const { rows, columns } = terminal
  if (argv[1] === 'size') stdout.write(`${rows} ${columns}\n`)
  else if (argv.length === 1) stdout.write('speed 38400 baud; line = 0;\n-brkint -imaxbel\n')
  else if (argv[1] === '-a') stdout.write(`speed 38400 baud; rows ${rows}; columns ${columns}; line = 0;\n`)
  return 0
}

export const clear: Program = function* ({ stdout }) {
  stdout.write('\x1b[H\x1b[J')
  return 0
}
