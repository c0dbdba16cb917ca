/** Inside containers: logs, exec, attach, cp, debug, top. */
import type { CaseSet } from '../harness.ts'

export const CONTAINERS: CaseSet = {
  name: 'containers',
  isFast: false,
  cases: [
    {
      name: 'a pod',
      run: 'kubectl run web --image=nginx:1.27 --port=80 >/dev/null; kubectl wait pod/web --for=condition=Ready --timeout=60s',
      stdout: 'pod/web condition met',
    },
    {
      name: 'logs',
      run: 'kubectl run say --image=busybox:1.36 --restart=Never -- sh -c "echo one; echo two" >/dev/null; kubectl wait pod/say --for=jsonpath={.status.phase}=Succeeded --timeout=20s >/dev/null; kubectl logs say',
      stdout: 'one\ntwo',
    },
    { name: 'the last line', run: 'kubectl logs say --tail=1', stdout: 'two' },
    {
      name: 'logs with timestamps',
      run: 'kubectl logs say --timestamps',
      stdout: /^20\d\d-\d\d-\d\dT\S+Z one\n20/,
    },
    { name: 'some bytes of logs', run: 'kubectl logs say --limit-bytes=2', stdout: /^on/ },
    { name: 'logs followed to their end', run: 'timeout 10 kubectl logs -f say', stdout: 'one\ntwo' },
    {
      name: 'logs of a container that is not there',
      run: 'kubectl logs web -c nothing',
      exit: 1,
      stderr: 'container nothing is not valid for pod web',
    },
    {
      name: 'previous logs',
      run: 'kubectl logs web -p',
      exit: 1,
      stderr: 'previous terminated container "web" in pod "web" not found',
    },
    {
      name: 'resize',
      run: `kubectl run small --image=nginx:1.27 --overrides='{"spec":{"containers":[{"name":"small","image":"nginx:1.27","resources":{"requests":{"cpu":"100m"}}}]}}' >/dev/null; kubectl wait pod/small --for=condition=Ready --timeout=60s >/dev/null; kubectl patch pod small --subresource resize -p '{"spec":{"containers":[{"name":"small","resources":{"requests":{"cpu":"250m"}}}]}}'; kubectl wait pod/small --for=jsonpath='{.status.containerStatuses[0].resources.requests.cpu}'=250m --timeout=20s`,
      since: '1.32',
      stdout: 'pod/small patched\npod/small condition met',
    },
    { name: 'exec', run: 'kubectl exec web -- echo hello', stdout: 'hello' },
    {
      name: 'exit code',
      run: 'kubectl exec web -- sh -c "exit 3"',
      exit: 3,
      stderr: 'command terminated with exit code 3',
    },
    { name: 'standard input', run: 'echo hello | timeout 10 kubectl exec -i web -- cat', stdout: 'hello' },
    {
      name: 'a pipe within',
      run: `kubectl exec web -- sh -c 'printf "b\\na\\n" | grep a | wc -l'`,
      stdout: /^ *1$/,
    },
    { name: 'standard error', run: 'kubectl exec web -- sh -c "echo oops >&2"', stdout: '', stderr: 'oops' },
    { name: 'environment', run: 'kubectl exec web -- printenv KUBERNETES_SERVICE_HOST', stdout: '10.96.0.1' },
    {
      name: 'a command that is not there',
      run: 'kubectl exec web -- nothing',
      exit: 1,
      stderr: 'executable file not found in $PATH',
    },
    {
      name: 'copied in',
      run: 'echo text > f; timeout 10 kubectl cp f web:/tmp/f && kubectl exec web -- cat /tmp/f',
      stdout: 'text',
    },
    {
      name: 'copied out',
      run: 'timeout 10 kubectl cp web:/tmp/f back >/dev/null && cat back',
      stdout: 'text',
    },
    {
      name: 'attach',
      run: 'echo hello | timeout 30 kubectl run talk --image=busybox:1.36 -i --restart=Never --rm --quiet -- cat',
      stdout: /hello/,
    },
    {
      name: 'debug',
      run: 'kubectl debug web --image=busybox:1.36 --container=look -- sleep 1000; kubectl get pod web -o jsonpath={.spec.ephemeralContainers[0].name}',
      stdout: /look$/,
    },
    {
      name: 'top of pods',
      run: 'kubectl top pods',
      stdout: /^NAME +CPU\(cores\) +MEMORY\(bytes\) *\n[\s\S]*web +\d+m +\d+Mi/,
      withinMs: 5000,
    },
    {
      name: 'top of nodes',
      run: 'kubectl top nodes',
      stdout: /^NAME +CPU\(cores\) +CPU(%|\(%\)) +MEMORY\(bytes\) +MEMORY(%|\(%\)) *\n/,
      withinMs: 5000,
    },
  ],
}
