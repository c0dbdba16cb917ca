/** Bytes both ways: commands, forwarded ports, the proxies. */
import type { CaseSet } from '../harness.ts'

/** Forwards a port of `what`, runs a line in which `$PORT` is the local one, and ends. */
const forwarded = (what: string, line: string) =>
  `rm -f pf; kubectl port-forward ${what} > pf 2> pf.err & P=$!; for i in $(seq 100); do grep -qs Forwarding pf && break; sleep 0.1; done; PORT=$(sed -n "s/.*127.0.0.1:\\([0-9]*\\) .*/\\1/p" pf); ${line}; kill $P 2>/dev/null; true`

export const STREAMS: CaseSet = {
  name: 'streams',
  isFast: true,
  cases: [
    {
      name: 'a pod',
      run: 'kubectl create deployment web --image=nginx:1.27 --port=80 >/dev/null; kubectl expose deployment web --port=8080 --target-port=80 >/dev/null; kubectl wait deployment/web --for=condition=Available --timeout=60s',
      stdout: 'deployment.apps/web condition met',
    },
    {
      name: 'what a command prints, and how it ended',
      run: 'kubectl exec deploy/web -- sh -c "echo out; echo err >&2; exit 3"',
      exit: 3,
      stdout: 'out',
      stderr: /err\n(.*\n)*command terminated with exit code 3/,
    },
    {
      name: 'what a command reads',
      run: 'printf "one\\ntwo\\n" | kubectl exec -i deploy/web -- cat',
      stdout: 'one\ntwo',
    },
    {
      name: 'many bytes, both ways',
      run: 'seq 20000 > many; kubectl exec -i deploy/web -- cat < many | cmp - many',
    },
    {
      name: 'a terminal',
      run: 'printf "hostname\\nexit\\n" | script -qec "kubectl exec -it deploy/web -- sh" /dev/null',
      stdout: /web-[a-z0-9]+-[a-z0-9]{5}\r\n/,
    },
    {
      name: 'a port of a pod, more than once',
      run: forwarded(
        'deploy/web :80',
        'for i in 1 2 3; do curl -s -m 5 http://127.0.0.1:$PORT/ | grep -c Welcome.to.nginx; done',
      ),
      stdout: '2\n2\n2',
    },
    {
      name: 'a port of a service',
      run: forwarded(
        'service/web :8080',
        'curl -s -m 5 -o /dev/null -w "%{http_code}" http://127.0.0.1:$PORT/none',
      ),
      stdout: '404',
    },
    {
      name: 'a port where nobody listens',
      run: forwarded('deploy/web :81', 'curl -s -m 5 http://127.0.0.1:$PORT/; sleep 1; cat pf.err'),
      stdout: /an error occurred forwarding \d+ -> 81: error forwarding port 81 to pod [0-9a-f]{64}/,
    },
    {
      name: 'no pod to forward to',
      run: 'kubectl port-forward pod/none :80',
      exit: 1,
      stderr: 'Error from server (NotFound): pods "none" not found',
    },
    {
      name: 'through the proxy of a pod',
      run: 'kubectl get --raw /api/v1/namespaces/$NS/pods/$(kubectl get pods -o jsonpath={.items[0].metadata.name})/proxy/',
      stdout: /Welcome to nginx/,
    },
    {
      name: 'through the proxy of a service',
      run: 'kubectl get --raw /api/v1/namespaces/$NS/services/web:8080/proxy/',
      stdout: /Welcome to nginx/,
      withinMs: 5000,
    },
    {
      name: 'a port that a service has not',
      run: 'kubectl get --raw /api/v1/namespaces/$NS/services/web:1/proxy/',
      exit: 1,
      stderr: 'Error from server (ServiceUnavailable): no service port 1 found for service "web"',
    },
    {
      name: 'a service with nobody behind it',
      run: 'kubectl create service clusterip empty --tcp=80 >/dev/null; kubectl get --raw /api/v1/namespaces/$NS/services/empty:80/proxy/',
      exit: 1,
      stderr:
        /\(ServiceUnavailable\): no endpoints available for service "empty"|endpoints "empty" not found/,
      withinMs: 3000,
    },
    {
      name: 'a port where nobody answers',
      run: 'kubectl get --raw /api/v1/namespaces/$NS/pods/$(kubectl get pods -o jsonpath={.items[0].metadata.name}):81/proxy/',
      exit: 1,
      stderr:
        /\(ServiceUnavailable\): error trying to reach service: dial tcp 10\.244\.\d+\.\d+:81: connect: connection refused/,
    },
  ],
}
