import { describe, expect, test } from 'vitest'
import { Cluster } from '../cluster/index.ts'
import { UserError } from '../sim/index.ts'
import { Lesson } from './lesson.ts'
import { parseScenario } from './parse.ts'
import { updatedSource } from './update.ts'

const POD = `\`\`\`yaml apply
apiVersion: v1
kind: Pod
metadata: { name: web }
spec: { containers: [{ name: web, image: nginx:1.27 }] }
\`\`\`
`

function lessonOf(text: string, files: Record<string, string> = {}): Lesson {
  const source = text.startsWith('---') ? text : `---\ncluster: { nodes: 1 }\n---\n${text}`
  return new Lesson(parseScenario('x.md', source), { readFile: path => files[path] })
}

function console(...lines: string[]): string {
  return `\`\`\`console\n${lines.join('\n')}\n\`\`\`\n`
}

function played(text: string, files?: Record<string, string>): Lesson {
  const lesson = lessonOf(text, files)
  lesson.playToEnd()
  return lesson
}

function outputs(lesson: Lesson): string[] {
  return lesson.results.map(({ output }) => output)
}

describe('a lesson', () => {
  test('goes step by step, and the loop below can be stepped at any pace', () => {
    const lesson = lessonOf(`Some prose.\n${POD}${console('$ sim advance 10s')}`)
    const startMs = lesson.cluster.sim.now
    expect(lesson.current?.type).toBe('prose')
    lesson.step()
    expect(lesson.current?.type).toBe('apply')
    while (lesson.current?.type === 'apply') lesson.step()
    expect(outputs(lesson)).toEqual(['', 'pod/web created\n'])
    while (lesson.step(startMs + 3000)) expect(lesson.cluster.sim.now).toBeLessThanOrEqual(startMs + 3000)
    expect(lesson.isUnderWay).toBe(true)
    lesson.playToEnd()
    expect(lesson.results[2]!.endedMs - lesson.results[2]!.startedMs).toBe(10_000)
  })

  test('leaves a recording that replays without it', () => {
    const lesson = played(POD + console('$ sim wait pod/web --for=condition=Ready', '$ sim advance 5s'))
    expect(Cluster.replay(lesson.cluster.recording).sim.trace.digest()).toBe(lesson.cluster.recording.sha256)
  })

  test('goes on after an expectation that does not hold', () => {
    const lesson = played(console('$ kubectl get pods', 'NAME', '$ sim advance 1s', "$ sim expect 'false'"))
    expect(lesson.failures).toMatchObject([
      { where: 'x.md:5', expected: 'NAME', actual: 'No resources found in default namespace.' },
      { where: 'x.md:8', expected: 'false' },
    ])
    expect(lesson.isEnded).toBe(true)
  })

  test('is failed by a command that is refused, unless it shows the refusal', () => {
    const refused = played(console('$ kubectl get pod nobody'))
    expect(refused.failures).toMatchObject([
      { actual: 'Error from server (NotFound): pods "nobody" not found\n', isOutput: true },
    ])
    const shown = played(
      console('$ kubectl get pod nobody', 'Error from server (NotFound): pods "nobody" not found'),
    )
    expect(shown.failures).toEqual([])
  })

  test('gives kubectl the files of its folder', () => {
    const pod =
      'apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec: { containers: [{ name: a, image: nginx }] }\n'
    const lesson = played(console('$ kubectl apply -f pod.yaml', '$ kubectl apply -f other.yaml'), {
      'pod.yaml': pod,
    })
    expect(outputs(lesson)).toEqual(['pod/web created\n', 'error: the path "other.yaml" does not exist\n'])
  })

  test('is rewritten to what came, keeping dots that still match', () => {
    const lesson = played(
      console('$ kubectl get nodes', 'NAME ...', '...', 'node-9 ...', '$ kubectl get nodes -o name', '...-1'),
    )
    expect(updatedSource(lesson.scenario, lesson.results)).toContain(
      `\`\`\`console\n$ kubectl get nodes\nNAME ...\nnode-1   Ready    <none>   0s    v1.33.0\n$ kubectl get nodes -o name\n...-1\n`,
    )
  })
})

