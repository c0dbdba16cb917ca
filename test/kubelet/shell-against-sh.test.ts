/** Our shell and its tools against the machine's own, script by script: standard output and exit code. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { run } from '../../src/kubelet/program.testing.ts'
import { generatedScripts, HAND_WRITTEN } from './shell-scripts.ts'

const SHELL = '/bin/sh'
const QUIET = 'exec 2>/dev/null\n'

interface Outcome {
  readonly output: string
  readonly exitCode: number | undefined
}

function ours(script: string): Outcome {
  const world = run('busybox', ['sh', '-c', `${QUIET}${script}`], undefined, {
    environment: { HOME: '/root' },
  })
  world.sim.advance(60_000)
  return { output: world.output.join('\n'), exitCode: world.exitCode }
}

function theirs(script: string): Outcome {
  const cwd = mkdtempSync(join(tmpdir(), 'kubarium-shell-'))
  const env = { PATH: process.env.PATH, HOME: '/root', LC_ALL: 'C' }
  try {
    const stdio = ['ignore', 'pipe', 'ignore'] as const
    const output = execFileSync(SHELL, ['-c', QUIET + script], {
      cwd,
      env,
      stdio: [...stdio],
      encoding: 'utf8',
    })
    return { output: output.replace(/\n$/, ''), exitCode: 0 }
  } catch (error) {
    const { stdout, status } = error as { stdout: string; status: number }
    return { output: stdout.replace(/\n$/, ''), exitCode: status }
  } finally {
    rmSync(cwd, { recursive: true })
  }
}

test.runIf(existsSync(SHELL))(
  'hundreds of scripts end as they do in a real shell',
  { timeout: 120_000 },
  () => {
    const scripts = [...HAND_WRITTEN, ...generatedScripts(2, 60)]
    const differing = scripts.flatMap(script => {
      const [mine, real] = [ours(script), theirs(script)]
      return mine.output === real.output && mine.exitCode === real.exitCode ? [] : [{ script, mine, real }]
    })
    expect(differing).toEqual([])
  },
)
