#!/usr/bin/env node
/**
 * The package's command. It starts the compiled program; a Node that the build did not compile for, and the terminal
 * UI, whose libraries are modules that wait while they load, get the same program as a module.
 */
import { fileURLToPath } from 'node:url'
import { startCompiled } from './compiled-program.ts'

if (isForTerminal() || !startCompiled(fileURLToPath(new URL('./program', import.meta.url)))) {
  await import('./kubarium.ts')
}

function isForTerminal(): boolean {
  const [, , command = 'play'] = process.argv
  return command === 'play' || command.startsWith('-')
}
