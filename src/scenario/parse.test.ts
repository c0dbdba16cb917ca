import { describe, expect, test } from 'vitest'
import { UserError } from '../sim/index.ts'
import { parseScenario } from './parse.ts'

const LESSON = `---
title: First pod
cluster: { nodes: 2, seed: 7 }
---
# A pod

Some prose.

\`\`\`yaml apply
kind: Pod
\`\`\`
\`\`\`console
$ kubectl get pods
NAME   READY
web    1/1
$ sim advance \\
  30s
\`\`\`
\`\`\`mermaid
graph
\`\`\`
`

describe('a scenario file', () => {
  test('gives its title, its cluster and its blocks with their lines', () => {
    const scenario = parseScenario('first.md', LESSON)
    expect(scenario.title).toBe('First pod')
    expect(scenario.cluster).toEqual({ nodes: 2, seed: 7 })
    expect(scenario.blocks.map(block => [block.type, block.line])).toEqual([
      ['prose', 5],
      ['apply', 9],
      ['console', 12],
      ['shown', 19],
    ])
  })

  test('keeps commands with the output expected under them', () => {
    const console = parseScenario('first.md', LESSON).blocks[2]
    expect(console).toMatchObject({
      commands: [
        {
          text: 'kubectl get pods',
          line: 13,
          expected: ['NAME   READY', 'web    1/1'],
          expectedLines: { from: 14, to: 16 },
        },
        { text: 'sim advance 30s', line: 16, expected: [] },
      ],
    })
  })

  test('gives an applied block its place in the file', () => {
    const apply = parseScenario('first.md', LESSON).blocks[1]
    expect(apply?.type === 'apply' && apply.yaml.split('\n').indexOf('kind: Pod')).toBe(9)
  })

  test.each([
    ['an open fence', 'text\n```console\n$ kubectl get pods\n', 'x.md:2:1'],
    ['open front matter', '---\ntitle: x\n', 'x.md:1:1'],
    ['output before any command', '```console\nNAME\n```\n', 'x.md:2:1'],
    ['front matter that is no YAML', '---\ntitle: [\n---\n', 'x.md:'],
    ['a field nobody knows', '---\nnodes: 3\n---\n', 'x.md:2:8'],
    ['an apply of something else', '```sh apply\nls\n```\n', 'x.md:1:1'],
  ])('refuses %s and says where', (_, text, where) => {
    let error: unknown
    try {
      parseScenario('x.md', text)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(UserError)
    expect((error as UserError).where).toContain(where)
  })
})
