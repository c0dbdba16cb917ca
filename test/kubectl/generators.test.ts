import { beforeEach, expect, test } from 'vitest'
import { TestCluster } from './cluster.ts'

let cluster: TestCluster

beforeEach(() => {
  cluster = new TestCluster()
})

test.each([
  ['run web --image=nginx --port=80 --expose', 'service/web created\npod/web created\n'],
  ['create deployment web --image=nginx --replicas=2', 'deployment.apps/web created\n'],
  ['create job pi --image=perl -- perl -e 1', 'job.batch/pi created\n'],
  ['create service nodeport web --tcp=80:8080 --node-port=30080', 'service/web created\n'],
  ['create service externalname web --external-name=example.com', 'service/web created\n'],
  ['create namespace team', 'namespace/team created\n'],
  ['create configmap c --from-literal=a=1,2', 'configmap/c created\n'],
  ['create secret generic s --from-literal=a=b', 'secret/s created\n'],
  ['create serviceaccount robot', 'serviceaccount/robot created\n'],
])('the server takes what kubectl %s makes', (line, printed) => {
  expect(cluster.text(line)).toBe(printed)
})

test('a literal may hold commas', () => {
  cluster.run('create configmap c --from-literal=a=1,2')
  expect(cluster.text('get cm c -o jsonpath={.data.a}')).toBe('1,2')
})

test('expose makes a Service of a Deployment', () => {
  cluster.run('create deployment web --image=nginx --port=80')
  expect(cluster.text('expose deployment web --target-port=8080 --type=NodePort')).toBe(
    'service/web exposed\n',
  )
  expect(cluster.text('get svc web -o jsonpath="{.spec.type} {.spec.selector.app}"')).toBe('NodePort web')
})

test('what is not modelled is refused, whatever its flags', () => {
  expect(cluster.run('debug web --image=busybox:1.36')).toEqual({
    stdout: '',
    stderr: 'error: kubectl debug is not modelled\n',
    exitCode: 1,
  })
  expect(cluster.text('port-forward pod/web 80:80')).toBe('error: kubectl port-forward is not modelled\n')
})
