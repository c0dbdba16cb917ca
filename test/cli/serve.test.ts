/**
 * `kubarium serve` as a person meets it: refusals in one line, signals, who reads and who does not. Of the build
 * (`npm run build`), as it starts in a tenth of the time.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'

const PROGRAM = [fileURLToPath(new URL('../../dist/kubarium.js', import.meta.url))]
const folder = mkdtempSync(join(tmpdir(), 'kubarium-'))
const started: ChildProcess[] = []
afterAll(() => {
  for (const child of started) child.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

function refused(...words: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...PROGRAM, 'serve', ...words], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 50_000,
  })
  expect({ status, stdout, lines: stderr.trimEnd().split('\n').length }).toEqual({
    status: 2,
    stdout: '',
    lines: 1,
  })
  return stderr.trimEnd()
}

interface Server {
  readonly child: ChildProcess
  readonly url: string
  readonly errors: () => string
}

/** Starts one and waits for its greeting. */
function serving(...words: string[]): Promise<Server> {
  const child = spawn(process.execPath, [...PROGRAM, 'serve', '--port', '0', '--nodes', '1', ...words], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  started.push(child)
  let output = ''
  let errors = ''
  child.stderr.on('data', chunk => {
    errors += chunk
  })
  return new Promise((resolve, reject) => {
    child.once('exit', code => reject(new Error(`it ended with ${code}: ${errors}`)))
    child.stdout.on('data', chunk => {
      output += chunk
      const url = /Kubernetes is at (\S+);/.exec(output)?.[1]
      if (url && output.includes('kubectl get nodes')) resolve({ child, url, errors: () => errors })
    })
  })
}

function version(url: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(`${url}/version`, { rejectUnauthorized: false, agent: false }, response => {
      response.resume()
      resolve(response.statusCode)
    })
      .on('error', reject)
      .end()
  })
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise(resolve => child.once('exit', resolve))
}

describe('what cannot be served is refused in one line', () => {
  test('a taken port', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise(resolve => other.once('listening', resolve))
    const { port } = other.address() as { port: number }
    // The port is taken by this process, which cannot answer while it waits.
    expect(refused('--nodes', '1', '--port', String(port), '--kubeconfig', 'taken')).toBe(
      `kubarium: --port: port ${port} of 127.0.0.1 cannot be listened on (EADDRINUSE). Something listens there; name another, or 0 for any.`,
    )
    expect(existsSync(join(folder, 'taken'))).toBe(false)
    other.close()
  })

  test.each([
    [['--speed', 'fast'], /argument 'fast' is invalid/],
    [['--node', '1'], /unknown option '--node'/],
    [['--scenario', 'a.md', '--nodes', '2'], /^kubarium: --scenario: a scenario brings its own cluster\./],
    [
      ['--kubeconfig', '/dev/null/x'],
      /^kubarium: --kubeconfig: \/dev\/null\/x cannot be written \(ENOTDIR\)\./,
    ],
    [
      ['--port', '0', '--nodes', '1', '--bind', '192.0.2.1'],
      /^kubarium: --bind: 192\.0\.2\.1 cannot be listened on/,
    ],
  ])('%j', (words, line) => {
    expect(refused('--kubeconfig', 'none', ...words)).toMatch(line)
  })

  test('a kubeconfig that it did not make, which stays as it is', () => {
    writeFileSync(join(folder, 'mine'), 'apiVersion: v1\nkind: Config\n')
    expect(refused('--kubeconfig', 'mine')).toContain('mine is a kubeconfig that kubarium did not make')
    expect(readFileSync(join(folder, 'mine'), 'utf8')).toBe('apiVersion: v1\nkind: Config\n')
  })

  test.each([
    ['nodes: 3\nseed: [1\n', /^kubarium: config\.yaml:3:1: error converting YAML to JSON/],
    ['nodes: 3\nsed: 1\n', /^kubarium: config\.yaml:2:6: cluster has no field "sed"\. It knows nodes, seed,/],
    ['nodes:\n- name: a\n  cpu: many\n', /^kubarium: config\.yaml:3:8: nodes\[0\]\.cpu cannot be "many"\./],
    ['- nodes\n', /^kubarium: config\.yaml:1:1: a configuration is a mapping\./],
  ])('a mistake in the configuration, with its place: %j', (text, line) => {
    writeFileSync(join(folder, 'config.yaml'), text)
    expect(refused('--config', 'config.yaml', '--kubeconfig', 'none')).toMatch(line)
  })

  test('a lesson with a mistake, with its place', () => {
    writeFileSync(join(folder, 'bad.md'), '```console\n$ sim blah\n```\n')
    expect(refused('--scenario', 'bad.md', '--kubeconfig', 'none')).toMatch(
      /^kubarium: bad\.md:2:7: there is no verb "sim blah"\./,
    )
  })
})

describe('a server', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('ends with 0 at %s', async signal => {
    const { child, errors } = await serving('--kubeconfig', `k-${signal}`)
    child.kill(signal)
    expect(await ended(child)).toBe(0)
    expect(errors()).toBe('')
  })

  test('stays when nobody reads its output, and tells the second that takes its kubeconfig', async () => {
    const first = await serving('--kubeconfig', 'shared', '--speed', 'max')
    first.child.stdout!.destroy()
    const second = await serving('--kubeconfig', 'shared', '--speed', '10x')
    expect(second.errors()).toBe(
      `kubarium: shared led to ${first.url}, where another kubarium still serves; it leads here now\n`,
    )
    expect(readFileSync(join(folder, 'shared'), 'utf8')).toContain(`server: ${second.url}\n`)
    expect(await Promise.all([version(first.url), version(second.url)])).toEqual([200, 200])
  })

  test('plays a lesson at the present time, says what does not hold, and goes on', async () => {
    const lesson = [
      '---',
      'cluster: { nodes: 1 }',
      '---',
      '```console',
      '$ kubectl get namespace default -o jsonpath={.metadata.creationTimestamp}',
      '2026-01-01T00:00:00Z',
      `$ sim expect 'now() > timestamp("2026-02-01T00:00:00Z")'`,
      `$ sim expect 'ready(node/node-1) == 7'`,
      '```',
    ].join('\n')
    writeFileSync(join(folder, 'lesson.md'), lesson)
    const child = spawn(
      process.execPath,
      [...PROGRAM, 'serve', '--port', '0', '--scenario', 'lesson.md', '--kubeconfig', 'l'],
      { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] },
    )
    started.push(child)
    let errors = ''
    await new Promise<void>(resolve => {
      child.stderr.on('data', chunk => {
        errors += chunk
        if (errors.includes('The lesson is over')) resolve()
      })
    })
    expect(errors).toMatch(/^lesson\.md:8: an expectation does not hold/)
    expect(errors).toContain('The lesson is over: 1 of 3 steps do not hold.')
    expect(child.exitCode).toBe(null)
    child.kill('SIGTERM')
    expect(await ended(child)).toBe(0)
  })
})
