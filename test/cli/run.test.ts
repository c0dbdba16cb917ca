/** The command line as a person meets it: exit codes, messages, places. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'

const ENTRY = fileURLToPath(new URL('../../src/cli/kubarium.ts', import.meta.url))
const TSX = import.meta.resolve('tsx')
const folder = mkdtempSync(join(tmpdir(), 'kubarium-'))
afterAll(() => rmSync(folder, { recursive: true }))

function kubarium(...words: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', TSX, ENTRY, ...words], {
    cwd: folder,
    encoding: 'utf8',
  })
  return { status, stdout, stderr, lastLine: stdout.trimEnd().split('\n').at(-1) ?? '' }
}

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text)
  return name
}

const TRACE = /^trace sha256:[0-9a-f]{64} events:\d+ virtual:\S+ wall:\S+$/

const HOLDS = `---
title: It holds
cluster: { nodes: 1 }
---
\`\`\`console
$ kubectl create configmap colours --from-literal=sky=blue
configmap/colours created
$ sim expect 'get(configmap/colours).data.sky == "blue"'
\`\`\`
`

const BREAKS = `---
cluster: { nodes: 1, seed: 3 }
---
\`\`\`console
$ kubectl get pods
NAME   READY
...
$ sim expect 'ready(node/node-1) == 2'
\`\`\`
`

describe('kubarium run', () => {
  test('ends with 0 and the fingerprint when everything holds', () => {
    const result = kubarium('run', file('holds.md', HOLDS))
    expect(result).toMatchObject({ status: 0, stderr: '' })
    expect(result.lastLine).toMatch(TRACE)
  })

  test('ends with 1 and says what was expected, what came and where', () => {
    const { status, stdout } = kubarium('run', file('breaks.md', BREAKS))
    expect(status).toBe(1)
    expect(stdout).toContain(
      'breaks.md:5: an expectation does not hold\n  expected:\n    NAME   READY\n    ...\n',
    )
    expect(stdout).toContain('  got:\n    No resources found in default namespace.\n')
    expect(stdout).toContain('breaks.md:8: an expectation does not hold')
    expect(stdout).toContain('  got:\n    ready(node/node-1) = 1\n')
  })

  test('plays the other files when one is broken, and gives the gravest code', () => {
    const { status, stdout } = kubarium('run', file('a.md', HOLDS), 'missing.md', file('b.md', HOLDS))
    expect(status).toBe(2)
    expect(stdout.match(/^ok /gm)).toHaveLength(2)
    expect(stdout.match(/trace sha256/g)).toHaveLength(3)
  })

  test('--quiet prints only the fingerprint when everything holds; --seed gives another', () => {
    const name = file('holds.md', HOLDS)
    const [first, second] = ['4', '5'].map(seed =>
      kubarium('run', '--quiet', name, '--seed', seed).stdout.trimEnd(),
    )
    expect(first).toMatch(TRACE)
    expect(second).toMatch(TRACE)
    expect(first!.slice(0, 77)).not.toBe(second!.slice(0, 77))
  })

  test('--update rewrites what came out otherwise, and then everything holds', () => {
    const source = BREAKS.replace(/\$ sim.*\n/, '')
    const name = file('update.md', source)
    expect(kubarium('run', '--update', name).status).toBe(0)
    expect(readFileSync(join(folder, name), 'utf8')).toBe(
      source.replace('NAME   READY\n...', 'No resources found in default namespace.'),
    )
    expect(kubarium('run', name).status).toBe(0)
  })

  test('--json, --junit and --trace give the same result to programs', () => {
    const name = file('breaks.md', BREAKS)
    const { status, stdout } = kubarium(
      'run',
      name,
      '--json',
      '--junit',
      'junit.xml',
      '--trace',
      'trace.jsonl',
    )
    expect(status).toBe(1)
    const result = JSON.parse(stdout)
    expect(result.files[0]).toMatchObject({ file: name, outcome: 'failed', seed: 3 })
    expect(result.files[0].failures[1]).toMatchObject({
      where: 'breaks.md:8',
      actual: 'ready(node/node-1) = 1',
    })
    expect(readFileSync(join(folder, 'junit.xml'), 'utf8')).toContain('tests="2" failures="2" errors="0"')
    const [head = '', ...records] = readFileSync(join(folder, 'trace.jsonl'), 'utf8').trimEnd().split('\n')
    expect(JSON.parse(head)).toMatchObject({ sha256: result.trace.sha256, records: records.length })
  })
})

describe('unusable input ends with 2', () => {
  test('and says what, where and how to mend it, for every file', () => {
    const { status, stderr } = kubarium(
      'run',
      'missing.md',
      file('yaml.md', '```yaml apply\nkind: Pod\nmetadata: { name: web\n```\n'),
      file('cluster.md', '---\ncluster:\n  nodes: -1\n---\n'),
      file('verb.md', '```console\n$ sim explode node-1\n```\n'),
    )
    expect(status).toBe(2)
    expect(stderr).toContain('missing.md: there is no such file\n  Name a Markdown file')
    expect(stderr).toMatch(/^yaml\.md:\d+:\d+: error converting YAML to JSON/m)
    expect(stderr).toContain('cluster.md:3:10: cluster.nodes cannot be -1\n  Give a whole number')
    expect(stderr).toContain('verb.md:2:7: there is no verb "sim explode"\n  It is one of add, advance')
  })

  test.each([
    [['fly'], 'kubarium: there is no command "fly"; kubarium --help lists them\n'],
    [['run', '--sed', '1', 'x.md'], "kubarium: unknown option '--sed' (Did you mean --seed?)\n"],
    [['run', '--seed', 'one', 'x.md'], /^kubarium: .*'one' is invalid.*\n$/],
  ])('and one line: kubarium %j', (words, message) => {
    const { status, stdout, stderr } = kubarium(...words)
    expect(stderr).toMatch(message)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  })
})

test('--version and --help answer and end with 0', () => {
  expect(kubarium('--version')).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
  })
  expect(kubarium('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('Usage: kubarium') })
})

test('without a command and without a terminal it plays the demonstration lesson as text', () => {
  const { status, stdout } = kubarium()
  expect(status).toBe(0)
  expect(stdout).toContain('A rolling update that never drops below three\n')
  expect(stdout).toContain('the end: everything held\n')
})