describe('sim', () => {
  test('wait gives up when its time is over and says how things stand', () => {
    const lesson = played(
      console(
        "$ sim wait 'ready(node/node-1) == 2' --timeout=3s",
        '$ sim wait pod/web --for=create --timeout=1s',
      ),
    )
    expect(lesson.failures).toMatchObject([
      { expected: 'ready(node/node-1) == 2 within 3s', actual: 'timed out waiting: ready(node/node-1) = 1' },
      { expected: 'pod/web created within 1s', actual: 'timed out waiting: it does not exist' },
    ])
    expect(lesson.results[0]!.endedMs - lesson.results[0]!.startedMs).toBe(3000)
  })

  test('always stops at the change that breaks it', () => {
    const lesson = played(
      POD +
        console(
          "$ sim always '!scheduled(pod/web)' --for=1m",
          "$ sim always 'exists(pod/web)' --while '!pod/web scheduled'",
        ),
    )
    const [broken, vacuous] = lesson.failures
    expect(broken?.actual).toMatch(/^at 00:00:00\.\d{3}: scheduled\(pod\/web\) = true$/)
    expect(vacuous?.expected).toBe('at first, !pod/web scheduled')
  })

  test('always ends with its condition', () => {
    const lesson = played(
      POD + console("$ sim always 'restarts(pod/web) == 0' --while 'ready(pod/web) == 0'"),
    )
    expect(lesson.failures).toEqual([])
    expect(lesson.cluster.sim.now - lesson.cluster.sim.startMs).toBeLessThan(30_000)
  })

  test('breaks and mends nodes, components and links', () => {
    const lesson = played(
      console(
        '$ sim crash node node-1',
        '$ sim recover node-1',
        '$ sim crash kube-scheduler',
        '$ sim recover kube-scheduler',
        '$ sim cut node-1 kube-apiserver',
        '$ sim slow node-1 --latency=200ms --factor=3',
        '$ sim heal',
        '$ sim add node extra --cpu=2 --label=disk=ssd --taint=special=yes:NoSchedule',
        '$ sim wait node/extra --for=condition=Ready --timeout=1m',
        `$ sim expect 'get(node/extra).metadata.labels.disk == "ssd" && get(node/extra).spec.taints[0].key == "special"'`,
      ),
    )
    expect(lesson.failures).toEqual([])
  })

  test('request, explain and why answer', () => {
    const lesson = played(
      POD +
        console(
          '$ sim wait pod/web --for=condition=Ready',
          '$ sim advance 1s',
          '$ sim request web http://localhost/',
          '$ sim explain web',
          '$ sim why pod/web',
        ),
    )
    const [, , , request, explain, why] = outputs(lesson)
    expect(request).toMatch(/^HTTP 200\n[\s\S]*1\. +\+0ms +node-1 +pod +lo 127\.0\.0\.1 -> 127\.0\.0\.1:80\n/)
    expect(explain).toMatch(/^attempt 1 at \S+: chose node-1\n {2}node-1 {2}yes\n$/)
    expect(why).toMatch(/pods\/default\/web was written/)
  })
})

describe('a mistake is found before anything happens', () => {
  test.each([
    [
      'no YAML',
      '```yaml apply\nkind: Pod\nmetadata: { name: web\n```\n',
      /^x\.md:\d+:\d+$/,
      /converting YAML/,
    ],
    [
      'a cluster that cannot be',
      '---\ncluster:\n  nodes: -1\n---\n',
      'x.md:3:10',
      'cluster.nodes cannot be -1',
    ],
    ['a field nobody knows', '---\ncluster: { nods: 1 }\n---\n', 'x.md:2:10', 'cluster has no field "nods"'],
    ['a verb nobody knows', console('$ sim explode it'), 'x.md:5:7', 'there is no verb "sim explode"'],
    ['a program nobody has', console('$ helm install'), 'x.md:5:3', 'there is no program helm'],
    ['a flag nobody knows', console('$ sim advance 3s --fast=1'), 'x.md:5:18', 'no flag --fast'],
    ['a span that is none', console('$ sim advance soon'), 'x.md:5:15', '"soon"'],
    ['a word too many', console('$ sim advance 3s 4s'), 'x.md:5:18', '4s is too much here'],
    [
      'an unknown function',
      console("$ sim expect 'redy(node/n) == 1'"),
      'x.md:5:15',
      'no function redy(string)',
    ],
    ['an open parenthesis', console("$ sim expect 'ready(node/n == 1'"), 'x.md:5:32', 'Expected RPAREN'],
    ['an expression that says nothing', console("$ sim expect 'ready(node/n)'"), 'x.md:5:15', 'type int'],
    ['a pipe', console('$ kubectl get pods | wc -l'), 'x.md:5:19', '| is not understood'],
    ['an open quote', console("$ sim expect 'true"), 'x.md:5:1', 'is never closed'],
  ])('%s', (_, text, where, what) => {
    const error = thrownBy(() => lessonOf(text))
    expect(error).toBeInstanceOf(UserError)
    expect(error).toMatchObject({
      where: expect.stringMatching(where),
      message: expect.stringMatching(typeof what === 'string' ? escaped(what) : what),
    })
  })

  test('or as soon as it shows, with its line', () => {
    expect(thrownBy(() => played(console('$ sim crash node node-9')))).toMatchObject({ where: 'x.md:5:1' })
    expect(thrownBy(() => played(console("$ sim expect 'get(node/node-1).spec.nope == 1'")))).toMatchObject({
      where: 'x.md:5:37',
      message: 'No such key: nope',
    })
  })
})

function thrownBy(act: () => unknown): unknown {
  try {
    act()
  } catch (error) {
    return error
  }
  return undefined
}

function escaped(text: string): RegExp {
  return new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
}
