/** Deployments and their kin with controllers at work: rollout, scale, wait, events, jobs. */
import type { CaseSet } from '../harness.ts'

export const WORKLOADS: CaseSet = {
  name: 'workloads',
  isFast: false,
  cases: [
    {
      name: 'rollout',
      run: 'kubectl create deploy web --image=nginx:1.26 --replicas=3 >/dev/null; kubectl rollout status deploy/web --timeout=60s',
      stdout: /successfully rolled out$/,
    },
    {
      name: 'columns of deployments',
      run: 'kubectl get deploy web',
      stdout: /^NAME +READY +UP-TO-DATE +AVAILABLE +AGE\nweb +3\/3 +3 +3/,
    },
    {
      name: 'columns of replica sets, wide',
      run: 'kubectl get rs -o wide',
      stdout:
        /^NAME +DESIRED +CURRENT +READY +AGE +CONTAINERS +IMAGES +SELECTOR\nweb-\S+ +3 +3 +3 +\S+ +nginx +nginx:1.26 +app=web,pod-template-hash=/,
    },
    {
      name: 'columns of pods, wide',
      run: 'kubectl get pods -o wide',
      stdout:
        /^NAME +READY +STATUS +RESTARTS +AGE +IP +NODE +NOMINATED NODE +READINESS GATES\nweb-\S+ +1\/1 +Running +0 +\S+ +10\.\S+ +\S+ +<none> +<none>/,
    },
    {
      name: 'scale',
      run: 'kubectl scale deploy web --replicas=2 --current-replicas=3',
      stdout: 'deployment.apps/web scaled',
    },
    {
      name: 'scale from what it is not',
      run: 'kubectl scale deploy web --replicas=2 --current-replicas=9',
      exit: 1,
      stderr: 'Expected replicas to be 9, was 2',
    },
    {
      name: 'a new image',
      run: 'kubectl set image deploy/web nginx=nginx:1.27 >/dev/null; kubectl rollout status deploy/web --timeout=60s',
      stdout: /successfully rolled out$/,
    },
    {
      name: 'history',
      run: 'kubectl rollout history deploy/web',
      stdout: /^deployment.apps\/web \nREVISION +CHANGE-CAUSE\n1 +<none>\n2 +<none>/,
    },
    {
      name: 'undo',
      run: 'kubectl rollout undo deploy/web && kubectl rollout status deploy/web --timeout=60s >/dev/null && kubectl get deploy web -o jsonpath={.spec.template.spec.containers[0].image}',
      stdout: 'deployment.apps/web rolled back\nnginx:1.26',
    },
    {
      name: 'restart',
      run: 'kubectl rollout restart deploy/web && kubectl rollout status deploy/web --timeout=60s',
      stdout: /restarted\n[\s\S]*successfully rolled out$/,
    },
    {
      name: 'pause and resume',
      run: 'kubectl rollout pause deploy/web && kubectl rollout resume deploy/web',
      stdout: 'deployment.apps/web paused\ndeployment.apps/web resumed',
    },
    {
      name: 'wait for a condition',
      run: 'kubectl wait deploy/web --for=condition=Available --timeout=30s',
      stdout: 'deployment.apps/web condition met',
    },
    {
      name: 'wait for a value',
      run: "kubectl wait deploy/web --for=jsonpath='{.status.readyReplicas}'=2 --timeout=30s",
      stdout: 'deployment.apps/web condition met',
    },
    {
      name: 'wait too short',
      run: 'kubectl wait deploy/web --for=condition=Nothing --timeout=1s',
      exit: 1,
      stderr: 'timed out waiting for the condition',
    },
    {
      name: 'events',
      run: 'kubectl events --for deploy/web',
      stdout: /ScalingReplicaSet +Deployment\/web +Scaled up replica set web-\S+ (from 0 )?to 3/i,
    },
    {
      name: 'columns of events',
      run: 'kubectl get events',
      stdout: /^LAST SEEN +TYPE +REASON +OBJECT +MESSAGE\n/,
    },
    {
      name: 'describe a deployment',
      run: 'kubectl describe deploy web',
      stdout:
        /^Replicas: +2 desired \| 2 updated \| 2 total \| 2 available \| 0 unavailable$[\s\S]*ScalingReplicaSet/m,
    },
    {
      name: 'describe a pod',
      run: 'kubectl describe pod -l app=web',
      stdout: /^Status: +Running$[\s\S]*^QoS Class: +BestEffort$/m,
    },
    {
      name: 'a job',
      run: 'kubectl create job once --image=busybox:1.36 -- true >/dev/null; kubectl wait job/once --for=condition=Complete --timeout=60s && kubectl get job once --no-headers',
      stdout: /condition met\nonce +Complete +1\/1/,
    },
    {
      name: 'a daemon set',
      run: `echo '---\n{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: all}, spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: "nginx:1.27"}]}}}}' | kubectl create -f - >/dev/null; kubectl rollout status ds/all --timeout=60s && kubectl get ds`,
      stdout:
        /successfully rolled out\nNAME +DESIRED +CURRENT +READY +UP-TO-DATE +AVAILABLE +NODE SELECTOR +AGE\nall +3 +3 +3 +3 +3 +<none>/,
    },
    {
      name: 'a stateful set',
      run: `echo '---\n{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db}, spec: {replicas: 2, serviceName: db, selector: {matchLabels: {c: d}}, template: {metadata: {labels: {c: d}}, spec: {containers: [{name: a, image: "nginx:1.27"}]}}}}' | kubectl create -f - >/dev/null; kubectl rollout status sts/db --timeout=60s && kubectl get pod db-1 -o name`,
      stdout: /pod\/db-1$/,
    },
    {
      name: 'endpoints',
      run: 'kubectl expose deploy web --port=80 >/dev/null; kubectl get endpointslices -l kubernetes.io/service-name=web',
      stdout: /IPv4 +80 +10\.\S+,10\.\S+/,
      withinMs: 8000,
    },
  ],
}
