#!/usr/bin/env -S node --max-semi-space-size=16
/**
 * The package's command. It starts the compiled program; a Node that the build did not compile for, and the terminal
 * UI, whose libraries are modules that wait while they load, get the same program as a module.
 *
 * The flag gives the garbage collector's nursery room, as a simulation makes much and keeps little. V8 takes compiled
 * code only under the flags that it was compiled with, so the flag is taken back when it has done its work.
 */
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { startCompiled } from './compiled-program.ts'

const { setFlagsFromString } = createRequire(import.meta.url)('node:v8') as typeof import('node:v8')

setFlagsFromString('--max-semi-space-size=0')
if (isForTerminal() || !startCompiled(fileURLToPath(new URL('./program', import.meta.url)))) {
  await import('./kubarium.ts')
}

function isForTerminal(): boolean {
  const [, , command = 'play'] = process.argv
  return command === 'play' || command.startsWith('-')
}
