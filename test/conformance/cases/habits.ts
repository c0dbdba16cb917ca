/** What people type without thinking: one small application, from its creation to its end. */
import type { CaseSet } from '../harness.ts'

/** A command in a pseudo terminal, as a person sees it. */
const typed = (line: string) => `script -qec '${line}' /dev/null < /dev/null`

export const HABITS: CaseSet = {
  name: 'habits',
  isFast: false,
  cases: [
    {
      name: 'a deployment, exposed',
      run: 'kubectl create deployment web --image=nginx:1.27 --replicas=2 --port=80 && kubectl expose deployment web --port=80 && kubectl rollout status deployment/web --timeout=30s',
      stdout:
        /deployment\.apps\/web created\nservice\/web exposed\n[\s\S]*deployment "web" successfully rolled out/,
    },
    {
      name: 'edit with an editor that edits',
      run: 'EDITOR="sed -i s/nginx:1.27/nginx:1.28/" kubectl edit deployment web && kubectl get deployment web -o jsonpath={..image}',
      stdout: 'deployment.apps/web edited\nnginx:1.28',
    },
    {
      name: 'edit with an editor that does nothing',
      run: 'EDITOR=true kubectl edit deployment web',
      stderr: 'Edit cancelled, no changes made.',
    },
    {
      name: 'undo',
      run: 'kubectl rollout undo deployment/web && kubectl get deployment web -o jsonpath={..image}',
      stdout: 'deployment.apps/web rolled back\nnginx:1.27',
    },
    {
      name: 'set env, resources, service account, selector, image',
      run: 'kubectl create serviceaccount robot && kubectl set env deployment/web A=b && kubectl set resources deployment/web --limits=cpu=200m,memory=64Mi && kubectl set serviceaccount deployment/web robot && kubectl set image deployment/web nginx=nginx:1.29 && kubectl set env deployment/web --list && kubectl rollout status deployment/web --timeout=30s',
      stdout:
        /env updated\n.*resource requirements updated\n.*serviceaccount updated\n.*image updated\n# Deployment web, container nginx\nA=b\n/,
    },
    {
      // kubectl 1.27 says `annotate` of each of several.
      name: 'label and annotate all pods',
      run: 'kubectl label pods --all tier=front && kubectl annotate pods --all note=x && kubectl get pods -l app=web -L tier',
      stdout: /( labeled\n)+[\s\S]*( annotated?\n)+NAME .* TIER\n(web-.* +front\n?)+$/,
    },
    {
      name: 'scale, but only from what it is not',
      run: 'kubectl scale deployment web --replicas=3 --current-replicas=9',
      exit: 1,
      stderr: /Expected replicas to be 9, was 2/i,
    },
    {
      name: 'logs of all its pods, with their names',
      run: 'kubectl exec deploy/web -- curl -s localhost >/dev/null && kubectl logs -l app=web --prefix --tail=5',
      stdout: /\[pod\/web-\w+-\w+\/nginx\] 127\.0\.0\.1 - - .*"GET \/ HTTP\/1\.1" 200/,
    },
    {
      name: 'a copy there and back',
      run: "P=$(kubectl get pods -l app=web -o jsonpath={.items[0].metadata.name}); seq 3 > there; kubectl cp there $P:/tmp/there && kubectl exec $P -- awk '{s += $1} END {print s}' /tmp/there && kubectl cp $P:/tmp/there back && cmp there back",
      stdout: /(^|\n)6$/,
    },
    {
      name: 'a terminal of its own',
      run: typed('kubectl exec -it deploy/web -- sh -c "tty; echo done"'),
      // Before 1.30 client-go says so (`v2.go:104] EOF`) when the command is over before it has said all it wanted.
      stdout: /\/dev\/pts\/0\r\n(E\d{4} .* EOF\r\n)*done/,
    },
    {
      name: 'a pod for one command, with its exit code',
      run: 'kubectl run once --rm -i --quiet --image=busybox:1.36 --restart=Never -- sh -c "echo hello; exit 3"',
      exit: 3,
      stdout: /hello/,
    },
    {
      name: 'attach to what is running',
      run: `kubectl run talker --image=busybox:1.36 --restart=Never -- sh -c 'for i in 1 2 3 4 5 6; do echo word $i; sleep 10; done' && kubectl wait pod/talker --for=condition=Ready --timeout=20s && kubectl attach talker`,
      stdout: /word 6/,
    },
    {
      name: 'a proxy to the API server, and through it to a service',
      run: 'kubectl proxy --port=0 > said & sleep 1; A=$(grep -o "127.0.0.1:[0-9]*" said); curl -s http://$A/api/v1/namespaces/$NS/services/web:80/proxy/; curl -s http://$A/version; kill %1',
      stdout: /Welcome to nginx![\s\S]*"minor": "33"/,
    },
    {
      name: 'replace by force',
      run: 'kubectl create configmap swap --from-literal=a=1 --dry-run=client -o yaml > swap.yaml; kubectl create -f swap.yaml && kubectl get configmap swap -o jsonpath={.metadata.uid} > one; kubectl replace --force -f swap.yaml && kubectl get configmap swap -o jsonpath={.metadata.uid} | cmp -s - one; echo $?',
      stdout: /created\nconfigmap "swap" deleted.*\nconfigmap\/swap replaced\n1$/,
    },
    {
      name: 'a Job from a CronJob',
      run: 'kubectl create cronjob tick --image=busybox:1.36 --schedule="0 0 1 1 *" -- echo tick && kubectl create job now --from=cronjob/tick && kubectl wait job/now --for=condition=complete --timeout=30s && kubectl logs job/now',
      stdout: /job\.batch\/now condition met\ntick$/,
    },
    {
      name: 'wait for a field',
      run: 'kubectl scale deployment web --replicas=3 && kubectl wait deployment/web --for=jsonpath={.status.readyReplicas}=3 --timeout=30s',
      stdout: 'deployment.apps/web scaled\ndeployment.apps/web condition met',
    },
    {
      name: 'events of one object',
      run: 'kubectl events --for deployment/web --types=Normal',
      stdout:
        /^LAST SEEN .*\n[\s\S]*ScalingReplicaSet +Deployment\/web +Scaled up replica set web-\w+ from 0 to 2/,
    },
    {
      name: 'another container looks at a pod',
      run: `kubectl debug deploy/web --image=busybox:1.36 -c looker -- sleep 1000 2>/dev/null || kubectl debug $(kubectl get pods -l app=web -o name | head -1) --image=busybox:1.36 -c looker -- sleep 1000; kubectl get pods -l app=web -o jsonpath={.items[*].spec.ephemeralContainers[*].name}`,
      stdout: /looker$/,
    },
    {
      name: 'a copy of a pod to look into',
      run: `P=$(kubectl get pods -l app=web -o jsonpath={.items[0].metadata.name}); kubectl debug $P --image=busybox:1.36 --copy-to=copy -c looker --share-processes -- sleep 1000 && kubectl wait pod/copy --for=condition=Ready --timeout=20s`,
      stdout: /pod\/copy condition met/,
    },
    {
      name: 'what would run as somebody else',
      run: 'kubectl auth can-i list pods --as=system:serviceaccount:$NS:robot; kubectl create rolebinding see --clusterrole=view --serviceaccount=$NS:robot && kubectl auth can-i list pods --as=system:serviceaccount:$NS:robot',
      stdout: /^no\n.* created\nyes$/,
    },
    {
      name: 'all of it goes',
      run: 'kubectl delete all --all --timeout=50s && kubectl get all',
      stdout: /"web" deleted/,
      stderr: 'No resources found',
    },
  ],
}
