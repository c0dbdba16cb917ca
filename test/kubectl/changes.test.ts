import { beforeEach, describe, expect, test } from 'vitest'
import { Deployments, Pods } from '../../src/api/index.ts'
import { TestCluster } from './cluster.ts'

const WEB = {
  metadata: { name: 'web', namespace: 'default', labels: { app: 'web' } },
  spec: {
    replicas: 3,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'nginx', image: 'nginx:1.25' }] },
    },
  },
}

let cluster: TestCluster

beforeEach(() => {
  cluster = new TestCluster()
  cluster.create(Deployments, WEB)
})

/** Runs commands one after the other and expects what each prints. */
function expectAll(table: readonly (readonly [line: string, printed: string])[]): void {
  for (const [line, printed] of table) expect([line, cluster.text(line)]).toEqual([line, printed])
}

test('scale sets the replicas, if they are what they were said to be', () => {
  expectAll([
    ['scale deployment/web --replicas=5', 'deployment.apps/web scaled\n'],
    ['get deploy web -o jsonpath={.spec.replicas}', '5'],
    ['scale deployment web --current-replicas=3 --replicas=1', 'error: Expected replicas to be 3, was 5\n'],
    ['scale deploy web --current-replicas=5 --replicas=1', 'deployment.apps/web scaled\n'],
    ['scale deploy --all --replicas=2 --dry-run=client', 'deployment.apps/web scaled (dry run)\n'],
    ['scale deploy web', 'error: required flag(s) "replicas" not set\n'],
    ['scale deploy nope --replicas=1', 'Error from server (NotFound): deployments.apps "nope" not found\n'],
    ['get deploy web -o jsonpath={.spec.replicas}', '1'],
  ])
})

test('label adds, changes and removes', () => {
  expectAll([
    ['label deploy web tier=front', 'deployment.apps/web labeled\n'],
    ['label deploy web tier=front', 'deployment.apps/web not labeled\n'],
    ['label deploy web tier=back', "error: 'tier' already has a value (front), and --overwrite is false\n"],
    ['label deploy/web tier=back --overwrite', 'deployment.apps/web labeled\n'],
    ['label deploy web tier- a=b', 'deployment.apps/web unlabeled\n'],
    ['label deploy web tier- a-', 'label "tier" not found.\ndeployment.apps/web unlabeled\n'],
    ['label deploy web --list', 'app=web\n'],
    ['label deploy web', 'error: at least one label update is required\n'],
    ['label deploy a=b web', 'error: all resources must be specified before label changes: web\n'],
    ['label pods --all a=b', ''],
  ])
})

test('annotate says the same whatever it did', () => {
  expectAll([
    ['annotate deploy web note=one', 'deployment.apps/web annotated\n'],
    ['annotate deploy web note=one', 'deployment.apps/web annotated\n'],
    [
      'annotate deploy web note=two',
      "error: --overwrite is false but found the following declared annotation(s): 'note' already has a value (one)\n",
    ],
    ['annotate deploy web note-', 'deployment.apps/web annotated\n'],
    ['annotate deploy web --list', ''],
  ])
})

test('set image changes the containers that are named', () => {
  expectAll([
    ['set image deployment/web nginx=nginx:1.27', 'deployment.apps/web image updated\n'],
    ['set image deployment/web nginx=nginx:1.27', ''],
    ['get deploy web -o jsonpath={..image}', 'nginx:1.27'],
    ['set image deploy web *=httpd', 'deployment.apps/web image updated\n'],
    ['set image deploy web nope=httpd', 'error: unable to find container named "nope"\n'],
    ['set image deploy web', 'error: at least one image update is required\n'],
  ])
})

describe('patch', () => {
  test('says whether anything changed', () => {
    expectAll([
      [`patch deploy web -p '{"spec":{"replicas":4}}'`, 'deployment.apps/web patched\n'],
      [`patch deploy web -p '{"spec":{"replicas":4}}'`, 'deployment.apps/web patched (no change)\n'],
      [`patch deploy web -p 'spec: {replicas: 6}' --type=merge`, 'deployment.apps/web patched\n'],
      [
        `patch deploy/web --type=json -p '[{"op":"replace","path":"/spec/replicas","value":2}]' -o name`,
        'deployment.apps/web\n',
      ],
      [
        `patch deploy web --subresource=scale --type=merge -p '{"spec":{"replicas":7}}'`,
        'scale.autoscaling/web patched\n',
      ],
      ['get deploy web -o jsonpath={.spec.replicas}', '7'],
    ])
  })

  test('refuses what it cannot read', () => {
    expectAll([
      [
        'patch deploy web',
        'error: must specify --patch or --patch-file containing the contents of the patch\n',
      ],
      [
        'patch deploy web -p {} --type=best',
        'error: --type must be one of [json merge strategic], not "best"\n',
      ],
    ])
  })
})

test('delete does not say from which namespace', () => {
  cluster.create(Pods, {
    metadata: { name: 'web', namespace: 'default' },
    spec: { containers: [{ name: 'web', image: 'nginx' }] },
  })
  expect(cluster.text('delete pod web')).toBe('pod "web" deleted\n')
})

test('errors about several objects come last, a line each', () => {
  const { stdout, stderr, exitCode } = cluster.run('scale deploy/a deploy/web deploy/b --replicas=2')
  expect({ stdout, stderr, exitCode }).toEqual({
    stdout: 'deployment.apps/web scaled\n',
    stderr:
      'Error from server (NotFound): deployments.apps "a" not found\nError from server (NotFound): deployments.apps "b" not found\n',
    exitCode: 1,
  })
})
