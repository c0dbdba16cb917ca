/**
 * Which program a container's command line means: command and args over the image's entrypoint, the binary by
 * its base name, found among the image's own programs and, where there is a shell, its small tools.
 */
import type { Image, Program } from '../program.ts'
import { findProgram } from '../shell/index.ts'

export type Resolved =
  | { readonly ok: true; readonly argv: readonly string[]; readonly program: Program }
  | { readonly ok: false; readonly message: string }

export function resolveProgram(
  image: Image,
  command: readonly string[] | undefined,
  args: readonly string[] | undefined,
): Resolved {
  const head = command?.length ? command : image.entrypoint
  const tail = args?.length ? args : command?.length ? [] : image.command
  const argv = [...head, ...tail]
  const [binary] = argv
  if (binary === undefined) return { ok: false, message: 'no command specified' }
  const name = binary.slice(binary.lastIndexOf('/') + 1)
  const program = findProgram(image, name)
  if (program) return { ok: true, argv, program }
  const why = binary.includes('/')
    ? `stat ${binary}: no such file or directory`
    : 'executable file not found in $PATH'
  return {
    ok: false,
    message: `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "${binary}": ${why}: unknown`,
  }
}
