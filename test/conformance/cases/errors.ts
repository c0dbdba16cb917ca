/** What is refused, and in what words. */
import type { CaseSet } from '../harness.ts'

const create = (yaml: string, flags = '') => `echo '---\n${yaml}' | kubectl create ${flags} -f -`

export const ERRORS: CaseSet = {
  name: 'errors',
  isFast: true,
  cases: [
    {
      name: 'not found',
      run: 'kubectl get pod nothing',
      exit: 1,
      stderr: 'Error from server (NotFound): pods "nothing" not found',
    },
    {
      name: 'no such resource',
      run: 'kubectl get nothings',
      exit: 1,
      stderr: `error: the server doesn't have a resource type "nothings"`,
    },
    {
      name: 'already there',
      run: 'kubectl create cm a && kubectl create cm a',
      exit: 1,
      stderr: 'error: failed to create configmap: configmaps "a" already exists',
    },
    {
      name: 'a wrong name',
      run: create('{apiVersion: v1, kind: ConfigMap, metadata: {name: A_B}}'),
      exit: 1,
      stderr:
        'The ConfigMap "A_B" is invalid: metadata.name: Invalid value: "A_B": a lowercase RFC 1123 subdomain must consist of',
    },
    {
      name: 'an unknown field',
      run: create(
        '{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {foo: 1, containers: [{name: a, image: a}]}}',
      ),
      exit: 1,
      stderr: 'strict decoding error: unknown field "spec.foo"',
    },
    {
      name: 'an unknown field, with a warning',
      run: create('{apiVersion: v1, kind: ConfigMap, metadata: {name: warned}, foo: 1}', '--validate=warn'),
      stderr: 'Warning: unknown field "foo"',
      stdout: 'configmap/warned created',
    },
    {
      name: 'an unknown field, ignored',
      run: create(
        '{apiVersion: v1, kind: ConfigMap, metadata: {name: ignored}, foo: 1}',
        '--validate=ignore',
      ),
      stdout: 'configmap/ignored created',
    },
    {
      name: 'a wrong type',
      run: create('{apiVersion: apps/v1, kind: Deployment, metadata: {name: d}, spec: {replicas: three}}'),
      exit: 1,
      stderr: 'json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
    },
    {
      name: 'no containers',
      run: create('{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: []}}'),
      exit: 1,
      stderr: 'The Pod "p" is invalid: spec.containers: Required value',
    },
    {
      name: 'a selector that does not match',
      run: create(
        '{apiVersion: apps/v1, kind: Deployment, metadata: {name: d}, spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: c}}, spec: {containers: [{name: a, image: a}]}}}}',
      ),
      exit: 1,
      stderr: '`selector` does not match template `labels`',
    },
    {
      name: 'an immutable field',
      run: `kubectl create deploy web --image=a --replicas=0 >/dev/null; kubectl patch deploy web -p '{"spec":{"selector":{"matchLabels":{"x":"y"}}}}'`,
      exit: 1,
      stderr: /field is immutable|`selector` does not match/,
    },
    {
      name: 'an unknown kind',
      run: create('{apiVersion: v1, kind: Nothing, metadata: {name: p}}'),
      exit: 1,
      stderr: 'no matches for kind "Nothing" in version "v1"',
    },
    {
      name: 'a namespace that is not there',
      run: 'kubectl create cm a -n nowhere',
      exit: 1,
      stderr: 'namespaces "nowhere" not found',
    },
    {
      name: 'a namespace that does not agree',
      run: create('{apiVersion: v1, kind: ConfigMap, metadata: {name: p, namespace: default}}', '-n $NS'),
      exit: 1,
      stderr: 'does not match the namespace',
    },
    {
      name: 'a port out of range',
      run: create('{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {ports: [{port: 70000}]}}'),
      exit: 1,
      stderr: 'must be between 1 and 65535, inclusive',
    },
    {
      name: 'a quantity that is none',
      run: create(
        '{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: a, image: a, resources: {limits: {cpu: lots}}}]}}',
      ),
      exit: 1,
      stderr: 'quantities must match the regular expression',
    },
    {
      name: 'a JSON patch whose test fails',
      run: `kubectl patch deploy web --type=json -p '[{"op":"test","path":"/spec/replicas","value":9}]'`,
      exit: 1,
      stderr: 'The request is invalid: the server rejected our request due to an error in our request',
    },
    { name: 'a patch that is none', run: "kubectl patch deploy web --type=json -p '{}'", exit: 1 },
    {
      name: 'a quota',
      run: 'kubectl create quota q --hard=secrets=0 >/dev/null; sleep 1; kubectl create secret generic s',
      exit: 1,
      stderr: 'is forbidden: exceeded quota: q, requested: secrets=1, used: secrets=0, limited: secrets=0',
      withinMs: 5000,
    },
    {
      name: 'a limit range',
      run: `${create('{apiVersion: v1, kind: LimitRange, metadata: {name: l}, spec: {limits: [{type: Container, max: {cpu: 100m}}]}}')} >/dev/null; ${create('{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: a, image: a, resources: {limits: {cpu: 1}}}]}}')}`,
      exit: 1,
      stderr: 'maximum cpu usage per Container is 100m, but limit is 1',
    },
    {
      name: 'pod security',
      run: `kubectl label ns $NS pod-security.kubernetes.io/enforce=restricted >/dev/null; ${create('{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {hostNetwork: true, containers: [{name: a, image: a}]}}')}; code=$?; kubectl label ns $NS pod-security.kubernetes.io/enforce- >/dev/null; exit $code`,
      exit: 1,
      stderr: 'violates PodSecurity "restricted:latest"',
    },
    {
      name: 'no server',
      run: 'kubectl get pods --server=https://127.0.0.1:1 2>&1',
      exit: 1,
      stdout: /connection.*refused/i,
    },
  ],
}
