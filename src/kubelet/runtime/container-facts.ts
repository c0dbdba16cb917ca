/** What can be said of a container from its record: its last words, its usage, why a command in it did not start. */
import type { Usage } from '../program.ts'
import type { ContainerEntry } from './node-disk.ts'

/** A running container and its image's idle usage, where that is known. */
export interface RunningUsage {
  readonly id: string
  readonly namespace: string
  readonly pod: string
  readonly container: string
  readonly startedMs: number
  readonly usage: Usage | undefined
}

/** At most 4096 bytes of what it wrote for its death, or of its last 80 lines. */
export function terminationMessage({ config, process, log }: ContainerEntry, exitCode: number): string {
  const written = process?.readIfPresent(config.terminationMessagePath) ?? ''
  if (written !== '' || !config.usesLogAsMessage || exitCode === 0) return written.slice(0, 4096)
  const lines = log.lines().slice(-80)
  return lines
    .map(({ text }) => `${text}\n`)
    .join('')
    .slice(-2048)
}

/** As containerd words a command that cannot start. */
export function execFailure(id: string, message: string): string {
  const why = message.replace(/^.*?exec: /s, 'exec: ')
  return `failed to exec in container: failed to start exec "${id}": OCI runtime exec failed: exec failed: unable to start container process: ${why}`
}
