/** A small shell for containers' commands: what there is of it, as programs. */
import type { Image, Program } from '../program.ts'
import { runTool } from './run.ts'
import { TOOLS } from './tools.ts'

const SHELLS = new Set(['sh', 'bash', 'ash'])

/** Whether a shell's image can run a binary of that base name. */
export function isShellCommand(name: string): boolean {
  return SHELLS.has(name) || Object.hasOwn(TOOLS, name)
}

/** Runs argv as a tool, or a script that may name the image's own programs. */
export function shellProgram(image: Image): Program {
  return container => runTool(container, image.programs, container.argv, line => container.log(line))
}
